//! Bytes to text: UTF-8 only, a byte-order mark is accepted.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};

/// The largest file that is read.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// What a file holds, as a number. It tells accidents apart, not attacks; it is kept in private files only.
pub fn content(bytes: &[u8]) -> u64 {
    twox_hash::XxHash3_128::oneshot(bytes) as u64
}

/// The text of a file; `None` where it is no UTF-8.
pub fn decode<'b>(path: &Arc<str>, bytes: &'b [u8], diagnostics: &mut Vec<Diagnostic>) -> Option<&'b str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let at = error.valid_up_to();
            let message = format!("not UTF-8: byte {at} is 0x{:02x}", bytes.get(at).copied().unwrap_or(0));
            diagnostics.push(Diagnostic::new(Code::FILE_NOT_UTF8, message).at(path, at..at + 1, "here").help("save the file as UTF-8"));
            None
        }
    }
}

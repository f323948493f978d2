//! The syntax of the standard format file: lines of `NAME="value"` that end with CR LF.

use std::collections::BTreeMap;

use super::super::Outcome;

/// How every file begins; what follows on this line is up to its writer.
const HEAD: &str = "# Panasonic SIP Phone Standard Format File #";
/// With its end; the phone passes over a longer line in silence.
const LONGEST_LINE: usize = 537;
/// Of all files together.
pub const MOST_BYTES: usize = 120 * 1024;

pub type Settings = BTreeMap<String, String>;

pub fn read(file: &str, bytes: &[u8]) -> Outcome<Settings> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{file}: not UTF-8"))?;
    if !text.starts_with(HEAD) {
        return Err(format!("{file}: does not begin with `{HEAD}`"));
    }
    let mut settings = Settings::new();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let wrong = |what: &str| format!("{file}:{}: {what}: `{}`", at + 1, line.trim_end());
        let inner = line.strip_suffix("\r\n").ok_or_else(|| wrong("does not end with CR LF"))?;
        if line.len() > LONGEST_LINE {
            return Err(wrong("too long"));
        }
        if inner.is_empty() || inner.starts_with('#') {
            continue;
        }
        let (name, value) = parameter(inner).ok_or_else(|| wrong("no NAME=\"value\""))?;
        if settings.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(wrong("there twice"));
        }
    }
    Ok(settings)
}

/// There is no escape: a quotation mark inside the value would end it.
fn parameter(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once('=')?;
    let value = rest.strip_prefix('"')?.strip_suffix('"')?;
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    (named && !value.contains(|c: char| c == '"' || c.is_control())).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_comments_and_what_is_left_empty() {
        let text = format!("{HEAD} DO NOT CHANGE THIS LINE!\r\n\r\n# a\r\nSIP_PASS_1=\"a=#b\"\r\nVM_NUMBER_1=\"\"\r\n");
        let read = read("f", text.as_bytes()).unwrap();
        assert_eq!((read["SIP_PASS_1"].as_str(), read["VM_NUMBER_1"].as_str(), read.len()), ("a=#b", "", 2));
    }

    #[test]
    fn broken_files() {
        for (broken, because) in [
            ("A=\"1\"\r\n", "does not begin"),
            ("HEAD\nA=\"1\"\r\n", "CR LF"),
            ("HEAD\r\nA=\"1\"", "CR LF"),
            ("HEAD\r\nA=1\r\n", "f:2"),
            ("HEAD\r\na=\"1\"\r\n", "f:2"),
            ("HEAD\r\nA=\"1\"2\"\r\n", "f:2"),
            ("HEAD\r\nA=\"1\"\r\nA=\"1\"\r\n", "twice"),
        ] {
            let error = read("f", broken.replace("HEAD", HEAD).as_bytes()).unwrap_err();
            assert!(error.contains(because), "{broken:?}: {error}");
        }
        let long = format!("{HEAD}\r\nA=\"{}\"\r\n", "x".repeat(LONGEST_LINE));
        assert!(read("f", long.as_bytes()).unwrap_err().contains("too long"));
    }
}

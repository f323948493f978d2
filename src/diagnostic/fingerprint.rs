//! A name for a finding that stays when lines move, so that tools can tell a new finding from a known one.

use std::collections::BTreeMap;

use super::Diagnostic;

/// A fingerprint a finding, made of code, path and message and, among equals, of its rank; never of source text.
pub(super) fn of_all(found: &[Diagnostic]) -> Vec<String> {
    let mut seen: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    let prints = found.iter().map(|diagnostic| {
        let path = diagnostic.place().map_or("", |label| &*label.path);
        let parts = (diagnostic.code.name(), path, diagnostic.message.as_str());
        let rank = seen.entry(parts).or_default();
        *rank += 1;
        hash(&format!("{}\0{}\0{}\0{rank}", parts.0, parts.1, parts.2))
    });
    prints.collect()
}

/// FNV-1a with 128 bits: the same in every version, on every machine.
fn hash(text: &str) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = text.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn a_fingerprint_stays_when_lines_move() {
        let path: Arc<str> = "a.toml".into();
        let at = |offset| Diagnostic::new(Code::LINE_ZERO, "no").at(&path, offset..offset + 1, "");
        let before = of_all(&[at(3), at(9)]);
        assert_eq!(before, of_all(&[at(30), at(99)]));
        assert_ne!(before[0], before[1]);
    }

    #[test]
    fn the_hash_never_changes() {
        assert_eq!(hash("a"), "d228cb696f1a8caf78912b704e4a8964");
    }
}

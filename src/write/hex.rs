//! Hashes as 64 lower-case hexadecimal digits.

use serde::{Deserializer, Serializer, de};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The digits of a hash.
pub fn encode(hash: &[u8; 32]) -> String {
    text(&digits(hash)).to_owned()
}

/// The hash of these digits; upper case is none of ours.
pub fn decode(text: &str) -> Option<[u8; 32]> {
    let value = |digit: u8| DIGITS.iter().position(|known| *known == digit);
    let mut hash = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = (value(pair[0])? * 16 + value(pair[1])?) as u8;
    }
    Some(hash)
}

fn digits(hash: &[u8; 32]) -> [u8; 64] {
    let mut digits = [0; 64];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(hash) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    digits
}

fn text(digits: &[u8; 64]) -> &str {
    std::str::from_utf8(digits).expect("hexadecimal digits are ASCII")
}

pub(super) fn serialize<S: Serializer>(hash: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text(&digits(hash)))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    struct Digits;

    impl de::Visitor<'_> for Digits {
        type Value = [u8; 32];

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("64 lower-case hexadecimal digits")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<[u8; 32], E> {
            decode(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
        }
    }

    deserializer.deserialize_str(Digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_reads_back() {
        let hash: [u8; 32] = std::array::from_fn(|place| (place * 7 + 3) as u8);
        assert_eq!(decode(&encode(&hash)), Some(hash));
        assert_eq!(encode(&hash)[..6], *"030a11");
    }

    #[test]
    fn only_our_own_spelling_is_read() {
        for bad in ["", "00", &"0".repeat(63), &"0".repeat(66), &"AB".repeat(32), &"é".repeat(32)] {
            assert_eq!(decode(bad), None);
        }
    }
}

//! Characters that have no place in any text.

/// What is wrong with a text that would cross a format, a terminal or a reader's eye.
pub fn text_is_hostile(text: &str) -> Option<String> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return None;
    }
    text.chars().find_map(|character| {
        let kind = match character {
            '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "a bidirectional control character",
            '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e007f}' => "an invisible character",
            '\u{2028}' | '\u{2029}' => "a line separator",
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => "a private-use character",
            '\u{fdd0}'..='\u{fdef}' => "a character that Unicode forbids",
            _ if character as u32 & 0xfffe == 0xfffe => "a character that Unicode forbids",
            _ if character.is_control() => "a control character",
            _ => return None,
        };
        Some(format!("{kind}, U+{:04X}, in a text", character as u32))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_named() {
        assert_eq!(text_is_hostile("Zoë & Söhne 株式会社"), None);
        assert!(text_is_hostile("a\nb").unwrap().contains("U+000A"));
        assert!(text_is_hostile("a\u{202e}b").unwrap().contains("bidirectional"));
    }
}

//! Text of unknown origin, made harmless for people to look at.

use std::borrow::Cow;

/// Whether a character cannot be seen, or drives a terminal or the direction of writing.
pub(super) fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || c as u32 & 0xfffe == 0xfffe
}

/// The text on one line, with hidden characters spelled out: `\n`, `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    spell(text, hidden)
}

/// As [`visible`], but line breaks stay.
pub(super) fn visible_lines(text: &str) -> Cow<'_, str> {
    spell(text, |c| c != '\n' && hidden(c))
}

fn spell(text: &str, unwanted: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&unwanted) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match unwanted(c) {
            true => out.extend(c.escape_default()),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// One visible character in the place of a hidden one, so that columns stay; tabs stay tabs.
pub(super) fn picture(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('�'),
        '\u{7f}' => '␡',
        _ if hidden(c) => '�',
        _ => c,
    }
}

/// A star as wide as the character that it covers.
pub(super) fn cover(c: char) -> char {
    match c {
        '\t' => c,
        _ if wide(c) => '＊',
        _ => '*',
    }
}

/// Whether a terminal gives the character two columns (the blocks of UAX #11 that matter).
fn wide(c: char) -> bool {
    matches!(c as u32,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0x33ff | 0x3400..=0x4dbf | 0x4e00..=0xa4cf
        | 0xa960..=0xa97f | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff01..=0xff60
        | 0xffe0..=0xffe6 | 0x1f300..=0x1f64f | 0x1f680..=0x1f6ff | 0x1f900..=0x1f9ff | 0x20000..=0x3fffd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_spelled_out() {
        assert_eq!(visible("Söhne & 日本"), "Söhne & 日本");
        assert_eq!(visible("a\x1b[2Jb\r\n\u{202e}c\u{9b}"), r"a\u{1b}[2Jb\r\n\u{202e}c\u{9b}");
        assert_eq!(visible_lines("a\nb\tc"), "a\nb\\tc");
    }

    #[test]
    fn a_picture_keeps_the_column() {
        let line: String = "a\tb\x1b\u{202e}\u{9b}\u{7f}".chars().map(picture).collect();
        assert_eq!(line, "a\tb␛��␡");
    }

    #[test]
    fn stars_are_as_wide_as_what_they_cover() {
        assert_eq!("aé日\t🔑".chars().map(cover).collect::<String>(), "**＊\t＊");
    }
}

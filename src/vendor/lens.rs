//! Lenses: text with holes that is written and read by the same pattern.
//!
//! `{path|codec}` is a hole, `[…]` an optional group that is left out when a hole of it is unset, `\x` the character itself.

use super::codec::{Codec, read_all, write_all};

/// What a hole refers to.
pub trait Hole: Clone + PartialEq {
    /// Whether a canonical text can be its value; tells parts apart when a text is read.
    fn accepts(&self, text: &str) -> bool;
}

/// A piece of a pattern. `H` is what a hole refers to.
#[derive(Clone, Debug)]
pub enum Piece<H> {
    /// Fixed text.
    Literal(String),
    /// A value.
    Hole(H, Vec<Codec>),
    /// Pieces that are there together or not at all.
    Optional(Vec<Piece<H>>),
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Lens<H> {
    pieces: Vec<Piece<H>>,
    ambiguous: bool,
}

/// What became of a lens.
#[derive(Debug, PartialEq)]
pub enum Written {
    /// The text was appended.
    Text,
    /// A hole outside any group is unset: there is nothing to write.
    Nothing,
}

impl<H: Hole> Lens<H> {
    /// Compiles a pattern. `hole` turns a path into what it refers to, `codec` a name into a codec.
    pub fn parse(text: &str, hole: &dyn Fn(&str) -> Result<H, String>, codec: &dyn Fn(&str) -> Option<Codec>) -> Result<Lens<H>, String> {
        let mut parser = Parser { rest: text.chars().peekable(), hole, codec };
        let pieces = parser.pieces(None)?;
        let ambiguous = count_holes(&pieces) > 1 || pieces.iter().any(|piece| matches!(piece, Piece::Optional(_)));
        Ok(Lens { pieces, ambiguous })
    }

    /// What the holes refer to, in their order.
    pub fn holes(&self) -> Vec<&H> {
        let mut holes = Vec::new();
        collect(&self.pieces, &mut holes);
        holes
    }

    /// The codecs of the first hole that is meant.
    pub fn codecs(&self, meant: &dyn Fn(&H) -> bool) -> Option<&[Codec]> {
        first_codecs(&self.pieces, meant)
    }

    /// Appends the text. `value` appends a hole's canonical text and says whether there is one.
    /// The error says why the values have no spelling that reads back.
    pub fn write(&self, value: &mut dyn FnMut(&H, &mut String) -> bool, forbid: &str, out: &mut String) -> Result<Written, String> {
        let start = out.len();
        let mut held = Vec::new();
        if !write_pieces(&self.pieces, value, forbid, out, &mut held)? {
            out.truncate(start);
            return Ok(Written::Nothing);
        }
        if self.ambiguous && !self.reads_back(&out[start..], &held) {
            return Err("the parts of the value cannot be told apart when it is read back".to_owned());
        }
        Ok(Written::Text)
    }

    fn reads_back(&self, text: &str, held: &[(H, String)]) -> bool {
        self.read(text).is_some_and(|found| {
            found.len() == held.len() && found.iter().zip(held).all(|((hole, text), (own, value))| hole == own && text == value)
        })
    }

    /// The holes' texts as the file spells them turned back to canonical ones; `None` where the text is not of this pattern.
    pub fn read(&self, text: &str) -> Option<Vec<(H, String)>> {
        let mut found = Vec::new();
        let flat: Vec<&Piece<H>> = self.pieces.iter().collect();
        read_pieces(&flat, text, &mut found).then_some(found)
    }
}

/// Refuses a text with one of the characters that end the value for the phone. The error names it.
pub fn allowed(text: &str, forbid: &str) -> Result<(), String> {
    // Every value comes by here, and most rows forbid nothing.
    if forbid.is_empty() {
        return Ok(());
    }
    match text.chars().find(|character| forbid.contains(*character)) {
        Some(bad) => Err(format!("it holds `{}`, which ends the value for this phone", bad.escape_debug())),
        None => Ok(()),
    }
}

/// What a map spells nobody else wrote, and it may end the value on purpose.
fn is_word_of_the_pack(codecs: &[Codec], spelled: &str) -> bool {
    matches!(codecs.last(), Some(Codec::Map(map)) if map.entries().iter().any(|(_, word)| word == spelled))
}

fn first_codecs<'l, H>(pieces: &'l [Piece<H>], meant: &dyn Fn(&H) -> bool) -> Option<&'l [Codec]> {
    pieces.iter().find_map(|piece| match piece {
        Piece::Hole(hole, codecs) if meant(hole) => Some(codecs.as_slice()),
        Piece::Optional(inner) => first_codecs(inner, meant),
        Piece::Literal(_) | Piece::Hole(..) => None,
    })
}

fn count_holes<H>(pieces: &[Piece<H>]) -> usize {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(_) => 0,
            Piece::Hole(..) => 1,
            Piece::Optional(inner) => count_holes(inner),
        })
        .sum()
}

fn collect<'l, H>(pieces: &'l [Piece<H>], holes: &mut Vec<&'l H>) {
    for piece in pieces {
        match piece {
            Piece::Literal(_) => {}
            Piece::Hole(hole, _) => holes.push(hole),
            Piece::Optional(inner) => collect(inner, holes),
        }
    }
}

type Value<'v, H> = &'v mut dyn FnMut(&H, &mut String) -> bool;

/// Appends the pieces; false where a hole is unset.
fn write_pieces<H: Clone>(
    pieces: &[Piece<H>],
    value: Value<'_, H>,
    forbid: &str,
    out: &mut String,
    held: &mut Vec<(H, String)>,
) -> Result<bool, String> {
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Hole(hole, codecs) => {
                let mut text = String::new();
                if !value(hole, &mut text) || text.is_empty() {
                    return Ok(false);
                }
                let spelled = write_all(codecs, &text)?;
                if !is_word_of_the_pack(codecs, &spelled) {
                    allowed(&spelled, forbid)?;
                }
                out.push_str(&spelled);
                let back = read_all(codecs, &spelled).unwrap_or(text);
                held.push((hole.clone(), back));
            }
            Piece::Optional(inner) => {
                let (length, count) = (out.len(), held.len());
                if !write_pieces(inner, value, forbid, out, held)? {
                    out.truncate(length);
                    held.truncate(count);
                }
            }
        }
    }
    Ok(true)
}

/// Matches pieces against the whole text, the shortest holes first.
fn read_pieces<H: Hole>(pieces: &[&Piece<H>], text: &str, found: &mut Vec<(H, String)>) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    match first {
        Piece::Literal(literal) => text.strip_prefix(literal.as_str()).is_some_and(|left| read_pieces(rest, left, found)),
        Piece::Hole(hole, codecs) => {
            // Nothing can stand for a value only where a codec says so.
            let empty = (!codecs.is_empty()).then_some(0);
            let ends = empty.into_iter().chain(text.char_indices().map(|(at, character)| at + character.len_utf8()));
            for end in ends {
                if rest.is_empty() && end != text.len() {
                    continue;
                }
                let Some(value) = read_all(codecs, &text[..end]).filter(|value| hole.accepts(value)) else { continue };
                let count = found.len();
                found.push((hole.clone(), value));
                if read_pieces(rest, &text[end..], found) {
                    return true;
                }
                found.truncate(count);
            }
            false
        }
        Piece::Optional(inner) => {
            let with: Vec<&Piece<H>> = inner.iter().chain(rest.iter().copied()).collect();
            let count = found.len();
            if read_pieces(&with, text, found) {
                return true;
            }
            found.truncate(count);
            read_pieces(rest, text, found)
        }
    }
}

struct Parser<'p, H> {
    rest: std::iter::Peekable<std::str::Chars<'p>>,
    hole: &'p dyn Fn(&str) -> Result<H, String>,
    codec: &'p dyn Fn(&str) -> Option<Codec>,
}

impl<H> Parser<'_, H> {
    fn pieces(&mut self, until: Option<char>) -> Result<Vec<Piece<H>>, String> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        loop {
            let next = self.rest.next();
            if next == until {
                break;
            }
            match next {
                None => return Err("a `[` is not closed".to_owned()),
                Some('\\') => literal.push(self.rest.next().ok_or("a pattern ends in a backslash")?),
                Some('{') => {
                    flush(&mut literal, &mut pieces);
                    pieces.push(self.hole()?);
                }
                Some('[') => {
                    flush(&mut literal, &mut pieces);
                    pieces.push(Piece::Optional(self.pieces(Some(']'))?));
                }
                Some(character) => literal.push(character),
            }
        }
        flush(&mut literal, &mut pieces);
        Ok(pieces)
    }

    fn hole(&mut self) -> Result<Piece<H>, String> {
        let mut inner = String::new();
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(character) => inner.push(character),
                None => return Err("a `{` is not closed".to_owned()),
            }
        }
        let mut parts = inner.split('|');
        let hole = (self.hole)(parts.next().unwrap_or_default())?;
        let codecs = parts.map(|name| (self.codec)(name).ok_or_else(|| format!("there is no codec or map `{name}`")));
        Ok(Piece::Hole(hole, codecs.collect::<Result<_, _>>()?))
    }
}

fn flush<H>(literal: &mut String, pieces: &mut Vec<Piece<H>>) {
    if !literal.is_empty() {
        pieces.push(Piece::Literal(std::mem::take(literal)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Hole for String {
        fn accepts(&self, text: &str) -> bool {
            match self.as_str() {
                "port" => text.bytes().all(|byte| byte.is_ascii_digit()),
                "path" => text.starts_with('/'),
                _ => true,
            }
        }
    }

    fn lens(text: &str) -> Lens<String> {
        Lens::parse(text, &|path| Ok(path.to_owned()), &|name| Codec::find(name, |_| None)).unwrap()
    }

    fn write(text: &str, values: &[(&str, &str)]) -> Result<Option<String>, String> {
        let mut out = String::new();
        let mut value =
            |hole: &String, out: &mut String| values.iter().find(|(name, _)| name == hole).map(|(_, value)| out.push_str(value)).is_some();
        lens(text).write(&mut value, ";", &mut out).map(|written| (written == Written::Text).then_some(out))
    }

    const IDENTITY: &str = "[\"{name}\" ]<sip:{user}@{domain}[:{port}]>";

    #[test]
    fn optional_groups_come_and_go() {
        let all = [("name", "Ann"), ("user", "101"), ("domain", "a.example"), ("port", "5060")];
        assert_eq!(write(IDENTITY, &all), Ok(Some("\"Ann\" <sip:101@a.example:5060>".to_owned())));
        assert_eq!(write(IDENTITY, &all[1..3]), Ok(Some("<sip:101@a.example>".to_owned())));
        assert_eq!(write(IDENTITY, &all[..1]), Ok(None));
    }

    #[test]
    fn what_is_written_is_read() {
        let found = lens(IDENTITY).read("\"Ann\" <sip:101@a.example:5060>").unwrap();
        let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["Ann", "101", "a.example", "5060"]);
        assert_eq!(lens("{a}:{b|min}").read("x:2"), Some(vec![("a".to_owned(), "x".to_owned()), ("b".to_owned(), "120".to_owned())]));
    }

    #[test]
    fn parts_without_a_literal_between_them_are_told_apart_by_their_kind() {
        let found = lens("{host}[:{port}][{path}]").read("prov.example.net/a/").unwrap();
        assert_eq!(found[0].1, "prov.example.net");
        assert_eq!(found[1].1, "/a/");
    }

    #[test]
    fn a_delimiter_in_a_value_is_refused() {
        assert!(write("{host}[:{port}]", &[("host", "2001:db8::1")]).is_err());
        assert!(write("{user};{password}", &[("user", "a"), ("password", "b;c")]).unwrap_err().contains("ends the value"));
        assert!(write("\"{name}\" <{user}>", &[("name", "a\" <b"), ("user", "c")]).is_err());
    }
}

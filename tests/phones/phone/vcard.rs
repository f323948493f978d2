//! vCard 4.0, read as strictly as the strictest client: one bad line refuses the whole file.

use super::Outcome;
use super::report::{Entry, Number};

pub fn parse(file: &str, bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{file}: not UTF-8"))?;
    let mut entries = Vec::new();
    let mut open: Option<Card> = None;
    for line in unfolded(text) {
        let (head, value) = line.split_once(':').ok_or_else(|| format!("{file}: `{line}` is no property"))?;
        let (property, parameters) = head.split_once(';').unwrap_or((head, ""));
        match (property, &mut open) {
            ("BEGIN", None) if value == "VCARD" => open = Some(Card::default()),
            ("END", Some(_)) if value == "VCARD" => {
                entries.push(open.take().unwrap_or_default().close().map_err(|error| format!("{file}: {error}"))?);
            }
            (_, Some(card)) => card.read(property, parameters, value).map_err(|error| format!("{file}: {error}"))?,
            _ => return Err(format!("{file}: `{line}` outside a card")),
        }
    }
    match open {
        None => Ok(entries),
        Some(_) => Err(format!("{file}: torn, the last card does not end")),
    }
}

#[derive(Default)]
struct Card {
    version: bool,
    entry: Entry,
}

impl Card {
    fn read(&mut self, property: &str, parameters: &str, value: &str) -> Outcome<()> {
        match property {
            "VERSION" if value == "4.0" => self.version = true,
            "VERSION" => return Err(format!("version {value} is not 4.0")),
            "FN" => self.entry.name = single(value)?,
            "TEL" => self.entry.numbers.push(Number { kind: kind(parameters), number: telephone(value)? }),
            "IMPP" => self.entry.numbers.push(Number { kind: None, number: telephone(value)? }),
            "CATEGORIES" => self.entry.group = Some(single(value)?),
            "BEGIN" | "END" => return Err(format!("{property}:{value} inside a card")),
            _ => {}
        }
        Ok(())
    }

    fn close(self) -> Outcome<Entry> {
        match self {
            Card { version: false, .. } => Err("a card without VERSION".into()),
            Card { entry, .. } if entry.name.is_empty() => Err("a card without FN".into()),
            Card { entry, .. } => Ok(entry),
        }
    }
}

/// Lines, with those that begin with white space joined to the one before.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// One text value; a bare comma would begin a second one.
fn single(value: &str) -> Outcome<String> {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            ',' | ';' => return Err(format!("unescaped `{character}` in `{value}`")),
            '\\' => text.push(match characters.next() {
                Some('n' | 'N') => '\n',
                Some(escaped @ (',' | ';' | '\\')) => escaped,
                _ => return Err(format!("bad escape in `{value}`")),
            }),
            other => text.push(other),
        }
    }
    Ok(text)
}

fn telephone(value: &str) -> Outcome<String> {
    let number = value.strip_prefix("tel:").or_else(|| value.strip_prefix("sip:")).unwrap_or(value);
    single(number)
}

fn kind(parameters: &str) -> Option<&'static str> {
    let types = parameters.split(';').find_map(|parameter| parameter.strip_prefix("TYPE="))?.trim_matches('"').to_ascii_lowercase();
    types.split(',').find_map(|kind| match kind {
        "work" => Some("work"),
        "home" => Some("home"),
        "cell" => Some("mobile"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &str =
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jones \\, Söhne\r\nTEL;VALUE=uri;TYPE=\"voice,cell\":tel:+4917\r\n 1\r\nEND:VCARD\r\n";

    #[test]
    fn a_folded_card() {
        let entries = parse("c.vcf", CARD.as_bytes()).unwrap();
        assert_eq!(entries[0].name, "Jones , Söhne");
        assert_eq!(entries[0].numbers, [Number { kind: Some("mobile"), number: "+49171".into() }]);
    }

    #[test]
    fn one_bad_card_refuses_the_file() {
        for (from, to) in [("\\,", ","), ("4.0", "3.0"), ("END:VCARD\r\n", ""), ("VERSION:4.0\r\n", ""), ("FN:Jones \\, Söhne\r\n", "")] {
            assert!(parse("c.vcf", CARD.replace(from, to).as_bytes()).is_err(), "{from} → {to}");
        }
    }
}

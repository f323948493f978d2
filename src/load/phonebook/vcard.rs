//! `phonebook.vcf`: vCard 2.1, 3.0 and 4.0, as address books export them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use calcard::vcard::{VCard, VCardEntry, VCardParameterName, VCardParameterValue, VCardProperty, VCardType, VCardValue};
use calcard::{Entry, Parser};

use super::cards::{Card, Line, cards, head_of, lines};
use super::draft::{Cell, Draft, quoted};
use super::{Located, are_too_many};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::phonebook::{Contact, NumberKind};

const VERSIONS: [&str; 3] = ["2.1", "3.0", "4.0"];

/// Reads a contact a card.
pub(super) fn read(path: &Arc<str>, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Located<Contact>> {
    let lines = lines(text);
    let opening = lines.iter().filter(|line| line.opens_card(text)).map(|line| line.span.clone());
    if are_too_many(opening, path, diagnostics) {
        return Vec::new();
    }
    let mut report = |severity: Severity, place: Range<usize>, message: String| {
        let finding = Diagnostic::new(Code::PHONEBOOK_BAD_VCARD, message).at(path, place, "");
        diagnostics.push(Diagnostic { severity, ..finding });
    };
    let cards = cards(text, lines, &mut report);
    let drafts: Vec<Draft> = cards.into_iter().filter_map(|card| draft(text, &card, &mut report)).collect();
    drafts.into_iter().filter_map(|draft| draft.finish(path, Code::PHONEBOOK_BAD_VCARD, diagnostics)).collect()
}

fn draft(text: &str, card: &Card, report: &mut impl FnMut(Severity, Range<usize>, String)) -> Option<Draft> {
    let (Some(first), Some(last)) = (card.first(), card.last()) else {
        return None;
    };
    let whole = &text[first.span.start..last.span.end];
    let parsed = match Parser::new(whole).strict().entry() {
        Entry::VCard(parsed) => parsed,
        Entry::InvalidLine(line) => {
            let place = card.iter().find(|known| text[known.span.clone()].contains(line.trim()));
            let place = place.unwrap_or(first).span.clone();
            report(Severity::Error, place, format!("{} is no line of a vCard", quoted(line.trim())));
            return None;
        }
        _ => {
            report(Severity::Error, first.span.clone(), "the card cannot be read".to_owned());
            return None;
        }
    };
    if let Some(place) = lost_part(card, &parsed) {
        report(Severity::Error, place, "the card cannot be read to its end".to_owned());
        return None;
    }
    if !has_known_version(&parsed) {
        let place = card.iter().find(|line| line.name == "VERSION").unwrap_or(first).span.clone();
        report(Severity::Error, place, format!("the card must be of version {}", VERSIONS.join(", ")));
        return None;
    }
    let mut draft = Draft { span: first.span.clone(), ..Draft::default() };
    let mut places = Places::of(text, card);
    for entry in &parsed.entries {
        let place = places.next(entry, first);
        let cell = |text: String| Cell { text, span: place.span.clone() };
        let value = |index: usize| entry.values.get(index).map(|value| place.text(value)).unwrap_or_default();
        match entry.name {
            VCardProperty::Fn if draft.name.text.is_empty() => draft.name = cell(value(0)),
            VCardProperty::N if draft.first.text.is_empty() && draft.last.text.is_empty() => {
                draft.last = cell(value(0));
                draft.first = cell(value(1));
            }
            VCardProperty::Org if draft.company.text.is_empty() => draft.company = cell(value(0)),
            VCardProperty::Categories => {
                let names: Vec<String> = entry.values.iter().map(|value| place.text(value)).collect();
                let mut names = names.into_iter().filter(|name| !name.trim().is_empty());
                if draft.group.text.is_empty() {
                    draft.group = cell(names.next().unwrap_or_default());
                }
                if names.next().is_some_and(|second| second != draft.group.text) {
                    let message = format!("a contact is in one group, this one in {}", quoted(&draft.group.text));
                    report(Severity::Note, place.span.clone(), message);
                }
            }
            VCardProperty::Tel => draft.numbers.push((kind_of(entry), cell(without_scheme(value(0))))),
            _ => {}
        }
    }
    Some(draft)
}

/// Where the parser stopped early or took lines together, so that numbers would be lost.
fn lost_part(card: &Card, parsed: &VCard) -> Option<Range<usize>> {
    let inner = card.get(1..card.len().saturating_sub(1)).unwrap_or_default();
    let nested = inner.iter().find(|line| ["BEGIN", "END"].contains(&line.name.as_str()));
    let written: Vec<&Line> = inner.iter().filter(|line| line.name == "TEL").collect();
    let read = parsed.entries.iter().filter(|entry| entry.name == VCardProperty::Tel).count();
    let lost = (written.len() != read).then(|| written.last().copied().or(card.first())).flatten();
    nested.or(lost).map(|line| line.span.clone())
}

fn has_known_version(card: &VCard) -> bool {
    let version = card.entries.iter().find(|entry| entry.name == VCardProperty::Version);
    let text = version.and_then(|entry| entry.values.first()).and_then(VCardValue::as_text);
    text.is_some_and(|text| VERSIONS.contains(&text.trim()))
}

/// Where the properties of a card stand: the n-th of a name is the n-th line of that name.
struct Places<'a> {
    lines: BTreeMap<&'a str, std::vec::IntoIter<Place>>,
}

/// A property's line, and whether its text may be Unicode taken for Latin-1.
#[derive(Clone)]
struct Place {
    span: Range<usize>,
    is_charset_guessed: bool,
}

impl<'a> Places<'a> {
    fn of(text: &str, card: &'a Card) -> Places<'a> {
        let mut lines: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
        for line in card {
            let raw = &text[line.span.clone()];
            let is_charset_guessed = line.is_quoted_printable && !head_of(raw).to_ascii_uppercase().contains("CHARSET");
            lines.entry(&line.name).or_default().push(Place { span: line.span.clone(), is_charset_guessed });
        }
        Places { lines: lines.into_iter().map(|(name, places)| (name, places.into_iter())).collect() }
    }

    fn next(&mut self, entry: &VCardEntry, otherwise: &Line) -> Place {
        let place = self.lines.get_mut(entry.name.as_str()).and_then(Iterator::next);
        place.unwrap_or_else(|| Place { span: otherwise.span.clone(), is_charset_guessed: false })
    }
}

impl Place {
    /// The text of a value; the parts of a component are joined by spaces.
    fn text(&self, value: &VCardValue) -> String {
        let text = match value {
            VCardValue::Text(text) => text.clone(),
            VCardValue::Component(parts) => parts.join(" "),
            other => other.as_text().unwrap_or_default().to_owned(),
        };
        if self.is_charset_guessed { unicode_of_latin(&text).unwrap_or(text) } else { text }
    }
}

/// Quoted-printable without a charset is read as Latin-1, and mostly is UTF-8.
fn unicode_of_latin(text: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    String::from_utf8(bytes?).ok()
}

/// `tel:` says only that it is a number.
fn without_scheme(text: String) -> String {
    let text = text.trim();
    let scheme = text.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("tel:"));
    scheme.map_or(text, |scheme| &text[scheme.len()..]).to_owned()
}

/// Fax and mobile say more than work and home.
fn kind_of(entry: &VCardEntry) -> NumberKind {
    let kinds = entry.params.iter().filter(|param| param.name == VCardParameterName::Type);
    let kinds = kinds.filter_map(|param| match &param.value {
        VCardParameterValue::Type(VCardType::Fax) => Some((0, NumberKind::Fax)),
        VCardParameterValue::Type(VCardType::Cell) => Some((1, NumberKind::Mobile)),
        VCardParameterValue::Type(VCardType::Home) => Some((2, NumberKind::Home)),
        VCardParameterValue::Type(VCardType::Work | VCardType::MainNumber) => Some((3, NumberKind::Work)),
        VCardParameterValue::Type(VCardType::Voice | VCardType::Text) => None,
        VCardParameterValue::Type(_) => Some((4, NumberKind::Other)),
        VCardParameterValue::Text(text) => match text.to_ascii_uppercase().as_str() {
            "MOBILE" => Some((1, NumberKind::Mobile)),
            "PREF" | "INTERNET" => None,
            _ => Some((4, NumberKind::Other)),
        },
        _ => None,
    });
    kinds.min_by_key(|(rank, _)| *rank).map_or(NumberKind::Work, |(_, kind)| kind)
}

//! The cards of a vCard file and their lines, with places that the parser does not tell.

use std::ops::Range;

use super::draft::quoted;
use crate::diagnostic::Severity;

/// A logical line: physical ones that are folded belong together.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// In upper case, without group and parameters.
    pub(super) name: String,
    pub(super) span: Range<usize>,
    /// Whether its value is written in quoted-printable.
    pub(super) is_quoted_printable: bool,
}

impl Line {
    /// Whether a card begins here.
    pub(super) fn opens_card(&self, text: &str) -> bool {
        self.name == "BEGIN" && self.is_of_card(text)
    }

    fn closes_card(&self, text: &str) -> bool {
        self.name == "END" && self.is_of_card(text)
    }

    fn is_of_card(&self, text: &str) -> bool {
        value_of(&text[self.span.clone()]).trim().eq_ignore_ascii_case("VCARD")
    }
}

/// The lines from BEGIN to END, both included.
pub(super) type Card = Vec<Line>;

/// The cards, with what is wrong between them reported.
pub(super) fn cards(text: &str, lines: Vec<Line>, report: &mut impl FnMut(Severity, Range<usize>, String)) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    let mut open: Option<Card> = None;
    let mut stray: Option<Range<usize>> = None;
    let mut unclosed = Vec::new();
    let mut strays = Vec::new();
    for line in lines {
        if line.opens_card(text) {
            unclosed.extend(open.replace(vec![line]));
            strays.extend(stray.take());
        } else if let Some(mut card) = open.take() {
            let is_closed = line.closes_card(text);
            card.push(line);
            if is_closed { cards.push(card) } else { open = Some(card) }
        } else {
            let start = stray.map_or(line.span.start, |stray| stray.start);
            stray = Some(start..line.span.end);
        }
    }
    unclosed.extend(open);
    strays.extend(stray);
    for card in unclosed {
        let place = card.first().map_or(0..0, |line| line.span.clone());
        report(Severity::Error, place, "the card is not closed by `END:VCARD`".to_owned());
    }
    for stray in strays {
        let message = format!("{} stands outside of a card", quoted(&text[stray.clone()]));
        report(Severity::Error, stray, message);
    }
    cards
}

/// The logical lines that are not blank.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    for physical in text[at..].split_inclusive('\n') {
        let span = at..at + physical.trim_end_matches(['\r', '\n']).len();
        at += physical.len();
        match lines.last_mut() {
            Some(last) if is_continued(last, text, physical) => last.span.end = span.end,
            _ if text[span.clone()].trim().is_empty() => {}
            _ => lines.push(line(text, span)),
        }
    }
    lines
}

/// Whether the next physical line belongs to this one: folded by a space, or by `=` in quoted-printable.
fn is_continued(line: &Line, text: &str, next: &str) -> bool {
    let is_folded = next.starts_with([' ', '\t']) && !next.trim().is_empty();
    is_folded || line.is_quoted_printable && text[line.span.clone()].ends_with('=')
}

fn line(text: &str, span: Range<usize>) -> Line {
    let raw = &text[span.clone()];
    let is_quoted_printable = head_of(raw).to_ascii_uppercase().contains("QUOTED-PRINTABLE");
    Line { name: name_of(raw), span, is_quoted_printable }
}

/// What stands before the value.
pub(super) fn head_of(line: &str) -> &str {
    line.split(':').next().unwrap_or(line)
}

fn value_of(line: &str) -> &str {
    line.split_once(':').map_or("", |(_, value)| value)
}

fn name_of(line: &str) -> String {
    let head = head_of(line).split(';').next().unwrap_or_default();
    head.rsplit('.').next().unwrap_or(head).trim().to_ascii_uppercase()
}

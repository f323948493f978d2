//! A contact as it was written, on its way to one that phones can use.

use std::ops::Range;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::Located;
use super::number::dialable;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Suggest;
use crate::model::phonebook::{Contact, Number, NumberKind};

/// Most characters of a text.
pub(super) const MAX_CHARS: usize = 128;
/// Most characters of a text that a message repeats.
const MAX_QUOTED: usize = 40;

/// A text and where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// What a file says of a contact; what is not said is empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) span: Range<usize>,
    pub(super) name: Cell,
    pub(super) first: Cell,
    pub(super) last: Cell,
    pub(super) company: Cell,
    pub(super) group: Cell,
    pub(super) extension: Cell,
    pub(super) numbers: Vec<(NumberKind, Cell)>,
    /// Something of it was wrong and has been reported.
    pub(super) is_broken: bool,
}

impl Draft {
    /// Whether nothing is said.
    pub(super) fn is_blank(&self) -> bool {
        let texts = [&self.name, &self.first, &self.last, &self.company, &self.group, &self.extension];
        texts.into_iter().chain(self.numbers.iter().map(|(_, cell)| cell)).all(|cell| cell.text.trim().is_empty())
    }

    /// The contact, if all is right with it and it can be called.
    pub(super) fn finish(self, path: &Arc<str>, nameless: Code, diagnostics: &mut Vec<Diagnostic>) -> Option<Located<Contact>> {
        let before = diagnostics.len();
        let mut reader = Reader { path, diagnostics };
        let first = reader.text("first name", &self.first);
        let last = reader.text("last name", &self.last);
        let company = reader.text("company", &self.company);
        let group = reader.text("group", &self.group);
        let name = reader.text("name", &self.name);
        let extension = reader.number(&self.extension);
        let mut numbers: Vec<Number> = Vec::new();
        let own = extension.iter().cloned().map(|number| (NumberKind::Work, number));
        let others = self.numbers.iter().filter_map(|(kind, cell)| Some((*kind, reader.number(cell)?)));
        for (kind, number) in own.chain(others).collect::<Vec<_>>() {
            let number = Number { kind, number };
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        if self.is_broken || diagnostics.len() > before {
            return None;
        }
        let name = shown(name, &first, &last, &company);
        if name.is_empty() {
            let finding = Diagnostic::new(nameless, "the contact has no name");
            diagnostics.push(finding.at(path, self.span, "").help("give it a name, a first or last name, or a company"));
            return None;
        }
        if numbers.is_empty() {
            let message = format!("{} has no number and is left out", quoted(&name));
            let finding = Diagnostic::new(Code::PHONEBOOK_CONTACT_WITHOUT_NUMBER, message);
            diagnostics.push(finding.at(path, self.span, "").help("give it a number, or remove it"));
            return None;
        }
        let group = Some(group).filter(|group| !group.is_empty());
        let value = Contact { name, first, last, company, group, group_id: None, numbers, extension };
        Some(Located { value, path: path.clone(), span: self.span })
    }
}

/// The name, or what stands for it.
fn shown(name: String, first: &str, last: &str, company: &str) -> String {
    if !name.is_empty() {
        return name;
    }
    let whole = format!("{first} {last}");
    let whole = whole.trim();
    if whole.is_empty() { company } else { whole }.to_owned()
}

/// Checks what it reads.
struct Reader<'a> {
    path: &'a Arc<str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The text in Unicode's composed form; empty where it is wrong.
    fn text(&mut self, what: &str, cell: &Cell) -> String {
        let text: String = cell.text.trim_matches(' ').nfc().collect();
        if let Some(hostile) = text.chars().find(|character| is_hostile(*character)) {
            let kind = if hostile.is_control() { "control" } else { "invisible" };
            let message = format!("the {what} holds the {kind} character U+{:04X}", u32::from(hostile));
            self.report(Code::TEXT_HOSTILE, message, cell, "remove the character");
        } else if text.chars().count() > MAX_CHARS {
            let message = format!("the {what} is longer than {MAX_CHARS} characters");
            self.report(Code::VALUE_TOO_LONG, message, cell, "shorten it; most phones show 20 to 40 characters");
        } else {
            return text;
        }
        String::new()
    }

    /// The number as it is dialled; nothing where there is none or it is wrong.
    fn number(&mut self, cell: &Cell) -> Option<String> {
        let text = self.text("number", cell);
        if text.is_empty() {
            return None;
        }
        match dialable(&text) {
            Ok(number) => Some(number),
            Err(why) => {
                let message = format!("the number {} cannot be dialled: {}", quoted(&text), why.reason());
                self.report(Code::VALUE_INVALID, message, cell, why.help());
                None
            }
        }
    }

    fn report(&mut self, code: Code, message: String, cell: &Cell, help: &str) {
        self.diagnostics.push(Diagnostic::new(code, message).at(self.path, cell.span.clone(), "").help(help));
    }
}

/// The text as a message repeats it.
pub(super) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(MAX_QUOTED).collect();
    let rest = if short.len() < text.len() { "…" } else { "" };
    format!("`{}{rest}`", short.escape_debug())
}

/// The nearest of the known names, or all of them.
pub(super) fn did_you_mean(written: &str, known: &[&str]) -> String {
    match Suggest::among(known.iter().copied()).closest(written) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known are {}", known.join(", ")),
    }
}

/// Characters that break lines or files, or turn text round so that it shows something else than it says.
fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || u32::from(character) & 0xfffe == 0xfffe
        || matches!(character, '\u{fdd0}'..='\u{fdef}' | '\u{feff}')
}

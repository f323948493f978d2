//! `phonebook.toml`.

use std::borrow::Cow;
use std::sync::Arc;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::draft::{Cell, Draft, MAX_CHARS, did_you_mean, quoted};
use super::{Located, are_too_many};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::phonebook::{Contact, NumberKind};
use crate::settings::{Field, Takes, words};

/// phonebook.toml
pub const PHONEBOOK: &[Field] = &[Field::new("contact", Takes::Rows(CONTACT, &NAMES), "Somebody who can be called")];

/// `[[contact]]`
pub const CONTACT: &[Field] = &[
    Field::new("name", Takes::Text(MAX_CHARS), "What the phone shows; first and last name, else the company, where left out"),
    Field::new("first", Takes::Text(MAX_CHARS), "Given name"),
    Field::new("last", Takes::Text(MAX_CHARS), "Family name"),
    Field::new("company", Takes::Text(MAX_CHARS), "Company"),
    Field::new("group", Takes::Text(MAX_CHARS), "The group that the phone lists the contact in"),
    Field::new("number", Takes::Number, "A number at work, where there is only one"),
    Field::new("numbers", Takes::Rows(NUMBER, &[]), "The contact's numbers, in the order in which the phone shows them"),
    Field::new("extension", Takes::Number, "The customer's own extension that the contact is"),
];

/// One of the numbers of a contact.
pub const NUMBER: &[Field] = &[
    Field::new("kind", Takes::Words(|| words(&NumberKind::NAMES)), "What kind of number it is; `work` where left out"),
    Field::needed(
        "number",
        Takes::Number,
        "The number; spaces and - . ( ) / only make it readable, and a SIP address is written user@host",
    ),
];

/// What a contact may be called by.
const NAMES: [&str; 4] = ["name", "first", "last", "company"];

/// Reads `[[contact]]` tables.
pub(super) fn read(path: &Arc<str>, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Located<Contact>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let is_whole = errors.is_empty();
    for error in errors {
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        diagnostics.push(Diagnostic::new(Code::TOML_SYNTAX, message).at(path, error.span().unwrap_or(0..0), ""));
    }
    let found = diagnostics.len();
    let mut reader = Reader { path, diagnostics };
    let mut contacts = Vec::new();
    for (key, value) in table.get_ref() {
        if key.get_ref() != "contact" {
            reader.unknown(key, PHONEBOOK);
            continue;
        }
        let list: Vec<_> = reader.list(value, "contact", "write `[[contact]]` above each contact").collect();
        if are_too_many(list.iter().map(|value| value.span()), path, reader.diagnostics) {
            continue;
        }
        for value in list {
            if let Some(draft) = reader.contact(value) {
                contacts.extend(draft.finish(path, Code::TOML_MISSING_KEY, reader.diagnostics));
            }
        }
    }
    if !is_whole {
        let mut index = 0..diagnostics.len();
        diagnostics.retain(|finding| index.next().is_some_and(|index| index < found) || !is_of_absence(finding));
    }
    contacts
}

/// What seems to be missing from a broken file may stand in the part that was not understood.
fn is_of_absence(finding: &Diagnostic) -> bool {
    [Code::TOML_MISSING_KEY, Code::PHONEBOOK_CONTACT_WITHOUT_NUMBER].contains(&finding.code)
}

type Key<'i> = Spanned<Cow<'i, str>>;
type Value<'i> = Spanned<DeValue<'i>>;

struct Reader<'a> {
    path: &'a Arc<str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn contact(&mut self, value: &Value<'_>) -> Option<Draft> {
        let table = self.table(value, "a contact", "write `[[contact]]` above each contact")?;
        let before = self.diagnostics.len();
        let mut draft = Draft { span: value.span(), ..Draft::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => draft.name = self.text(key, value),
                "first" => draft.first = self.text(key, value),
                "last" => draft.last = self.text(key, value),
                "company" => draft.company = self.text(key, value),
                "group" => draft.group = self.text(key, value),
                "extension" => draft.extension = self.text(key, value),
                "number" => draft.numbers.insert(0, (NumberKind::Work, self.text(key, value))),
                "numbers" => {
                    for value in self.list(value, "numbers", r#"write `numbers = [{ kind = "work", number = "…" }]`"#) {
                        draft.numbers.extend(self.number(value));
                    }
                }
                _ => self.unknown(key, CONTACT),
            }
        }
        draft.is_broken = self.diagnostics.len() > before;
        Some(draft)
    }

    fn number(&mut self, value: &Value<'_>) -> Option<(NumberKind, Cell)> {
        let table = self.table(value, "a number", r#"write `{ kind = "work", number = "…" }`"#)?;
        let (mut kind, mut number) = (NumberKind::Work, None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "kind" => kind = self.kind(key, value),
                "number" => number = Some(self.text(key, value)),
                _ => self.unknown(key, NUMBER),
            }
        }
        if number.is_none() {
            let finding = Diagnostic::new(Code::TOML_MISSING_KEY, "`number` is missing");
            self.diagnostics.push(finding.at(self.path, value.span(), ""));
        }
        Some((kind, number?))
    }

    fn kind(&mut self, key: &Key<'_>, value: &Value<'_>) -> NumberKind {
        let cell = self.text(key, value);
        let names = NumberKind::NAMES.map(|(name, _)| name);
        if let Some(kind) = NumberKind::find(&cell.text) {
            return kind;
        }
        if value.get_ref().is_str() {
            let message = format!("{} is no kind of number", quoted(&cell.text));
            let finding = Diagnostic::new(Code::VALUE_NOT_ONE_OF, message).at(self.path, cell.span, "");
            self.diagnostics.push(finding.help(format!("a kind is one of {}", names.join(", "))));
        }
        NumberKind::Work
    }

    fn text(&mut self, key: &Key<'_>, value: &Value<'_>) -> Cell {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            other => {
                self.wrong_type(value, &format!("`{}`", key.get_ref()), "text");
                if other.is_integer() {
                    self.help("put it in quotes");
                }
                String::new()
            }
        };
        Cell { text, span: value.span() }
    }

    fn table<'v, 'i>(&mut self, value: &'v Value<'i>, what: &str, help: &str) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(value, what, "a table");
            self.help(help);
        }
        table
    }

    fn list<'v, 'i>(&mut self, value: &'v Value<'i>, key: &str, help: &str) -> impl Iterator<Item = &'v Value<'i>> + use<'v, 'i> {
        let list = value.get_ref().as_array();
        if list.is_none() {
            self.wrong_type(value, &format!("`{key}`"), "a list");
            self.help(help);
        }
        list.into_iter().flat_map(|list| list.iter())
    }

    fn wrong_type(&mut self, value: &Value<'_>, what: &str, wanted: &str) {
        let message = format!("{what} must be {wanted}, not {}", type_of(value.get_ref()));
        self.diagnostics.push(Diagnostic::new(Code::TOML_WRONG_TYPE, message).at(self.path, value.span(), ""));
    }

    fn help(&mut self, help: &str) {
        if let Some(last) = self.diagnostics.last_mut() {
            last.help.push(help.to_owned());
        }
    }

    fn unknown(&mut self, key: &Key<'_>, fields: &[Field]) {
        let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let message = format!("unknown key {}", quoted(key.get_ref()));
        let finding = Diagnostic::new(Code::TOML_UNKNOWN_KEY, message).at(self.path, key.span(), "");
        self.diagnostics.push(finding.help(did_you_mean(key.get_ref(), &known)));
    }
}

fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

//! `phonebook.csv`, as spreadsheets write it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use ::csv::{ReaderBuilder, StringRecord};

use super::draft::{Cell, Draft, did_you_mean, quoted};
use super::{Located, MAX_CONTACTS, are_too_many};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::phonebook::{Contact, NumberKind};

const SEPARATORS: [u8; 3] = *b",;\t";
/// Most columns, known or not.
const MAX_COLUMNS: usize = 64;
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    First,
    Last,
    Company,
    Group,
    Extension,
    Number(NumberKind),
}

const COLUMNS: [(&str, Column); 12] = [
    ("name", Column::Name),
    ("first", Column::First),
    ("last", Column::Last),
    ("company", Column::Company),
    ("group", Column::Group),
    ("number", Column::Number(NumberKind::Work)),
    ("work", Column::Number(NumberKind::Work)),
    ("mobile", Column::Number(NumberKind::Mobile)),
    ("home", Column::Number(NumberKind::Home)),
    ("fax", Column::Number(NumberKind::Fax)),
    ("other", Column::Number(NumberKind::Other)),
    ("extension", Column::Extension),
];

impl Column {
    fn find(heading: &str) -> Option<Column> {
        let heading = heading.trim().to_lowercase();
        COLUMNS.iter().find(|(name, _)| *name == heading).map(|(_, column)| *column)
    }

    fn is_callable(self) -> bool {
        matches!(self, Column::Number(_) | Column::Extension)
    }

    fn names_somebody(self) -> bool {
        matches!(self, Column::Name | Column::First | Column::Last | Column::Company)
    }
}

/// Reads a header row and a contact a row.
pub(super) fn read(path: &Arc<str>, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Located<Contact>> {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let separator = separator_of(&text[start..]);
    let rows = rows(text, start, separator);
    if are_too_many(rows.iter().skip(1).map(|row| row.span.clone()), path, diagnostics) {
        return Vec::new();
    }
    let mut rows = rows.into_iter();
    let mut report = |place: Range<usize>, message: String, help: &str| {
        let finding = Diagnostic::new(Code::PHONEBOOK_BAD_CSV, message).at(path, place, "");
        diagnostics.push(if help.is_empty() { finding } else { finding.help(help) });
    };
    let Some(header) = rows.next() else {
        return Vec::new();
    };
    let Some(columns) = columns(&header, &mut report) else {
        return Vec::new();
    };
    let mut drafts = Vec::new();
    for row in rows {
        match row.fault(columns.len()) {
            Some((place, message)) => report(place, message, ""),
            None => drafts.push(draft(&columns, row)),
        }
    }
    let contacts = drafts.into_iter().filter(|draft| !draft.is_blank());
    contacts.filter_map(|draft| draft.finish(path, Code::PHONEBOOK_BAD_CSV, diagnostics)).collect()
}

/// The separator that makes most known columns of the first row.
fn separator_of(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let known = |separator: &u8| {
        let headings = header.split(char::from(*separator)).map(|heading| heading.trim_matches([' ', '"']));
        headings.filter(|heading| Column::find(heading).is_some()).count()
    };
    // Of equals, the last is taken: a comma where nothing tells.
    SEPARATORS.into_iter().rev().max_by_key(known).unwrap_or(b',')
}

/// The columns of the header; nothing where it cannot be one.
fn columns(header: &Row, report: &mut impl FnMut(Range<usize>, String, &str)) -> Option<Vec<Option<Column>>> {
    let mut columns: Vec<Option<Column>> = Vec::new();
    let mut seen = BTreeSet::new();
    let known = header.cells().filter_map(|cell| Column::find(&cell.text));
    let (callable, named) =
        known.fold((false, false), |(callable, named), column| (callable || column.is_callable(), named || column.names_somebody()));
    if header.record.len() > MAX_COLUMNS {
        report(header.span.clone(), format!("there are more than {MAX_COLUMNS} columns"), &known_columns());
        return None;
    }
    if !callable || !named {
        let what = "the first row must name the columns, with one for the name and one for a number";
        report(header.span.clone(), what.to_owned(), &known_columns());
        return None;
    }
    for cell in header.cells() {
        let heading = cell.text.trim().to_lowercase();
        let mut column = Column::find(&heading);
        if column.is_none() {
            let names = COLUMNS.map(|(name, _)| name);
            let message = format!("unknown column {}", quoted(&heading));
            report(cell.span, message, &did_you_mean(&heading, &names));
        } else if !seen.insert(heading.clone()) {
            report(cell.span, format!("the column {} is there twice", quoted(&heading)), "");
            column = None;
        }
        columns.push(column);
    }
    Some(columns)
}

fn known_columns() -> String {
    format!("columns are {}", COLUMNS.map(|(name, _)| name).join(", "))
}

fn draft(columns: &[Option<Column>], row: Row) -> Draft {
    let mut draft = Draft { span: row.span.clone(), ..Draft::default() };
    for (column, cell) in columns.iter().zip(row.cells()) {
        match column {
            Some(Column::Name) => draft.name = cell,
            Some(Column::First) => draft.first = cell,
            Some(Column::Last) => draft.last = cell,
            Some(Column::Company) => draft.company = cell,
            Some(Column::Group) => draft.group = cell,
            Some(Column::Extension) => draft.extension = cell,
            Some(Column::Number(kind)) => draft.numbers.push((*kind, cell)),
            None => {}
        }
    }
    draft
}

/// A row and where it and its fields stand in the file.
struct Row {
    record: StringRecord,
    span: Range<usize>,
    places: Vec<Range<usize>>,
    /// Where a quote is not closed, or text follows one that is.
    bad_quote: Option<Range<usize>>,
}

impl Row {
    fn cells(&self) -> impl Iterator<Item = Cell> {
        let place = |index| self.places.get(index).unwrap_or(&self.span).clone();
        self.record.iter().enumerate().map(move |(index, text)| Cell { text: text.to_owned(), span: place(index) })
    }

    fn fault(&self, columns: usize) -> Option<(Range<usize>, String)> {
        if let Some(place) = &self.bad_quote {
            let message = "a quote in a quoted field must be written twice, and the field closed";
            return Some((place.clone(), message.to_owned()));
        }
        let fields = self.record.len();
        (fields != columns).then(|| {
            let message = format!("the row has {fields} fields and the header {columns} columns");
            (self.span.clone(), message)
        })
    }
}

/// All rows, or one more than a directory may have.
fn rows(text: &str, start: usize, separator: u8) -> Vec<Row> {
    let mut reader = ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(&text.as_bytes()[start..]);
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    let mut from = start;
    while rows.len() < MAX_CONTACTS + 2 && reader.read_record(&mut record).is_ok_and(|is_read| is_read) {
        let to = start + reader.position().byte() as usize;
        let raw = text.get(from..to).unwrap_or_default();
        let lead = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
        let span = from + lead..from + raw.trim_end_matches(['\r', '\n']).len().max(lead);
        let (places, bad_quote) = places(text, span.clone(), separator);
        rows.push(Row { record: std::mem::take(&mut record), span, places, bad_quote });
        from = to;
    }
    rows
}

/// Where the fields of a row stand, and the first quote that is wrong.
fn places(text: &str, row: Range<usize>, separator: u8) -> (Vec<Range<usize>>, Option<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut places = Vec::new();
    let mut bad_quote = None;
    let mut at = row.start;
    loop {
        let from = at;
        if bytes[at..row.end].first() == Some(&b'"') {
            at = closing_quote(&bytes[..row.end], at).unwrap_or(row.end);
            let is_closed = at < row.end;
            at = (at + 1).min(row.end);
            if !is_closed || bytes[at..row.end].first().is_some_and(|next| *next != separator) {
                bad_quote = bad_quote.or(Some(from..at));
            }
        }
        while at < row.end && bytes[at] != separator {
            at += 1;
        }
        places.push(from..at);
        if at >= row.end {
            return (places, bad_quote);
        }
        at += 1;
    }
}

/// The quote that closes the field that the quote at `at` opens.
fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += 1;
        match bytes.get(at)? {
            b'"' if bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' => return Some(at),
            _ => {}
        }
    }
}

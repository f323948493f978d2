//! Files of lines: a parameter a line, written and read by the same pattern.

use std::collections::HashMap;

use toml::Value;

use super::codec::{Codec, read_all, write_all};
use super::file_spec::FileSpec;
use super::gate::{Variant, texts};
use super::plan::Entry;
use super::row::RowSource;

/// How the parameters of a file are written.
pub struct LinesShape {
    eol: &'static str,
    head: String,
    tail: String,
    comment: Option<String>,
    section: Option<(String, String)>,
    usual: Pattern,
    entries: Vec<Place>,
    index: HashMap<(String, String), Vec<u32>>,
}

struct Place {
    before: String,
    after: String,
    codecs: Vec<Codec>,
    section: String,
}

/// A line pattern parted at its value.
#[derive(Clone)]
struct Pattern {
    before: String,
    after: String,
    codecs: Vec<Codec>,
}

impl LinesShape {
    /// Compiles the shape for a model's parameters.
    pub fn compile(
        spec: &FileSpec,
        variant: Variant<'_>,
        entries: &[Entry],
        rows: &[Option<&RowSource>],
        codec: &dyn Fn(&str) -> Option<Codec>,
    ) -> Result<LinesShape, String> {
        let chosen = |field: &str| spec.fields.get(field).and_then(|value| variant.select(value));
        let line = chosen("line").and_then(Value::as_str).unwrap_or("{name} = {value}");
        let usual = Pattern::parse(line, codec)?;
        let section = chosen("section").and_then(Value::as_str);
        let section = section
            .map(|text| {
                text.split_once("{section}")
                    .map(|(before, after)| (before.to_owned(), after.to_owned()))
                    .ok_or("`section` has no {section}")
            })
            .transpose()?;
        let eol = if spec.crlf { "\r\n" } else { "\n" };
        let mut shape = LinesShape {
            eol,
            head: lines(chosen("head"), eol),
            tail: lines(chosen("tail"), eol),
            comment: chosen("comment").and_then(Value::as_str).map(str::to_owned),
            section,
            usual: usual.clone(),
            entries: Vec::new(),
            index: HashMap::new(),
        };
        for (place, (entry, row)) in entries.iter().zip(rows).enumerate() {
            let own = row.and_then(|row| row.fields.get("line")).and_then(|line| variant.select(line)).and_then(Value::as_str);
            let pattern = own.map(|line| Pattern::parse(line, codec)).transpose()?;
            let placed = pattern.as_ref().unwrap_or(&usual).at(&entry.name);
            let section = if shape.section.is_some() { placed.section.clone() } else { String::new() };
            shape.index.entry((section, placed.before.clone())).or_default().push(place as u32);
            shape.entries.push(placed);
        }
        Ok(shape)
    }

    /// What is written before the first parameter.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// What is written after the last.
    pub fn tail(&self) -> &str {
        &self.tail
    }

    /// Appends one parameter's line. `section` is the section that was last begun. The error says why the value does not fit.
    pub fn write<'s>(&'s self, entry: u32, value: &str, section: &mut &'s str, out: &mut Vec<u8>) -> Result<(), String> {
        let place = &self.entries[entry as usize];
        self.begin(&place.section, section, out);
        self.line(place, value, out)
    }

    /// Why a parameter's line cannot hold a value.
    pub fn refuses(&self, entry: u32, value: &str) -> Option<String> {
        let place = &self.entries[entry as usize];
        refusal(&place.after, &place.codecs, value)
    }

    /// Appends a parameter that no row writes.
    pub fn write_raw(&self, name: &str, value: &str, out: &mut Vec<u8>) -> Result<(), String> {
        let place = self.usual.at(name);
        let mut section = "\u{0}";
        self.begin(&place.section, &mut section, out);
        self.line(&place, value, out)
    }

    fn begin<'s>(&self, own: &'s str, section: &mut &'s str, out: &mut Vec<u8>) {
        if let Some((before, after)) = &self.section
            && own != *section
        {
            out.extend_from_slice(before.as_bytes());
            out.extend_from_slice(own.as_bytes());
            out.extend_from_slice(after.as_bytes());
            out.extend_from_slice(self.eol.as_bytes());
            *section = own;
        }
    }

    fn line(&self, place: &Place, value: &str, out: &mut Vec<u8>) -> Result<(), String> {
        if let Some(problem) = crate::settings::text_is_hostile(value).or_else(|| refusal(&place.after, &place.codecs, value)) {
            return Err(problem);
        }
        let spelled;
        let value = if place.codecs.is_empty() {
            value
        } else {
            spelled = write_all(&place.codecs, value)?;
            &spelled
        };
        for part in [&place.before, value, &place.after, self.eol] {
            out.extend_from_slice(part.as_bytes());
        }
        Ok(())
    }

    /// The parameters of a file: which entries a line may be, and its value.
    pub fn read(&self, text: &str) -> Result<Vec<(Vec<u32>, String)>, String> {
        let body = text.strip_prefix(&self.head).ok_or("the first lines are not those of this format")?;
        let body = body.strip_suffix(&self.tail).ok_or("the last lines are not those of this format")?;
        let mut lengths: Vec<usize> = self.entries.iter().map(|place| place.before.len()).collect();
        lengths.sort_unstable_by(|left, right| right.cmp(left));
        lengths.dedup();
        let mut section = String::new();
        let mut found = Vec::new();
        for line in body.lines().filter(|line| !line.is_empty()) {
            if self.comment.as_ref().is_some_and(|comment| line.starts_with(comment)) {
                continue;
            }
            if let Some((before, after)) = &self.section
                && let Some(name) = line.strip_prefix(before.as_str()).and_then(|line| line.strip_suffix(after.as_str()))
            {
                section = name.to_owned();
                continue;
            }
            found.extend(self.read_line(line, &section, &lengths));
        }
        Ok(found)
    }

    fn read_line(&self, line: &str, section: &str, lengths: &[usize]) -> Option<(Vec<u32>, String)> {
        let section = if self.section.is_some() { section } else { "" };
        lengths.iter().filter(|length| line.is_char_boundary(**length) && **length <= line.len()).find_map(|length| {
            let entries = self.index.get(&(section.to_owned(), line[..*length].to_owned()))?;
            let place = &self.entries[entries[0] as usize];
            let value = line[*length..].strip_suffix(place.after.as_str())?;
            Some((entries.clone(), read_all(&place.codecs, value)?))
        })
    }
}

fn refusal(after: &str, codecs: &[Codec], value: &str) -> Option<String> {
    if !codecs.is_empty() {
        return None;
    }
    if value.starts_with(char::is_whitespace) || value.ends_with(char::is_whitespace) {
        return Some("it begins or ends with a space, which the phone drops".to_owned());
    }
    after.chars().next().filter(|end| value.contains(*end)).map(|end| format!("it holds `{end}`, which ends a value in this file"))
}

fn lines(value: Option<&Value>, eol: &str) -> String {
    let mut text = String::new();
    for line in value.into_iter().flat_map(texts) {
        text.push_str(line);
        text.push_str(eol);
    }
    text
}

impl Pattern {
    fn parse(line: &str, codec: &dyn Fn(&str) -> Option<Codec>) -> Result<Pattern, String> {
        let open = line.find("{value").ok_or("a line pattern has no {value}")?;
        let close = line[open..].find('}').map(|close| open + close).ok_or("a `{` is not closed in a line pattern")?;
        let codecs = line[open + 1..close].split('|').skip(1).map(|name| codec(name).ok_or_else(|| format!("there is no codec `{name}`")));
        Ok(Pattern { before: line[..open].to_owned(), after: line[close + 1..].to_owned(), codecs: codecs.collect::<Result<_, _>>()? })
    }

    fn at(&self, name: &str) -> Place {
        let (section, leaf) = name.split_once('/').unwrap_or(("", name));
        Place {
            before: named(&self.before, name, section, leaf),
            after: named(&self.after, name, section, leaf),
            codecs: self.codecs.clone(),
            section: section.to_owned(),
        }
    }
}

/// Fills {name}, {section}, {leaf} and {leaf:19} in.
fn named(pattern: &str, name: &str, section: &str, leaf: &str) -> String {
    let mut text = pattern.replace("{name}", name).replace("{section}", section).replace("{leaf}", leaf);
    if let Some(open) = text.find("{leaf:")
        && let Some(close) = text[open..].find('}').map(|close| open + close)
        && let Ok(width) = text[open + 6..close].parse::<usize>()
    {
        text.replace_range(open..=close, &format!("{leaf:width$}"));
    }
    text
}

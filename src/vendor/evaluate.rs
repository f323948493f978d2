//! A plan and a device give values: which parameters are written, and as what.

use super::codec::{Codec, write_all};
use super::context::{Context, Step, used};
use super::lens::{Written, allowed};
use super::path::Get;
use super::plan::{Block, FilePlan, Plan, Row, Source, Spell, written_as};
use super::series::Walk;
use crate::known;
use crate::settings::{Device, Element, Origin, Registry, Sensitivity, Slot, Val, text_is_hostile};

/// The values of one file, in the order of its parameters.
#[derive(Default)]
pub struct Values {
    /// All texts, one after the other.
    pub text: String,
    /// What was written: the entry, and its text.
    pub items: Vec<(u32, u32, u32)>,
}

impl Values {
    /// Forgets everything but the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.items.clear();
    }

    /// Entries and their texts.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        self.items.iter().map(|(entry, start, end)| (*entry, &self.text[*start as usize..*end as usize]))
    }

    fn push(&mut self, entry: u32, start: usize) {
        self.items.push((entry, start as u32, self.text.len() as u32));
    }
}

/// Why a value cannot be written.
#[derive(Debug)]
pub struct Problem {
    /// The row.
    pub row: u32,
    /// The parameter.
    pub name: String,
    /// What is wrong.
    pub kind: Trouble,
    /// The settings that the value was to be made of, and where they come from.
    pub settings: Vec<(String, Origin)>,
}

/// What is wrong with a value.
#[derive(Debug, PartialEq)]
pub enum Trouble {
    /// It has no spelling that reads back.
    Unspellable(String),
    /// The parameter is phone-wide and two lines want it otherwise.
    LinesDiffer(u16, u16),
    /// No format of ours carries it.
    CannotCarry(String),
    /// The key's type has no row for this model.
    KeyType,
}

/// What a device makes of a file.
#[derive(Default)]
pub struct Evaluation {
    /// What is written.
    pub values: Values,
    /// What cannot be.
    pub problems: Vec<Problem>,
    /// The highest sensitivity of what is written.
    pub sensitivity: Option<Sensitivity>,
}

/// What a block of rows finds at its place.
pub(super) enum Place<'c, 'u> {
    Used(Context<'c, 'u>),
    Unused,
    Silent,
}

impl Plan {
    /// Writes the values of a file for a device into `evaluation`, which is cleared first.
    pub fn evaluate<'u>(&self, file: &FilePlan, device: &Device<'u>, file_name: &str, evaluation: &mut Evaluation) {
        evaluation.values.clear();
        evaluation.problems.clear();
        evaluation.sensitivity = None;
        for block in &file.blocks {
            match self.place(block, device, file_name) {
                Place::Silent => {}
                Place::Unused => self.absent_block(file, block, evaluation),
                Place::Used(context) => self.used_block(file, block, &context, evaluation),
            }
        }
    }

    /// Fills in what follows from the pack's series: `key.ordinal` and `line.provider`.
    pub fn number<'u>(&self, device: &mut Device<'u>) {
        let ordinal = known!("key.ordinal");
        let provider = known!("line.provider");
        for series in &self.series {
            match &series.walk {
                Walk::Renumbered(types, area) => {
                    let places: Vec<(u8, u16, u16)> =
                        of_types(device, types, *area).map(|key| (key.area, key.module, key.number)).collect();
                    for (number, place) in places.into_iter().enumerate() {
                        let key = device.keys.iter_mut().find(|key| (key.area, key.module, key.number) == place);
                        set(key, ordinal, number);
                    }
                }
                Walk::Distinct(fields) => {
                    let firsts: Vec<Vec<Val<'u>>> = distinct(device, fields).into_iter().map(|line| tuple(device, line, fields)).collect();
                    let own: Vec<Option<usize>> =
                        device.lines.iter().map(|line| firsts.iter().position(|first| *first == tuple(device, line, fields))).collect();
                    for (line, number) in device.lines.iter_mut().zip(own) {
                        set(number.is_some().then_some(line), provider, number.unwrap_or(0));
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether a device has a file: what the file asks for is set.
    pub fn has_file(&self, file: &FilePlan, device: &Device<'_>) -> bool {
        file.conditions.is_empty() || Context::of(device, "").meets(&file.conditions).unwrap_or(true)
    }

    /// The first line whose servers find no place in the phone's list of them: its number, the places, and the settings of an entry.
    pub fn crowded(&self, device: &Device<'_>) -> Option<(u16, u16, Vec<&'static str>)> {
        self.series.iter().find_map(|series| {
            let Walk::Distinct(fields) = &series.walk else { return None };
            if series.size == 0 {
                return None;
            }
            let beyond = *distinct(device, fields).get(series.size as usize)?;
            let names = fields.iter().filter_map(|get| get.setting()).map(|id| Registry::get().setting(id).name.as_str());
            let differ = |name: &&str| {
                let setting = Registry::get().known(name);
                device.lines.iter().any(|line| device.line_slot(line, setting).value != device.line_slot(beyond, setting).value)
            };
            Some((beyond.number, series.size, names.filter(differ).collect()))
        })
    }

    fn absent_block(&self, file: &FilePlan, block: &Block, evaluation: &mut Evaluation) {
        for entry in block.entries.clone() {
            if let Some(absent) = &self.rows[file.entries[entry as usize].row as usize].absent {
                let start = evaluation.values.text.len();
                evaluation.values.text.push_str(absent);
                evaluation.values.push(entry, start);
            }
        }
    }

    fn used_block(&self, file: &FilePlan, block: &Block, context: &Context<'_, '_>, evaluation: &mut Evaluation) {
        for entry in block.entries.clone() {
            let row = &self.rows[file.entries[entry as usize].row as usize];
            let start = evaluation.values.text.len();
            match self.value(row, file, context, &mut evaluation.values.text) {
                Ok(true) => match text_is_hostile(&evaluation.values.text[start..])
                    .or_else(|| file.refuses(entry, &evaluation.values.text[start..]))
                {
                    None => {
                        evaluation.values.push(entry, start);
                        evaluation.sensitivity = evaluation.sensitivity.max(Some(row.sensitivity));
                    }
                    Some(what) => {
                        let what = hushed(row.sensitivity, what);
                        self.problem(file, entry, start, Trouble::CannotCarry(what), context, evaluation);
                    }
                },
                Ok(false) => evaluation.values.text.truncate(start),
                Err(kind) => self.problem(file, entry, start, kind, context, evaluation),
            }
        }
    }

    fn problem(&self, file: &FilePlan, entry: u32, start: usize, kind: Trouble, context: &Context<'_, '_>, evaluation: &mut Evaluation) {
        evaluation.values.text.truncate(start);
        let named = &file.entries[entry as usize];
        let settings = self.settings_of(&self.rows[named.row as usize], context);
        evaluation.problems.push(Problem { row: named.row, name: named.name.clone(), kind, settings });
    }

    /// Appends a row's text; false where there is nothing to write.
    pub(super) fn value(&self, row: &Row, file: &FilePlan, context: &Context<'_, '_>, out: &mut String) -> Result<bool, Trouble> {
        if !row.conditions.is_empty() && !context.meets(&row.conditions)? {
            return Ok(false);
        }
        let written = match &row.value {
            Source::Constant(text) => {
                out.push_str(text);
                true
            }
            Source::Setting(get, spell) => return self.setting(row, file, *get, spell, context, out),
            Source::Format(lens) => self.lens(lens, &row.forbid, context, out)?,
            Source::Field(column) => self.field(*column, row, context, out)?,
        };
        if !written && let Some(absent) = &row.absent {
            out.push_str(absent);
            return Ok(true);
        }
        Ok(written)
    }

    fn setting(
        &self,
        row: &Row,
        file: &FilePlan,
        get: Get,
        spell: &Spell,
        context: &Context<'_, '_>,
        out: &mut String,
    ) -> Result<bool, Trouble> {
        let value = context.fetch(get)?.value;
        if !value.is_set() || value == Val::Str("") && spell.map.is_some() {
            let blank = spell.map.as_ref().and_then(|map| map.unset());
            let reset = (value == Val::Unset).then_some(file.reset.as_deref()).flatten();
            let Some(text) = reset.or(blank).or(row.absent.as_deref()) else { return Ok(false) };
            out.push_str(text);
            return Ok(true);
        }
        if spell.join.is_some() {
            let entry = |place: usize| Context { rank: Some(place as u16 + 1), ..*context };
            match value {
                Val::List(items) => {
                    let entries = items.iter().enumerate().map(|(place, item)| Context { item: *item, ..entry(place) });
                    return self.joined(row, entries, get, spell, out).map(|()| true);
                }
                Val::Records(records) => {
                    let entries = records.iter().enumerate().map(|(place, record)| Context { record: Some(record), ..entry(place) });
                    return self.joined(row, entries, get, spell, out).map(|()| true);
                }
                _ => {}
            }
        }
        let start = out.len();
        if spell.codecs.is_empty() && spell.map.is_none() {
            context.spell(get, value, out);
        } else {
            let mut text = String::new();
            context.spell(get, value, &mut text);
            out.push_str(&spelled(spell, &text).map_err(|why| unspellable(get, why))?);
        }
        allowed(&out[start..], &row.forbid).map_err(|why| unspellable(get, why))?;
        Ok(true)
    }

    fn joined<'c, 'u: 'c>(
        &self,
        row: &Row,
        entries: impl Iterator<Item = Context<'c, 'u>>,
        get: Get,
        spell: &Spell,
        out: &mut String,
    ) -> Result<(), Trouble> {
        let join = spell.join.as_deref().unwrap_or_default();
        let parting = format!("{join}{}", row.forbid);
        out.push_str(&spell.around.0);
        for (place, entry) in entries.enumerate() {
            if place > 0 {
                out.push_str(join);
            }
            if let Some(lens) = &spell.item {
                if !self.lens(lens, &parting, &entry, out)? {
                    return Err(Trouble::Unspellable(format!("entry {} lacks a part that this phone needs", place + 1)));
                }
                continue;
            }
            let mut text = String::new();
            entry.spell(get, entry.item, &mut text);
            let text = spelled(spell, &text).map_err(|why| unspellable(get, why))?;
            if !join.is_empty() && text.contains(join) {
                return Err(Trouble::Unspellable(format!("it holds `{join}`, which parts the values of this list")));
            }
            allowed(&text, &row.forbid).map_err(|why| unspellable(get, why))?;
            out.push_str(&text);
        }
        out.push_str(&spell.around.1);
        Ok(())
    }

    fn lens(&self, lens: &super::lens::Lens<Get>, forbid: &str, context: &Context<'_, '_>, out: &mut String) -> Result<bool, Trouble> {
        let (mut trouble, mut last) = (None, None);
        let mut value = |get: &Get, out: &mut String| match context.fetch(*last.insert(*get)) {
            Ok(slot) if slot.value.is_set() => {
                context.spell(*get, slot.value, out);
                true
            }
            Ok(_) => false,
            Err(found) => {
                trouble = Some(found);
                false
            }
        };
        let written = lens.write(&mut value, forbid, out).map_err(|why| match last {
            Some(get) if lens.holes().len() > 1 => unspellable(get, of_part(get, why)),
            Some(get) => unspellable(get, why),
            None => Trouble::Unspellable(why),
        })?;
        match trouble {
            Some(trouble) => Err(trouble),
            None => Ok(written == Written::Text),
        }
    }

    fn field(&self, column: usize, row: &Row, context: &Context<'_, '_>, out: &mut String) -> Result<bool, Trouble> {
        if context.key.is_none() {
            return Ok(false);
        }
        let found = context.key_type(&self.keys).ok_or(Trouble::KeyType)?;
        match &found.columns[column] {
            Some(lens) => {
                let forbid = if found.forbid.is_empty() { &row.forbid } else { &found.forbid };
                self.lens(lens, forbid, context, out)
            }
            None => Ok(false),
        }
    }

    fn settings_of(&self, row: &Row, context: &Context<'_, '_>) -> Vec<(String, Origin)> {
        let gets: Vec<Get> = match &row.value {
            Source::Setting(get, _) => vec![*get],
            Source::Format(lens) => lens.holes().into_iter().copied().collect(),
            Source::Field(column) => {
                let lens = context.key_type(&self.keys).and_then(|row| row.columns[*column].as_ref());
                lens.map(|lens| lens.holes().into_iter().copied().collect())
                    .unwrap_or_else(|| vec![Get::parse("key.type", None).expect("registry")])
            }
            Source::Constant(_) => Vec::new(),
        };
        let mut named = Vec::new();
        for get in gets {
            let Some(name) = get.setting().map(|id| written_as(Registry::get().setting(id))) else { continue };
            let origins = match context.fetch(get) {
                Ok(slot) if slot.value.is_set() => vec![slot.origin],
                Ok(_) => Vec::new(),
                Err(trouble) => context.apart(get, &trouble),
            };
            for origin in origins {
                let own = (name.to_owned(), origin);
                if !named.contains(&own) {
                    named.push(own);
                }
            }
        }
        named
    }

    /// What a block finds at its place in a device.
    pub(super) fn place<'c, 'u>(&self, block: &Block, device: &'c Device<'u>, file_name: &'c str) -> Place<'c, 'u> {
        let mut context = Context::of(device, file_name);
        for (depth, (series, index)) in block.steps.iter().enumerate() {
            match self.step(&self.series[*series as usize].walk, *index, &mut context) {
                Step::Used => {}
                Step::Unused if depth > 0 || block.steps.len() == 1 => return Place::Unused,
                // Of a line that is not there, its own parameters are cleared, not those of each of its codecs.
                Step::Unused => return if self.clears_inside(block) { Place::Unused } else { Place::Silent },
                Step::Silent => return Place::Silent,
            }
        }
        Place::Used(context)
    }

    fn clears_inside(&self, block: &Block) -> bool {
        block.steps.last().is_some_and(|(series, _)| !matches!(self.series[*series as usize].walk, Walk::Rank(..) | Walk::Values(..)))
    }

    fn step<'c, 'u>(&self, walk: &Walk, index: u16, context: &mut Context<'c, 'u>) -> Step {
        let device = context.device;
        match walk {
            Walk::Lines => context.line = device.line(index),
            Walk::LinesByRank => context.line = device.lines.get(index as usize - 1),
            Walk::Numbered(subject) => return context.numbered(*subject, index),
            Walk::Modules => context.module = index,
            Walk::Keys(area) => {
                let module = if is_expansion(*area) { context.module.max(1) } else { 0 };
                context.set_key(device.key(*area, module, index));
                return used(context.key.is_some());
            }
            Walk::Renumbered(types, area) => {
                context.set_key(of_types(device, types, *area).nth(index as usize - 1));
                return used(context.key.is_some());
            }
            Walk::Rank(id, rest) => return context.ranked(*id, rest, index),
            Walk::Values(id, values) => return context.by_value(*id, values[index as usize - 1].0),
            Walk::Records(id) => {
                let list = context.list(*id);
                context.record = match list.value {
                    Val::Records(records) => records.get(index as usize - 1).copied(),
                    Val::List(items) => {
                        context.item = items.get(index as usize - 1).copied().unwrap_or(Val::Absent);
                        return used(context.item.is_set());
                    }
                    _ => None,
                };
                return used(context.record.is_some());
            }
            Walk::Distinct(fields) => {
                context.line = distinct(device, fields).get(index as usize - 1).copied();
            }
        }
        used(context.line.is_some() || matches!(walk, Walk::Modules))
    }
}

fn set(element: Option<&mut Element<'_>>, setting: &crate::settings::Setting, number: usize) {
    if let Some(element) = element {
        element.slots[setting.slot as usize] = Slot::derived(Val::Int(number as i64 + 1), crate::settings::Derived::Fallback);
    }
}

fn is_expansion(area: u8) -> bool {
    known!("key.area").values[area as usize] == super::series::EXPANSION
}

fn of_types<'c, 't, 'u>(
    device: &'c Device<'u>,
    types: &'t [u8],
    area: Option<u8>,
) -> impl Iterator<Item = &'c Element<'u>> + use<'c, 't, 'u> {
    let kind = known!("key.type");
    device.keys.iter().filter(move |key| {
        area.is_none_or(|area| key.area == area) && matches!(key.slot(kind).value, Val::Enum(kind) if types.contains(&kind))
    })
}

/// The first line of each different tuple.
fn distinct<'c, 'u>(device: &'c Device<'u>, fields: &[Get]) -> Vec<&'c Element<'u>> {
    let mut firsts: Vec<&Element<'u>> = Vec::new();
    for line in &device.lines {
        if !firsts.iter().any(|first| tuple(device, first, fields) == tuple(device, line, fields)) {
            firsts.push(line);
        }
    }
    firsts
}

fn tuple<'u>(device: &Device<'u>, line: &Element<'u>, fields: &[Get]) -> Vec<Val<'u>> {
    fields.iter().map(|field| line_value(device, line, *field)).collect()
}

fn line_value<'u>(device: &Device<'u>, line: &Element<'u>, get: Get) -> Val<'u> {
    match get {
        Get::Setting { id, part, .. } => part.of(device.line_slot(line, Registry::get().setting(id)).value),
        _ => Val::Absent,
    }
}

fn spelled(spell: &Spell, text: &str) -> Result<String, String> {
    let mapped = match &spell.map {
        Some(map) => Codec::Map(map.clone()).write(text)?,
        None => text.to_owned(),
    };
    write_all(&spell.codecs, if spell.map.is_some() { &mapped } else { text })
}

/// Which of several parts it is that does not fit.
fn of_part(get: Get, why: String) -> String {
    match (why.strip_prefix("it "), get.setting()) {
        (Some(rest), Some(id)) => format!("`{}` {rest}", Registry::get().setting(id).name),
        _ => why,
    }
}

fn unspellable(get: Get, why: String) -> Trouble {
    let sensitivity = get.setting().map_or(Sensitivity::Public, |id| Registry::get().setting(id).sensitivity);
    Trouble::Unspellable(hushed(sensitivity, why))
}

/// Not even one character of a secret is told.
fn hushed(sensitivity: Sensitivity, why: String) -> String {
    match sensitivity == Sensitivity::Secret && why.contains('`') {
        true => "it holds a character that does not fit".to_owned(),
        false => why,
    }
}

//! A plan and a device give values: which parameters are written, and as what.

use super::codec::{Codec, write_all};
use super::keys::{KeyTable, KeyType};
use super::lens::{Written, allowed};
use super::path::Get;
use super::plan::{Block, Condition, FilePlan, Plan, Row, Source, Spell};
use super::series::{Rest, Walk};
use crate::known;
use crate::settings::{Device, Element, Origin, Part, Record, Registry, Sensitivity, Slot, Subject, Val, text_is_hostile};

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

/// Where in the device a row stands.
#[derive(Clone, Copy)]
pub(super) struct Context<'c, 'u> {
    pub(super) device: &'c Device<'u>,
    line: Option<&'c Element<'u>>,
    key: Option<&'c Element<'u>>,
    handset: Option<&'c Element<'u>>,
    port: Option<&'c Element<'u>>,
    relay: Option<&'c Element<'u>>,
    module: u16,
    rank: Option<u16>,
    item: Val<'u>,
    record: Option<Record<'u>>,
    file_name: &'c str,
}

/// What a block of rows finds at its place.
pub(super) enum Place<'c, 'u> {
    Used(Context<'c, 'u>),
    Unused,
    Silent,
}

type Fetched<'u> = Result<Slot<'u>, Trouble>;

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
            let Some(name) = get.setting().map(|id| &Registry::get().setting(id).name) else { continue };
            match context.fetch(get) {
                Ok(slot) if slot.value.is_set() => named.push((name.clone(), slot.origin)),
                Ok(_) => {}
                Err(trouble) => named.extend(context.apart(get, &trouble).into_iter().map(|origin| (name.clone(), origin))),
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

enum Step {
    Used,
    Unused,
    Silent,
}

fn used(yes: bool) -> Step {
    if yes { Step::Used } else { Step::Unused }
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

impl<'c, 'u> Context<'c, 'u> {
    /// Outside all series.
    fn of(device: &'c Device<'u>, file_name: &'c str) -> Self {
        Context {
            device,
            line: None,
            key: None,
            handset: None,
            port: None,
            relay: None,
            module: 0,
            rank: None,
            item: Val::Absent,
            record: None,
            file_name,
        }
    }

    fn spelled(&self, get: Get, value: Val<'u>) -> String {
        let mut text = String::new();
        self.spell(get, value, &mut text);
        text
    }

    /// Whether all conditions of a row or file hold.
    fn meets(&self, conditions: &[(Get, Condition)]) -> Result<bool, Trouble> {
        for (get, condition) in conditions {
            let value = self.fetch(*get)?.value;
            let holds = match condition {
                Condition::Set => value.is_set(),
                Condition::Unset => !value.is_set(),
                Condition::Is(wanted) => value.is_set() && self.spelled(*get, value) == *wanted,
                Condition::Among(wanted) if value.is_set() => wanted.contains(&self.spelled(*get, value)),
                Condition::Among(wanted) => wanted.iter().any(String::is_empty),
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn set_key(&mut self, key: Option<&'c Element<'u>>) {
        self.key = key;
        self.line = key.and_then(|key| key.slot(known!("key.line")).value.int()).and_then(|line| self.device.line(line as u16));
    }

    fn numbered(&mut self, subject: Subject, index: u16) -> Step {
        let (elements, line) = match subject {
            Subject::Handset => (&self.device.handsets, "handset.line"),
            Subject::Port => (&self.device.ports, "port.line"),
            _ => (&self.device.relays, ""),
        };
        let found = Device::numbered(elements, index);
        if let (Some(found), Some(setting)) = (found, Registry::get().find(line)) {
            self.line = found.slot(setting).value.int().and_then(|line| self.device.line(line as u16));
        }
        match subject {
            Subject::Handset => self.handset = found,
            Subject::Port => self.port = found,
            _ => self.relay = found,
        }
        used(found.is_some())
    }

    fn list(&self, id: crate::settings::SettingId) -> Slot<'u> {
        let setting = Registry::get().setting(id);
        match (self.line.or(self.device.lines.first()), setting.subject) {
            (Some(line), Subject::Line) => self.device.line_slot(line, setting),
            (None, Subject::Line) => Slot::EMPTY,
            _ if self.line.is_some() => self.line.map_or(Slot::EMPTY, |line| self.device.line_slot(line, setting)),
            _ => self.device.slot(setting),
        }
    }

    fn ranked(&mut self, id: crate::settings::SettingId, rest: &Rest, index: u16) -> Step {
        let Val::List(items) = self.list(id).value else { return Step::Silent };
        let place = index as usize - 1;
        if let Some(item) = items.get(place) {
            self.item = *item;
            self.rank = Some(index);
            return Step::Used;
        }
        self.item = match rest {
            Rest::Last => items.last().copied(),
            Rest::Values(rest) => {
                let mut unwanted = rest.iter().map(|value| Val::Enum(*value)).filter(|value| !items.contains(value));
                unwanted.nth(place - items.len())
            }
        }
        .unwrap_or(Val::Absent);
        used(self.item.is_set())
    }

    fn by_value(&mut self, id: crate::settings::SettingId, value: u8) -> Step {
        let Val::List(items) = self.list(id).value else { return Step::Silent };
        self.item = Val::Enum(value);
        self.rank = items.iter().position(|item| *item == self.item).map(|place| place as u16 + 1);
        used(self.rank.is_some())
    }

    /// The value that a path refers to.
    pub(super) fn fetch(&self, get: Get) -> Fetched<'u> {
        let Get::Setting { id, subject, slot, line_slot, part } = get else { return Ok(self.fetch_item(get)) };
        let element = match subject {
            Subject::Device if line_slot.is_some() => return self.reaching_both(id, part),
            Subject::Device => return Ok(with_part(self.device.slots[slot as usize], part)),
            Subject::Line => match self.line {
                Some(line) => Some(line),
                None => return self.phone_wide(get),
            },
            Subject::Key => self.key,
            Subject::Handset => self.handset,
            Subject::Port => self.port,
            Subject::Relay => self.relay,
            Subject::Item => None,
        };
        Ok(element.map_or(Slot::EMPTY, |element| with_part(element.slots[slot as usize], part)))
    }

    fn fetch_item(&self, get: Get) -> Slot<'u> {
        let value = match get {
            Get::ItemRank => self.rank.map_or(Val::Absent, |rank| Val::Int(i64::from(rank))),
            Get::ItemValue(_) => self.item,
            Get::ItemPart(id) => {
                return self.record.and_then(|record| record.iter().find(|(part, _)| *part == id)).map_or(Slot::EMPTY, |(_, slot)| *slot);
            }
            Get::FileName => Val::Bool(true),
            Get::Setting { .. } => Val::Absent,
        };
        Slot { value, ..Slot::EMPTY }
    }

    fn reaching_both(&self, id: crate::settings::SettingId, part: Part) -> Fetched<'u> {
        let setting = Registry::get().setting(id);
        if let Some(line) = self.line {
            return Ok(with_part(self.device.line_slot(line, setting), part));
        }
        let Some(line_slot) = setting.line_slot else { return Ok(Slot::EMPTY) };
        if self.device.lines.iter().all(|line| line.slots[line_slot as usize].value == Val::Absent) {
            return Ok(with_part(self.device.slot(setting), part));
        }
        self.agreed(|line| with_part(self.device.line_slot(line, setting), part))
    }

    fn phone_wide(&self, get: Get) -> Fetched<'u> {
        let Get::Setting { slot, part, .. } = get else { return Ok(Slot::EMPTY) };
        self.agreed(|line| with_part(line.slots[slot as usize], part))
    }

    /// Where the two lines that differ have a setting from, the later first.
    fn apart(&self, get: Get, trouble: &Trouble) -> Vec<Origin> {
        let (Get::Setting { id, .. }, Trouble::LinesDiffer(first, second)) = (get, trouble) else { return Vec::new() };
        let setting = Registry::get().setting(id);
        let slots = [second, first].into_iter().filter_map(|number| Some(self.device.line_slot(self.device.line(*number)?, setting)));
        slots.filter(|slot| slot.value.is_set()).map(|slot| slot.origin).collect()
    }

    fn agreed(&self, of: impl Fn(&Element<'u>) -> Slot<'u>) -> Fetched<'u> {
        let Some((first, rest)) = self.device.lines.split_first() else { return Ok(Slot::EMPTY) };
        let slot = of(first);
        match rest.iter().find(|line| of(line).value != slot.value) {
            Some(other) => Err(Trouble::LinesDiffer(first.number, other.number)),
            None => Ok(slot),
        }
    }

    /// The area of the key that the row stands in.
    pub(super) fn key_area(&self) -> Option<u8> {
        self.key.map(|key| key.area)
    }

    /// The row of keys.toml of that key.
    pub(super) fn key_type<'k>(&self, keys: &'k KeyTable) -> Option<&'k KeyType> {
        let key = self.key?;
        match key.slot(known!("key.type")).value {
            Val::Enum(kind) => keys.find(kind, key.area),
            _ => None,
        }
    }

    /// Appends the canonical text of a value.
    pub(super) fn spell(&self, get: Get, value: Val<'u>, out: &mut String) {
        match get {
            Get::FileName => out.push_str(self.file_name),
            _ => value.spell(get.setting().unwrap_or(crate::settings::SettingId(0)), out),
        }
    }
}

fn with_part(slot: Slot<'_>, part: Part) -> Slot<'_> {
    Slot { value: part.of(slot.value), origin: slot.origin }
}

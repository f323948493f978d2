//! How much of a list a model can be told: which of its values it has a word for, and how many places.

use bumpalo::Bump;

use super::codec::Codec;
use super::path::Get;
use super::plan::{Block, Plan, Row, Source, Spell};
use super::series::{Series, Walk};
use crate::settings::{Device, Origin, Part, Registry, SettingId, Slot, Subject, Val};

/// What a model takes of a list setting.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    setting: SettingId,
    /// Whether it has a word for each value, by the value's place in the registry; `None` where any value can be told.
    spoken: Option<Vec<bool>>,
    /// Most entries; `None` where there is no end.
    most: Option<u16>,
}

/// Entries of a list that a model cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The list.
    pub setting: SettingId,
    /// Where it is set.
    pub origin: Origin,
    /// The entries: the values of an enumeration, else their places.
    pub entries: Vec<String>,
    /// Whether something of the list is left.
    pub left: bool,
}

impl Limit {
    fn nothing(setting: SettingId) -> Limit {
        Limit { setting, spoken: Some(vec![false; Registry::get().setting(setting).values.len()]), most: Some(0) }
    }

    /// What two rows can say together.
    fn widen(&mut self, spoken: Option<Vec<bool>>, most: Option<u16>) {
        self.most = self.most.zip(most).map(|(own, other)| own.max(other));
        self.spoken = match (self.spoken.take(), spoken) {
            (Some(own), Some(other)) => Some(own.iter().zip(other).map(|(own, other)| *own || other).collect()),
            _ => None,
        };
    }

    fn keeps(&self, value: Val<'_>) -> bool {
        match (&self.spoken, value) {
            (Some(spoken), Val::Enum(place)) => spoken.get(place as usize).copied().unwrap_or(false),
            _ => true,
        }
    }

    /// The entries that the model takes, and those that are lost. `None` where nothing is lost.
    fn split<'u>(&self, slot: Slot<'u>, arena: &'u Bump) -> Option<(Slot<'u>, Lost)> {
        let setting = Registry::get().setting(self.setting);
        let most = self.most.map_or(usize::MAX, usize::from);
        let name = |place: usize, value: &Val<'u>| match value {
            Val::Enum(word) => setting.values[*word as usize].clone(),
            _ => format!("entry {}", place + 1),
        };
        let lost = |entries: Vec<String>, left| Lost { setting: self.setting, origin: slot.origin, entries, left };
        match slot.value {
            Val::List(items) => {
                let (kept, mut gone): (Vec<_>, Vec<_>) = items.iter().enumerate().partition(|(_, value)| self.keeps(**value));
                gone.extend(kept.iter().skip(most));
                let kept: Vec<Val<'u>> = kept.iter().take(most).map(|(_, value)| **value).collect();
                let names: Vec<String> = gone.iter().map(|(place, value)| name(*place, value)).collect();
                let left = !kept.is_empty();
                (!names.is_empty()).then(|| (Slot { value: Val::List(arena.alloc_slice_fill_iter(kept)), ..slot }, lost(names, left)))
            }
            Val::Records(records) if records.len() > most => {
                let names = (most..records.len()).map(|place| format!("entry {}", place + 1)).collect();
                Some((Slot { value: Val::Records(&records[..most]), ..slot }, lost(names, most > 0)))
            }
            _ => None,
        }
    }
}

impl Plan {
    /// Takes out of a device's lists what the model has no word or no place for, and tells it. A list of which nothing would be left
    /// stays as it is.
    pub fn narrow<'u>(&self, device: &mut Device<'u>, arena: &'u Bump) -> Vec<Lost> {
        let mut all: Vec<Lost> = Vec::new();
        for limit in &self.limits {
            let setting = Registry::get().setting(limit.setting);
            let mut narrow = |slot: &mut Slot<'u>| {
                if let Some((kept, lost)) = limit.split(*slot, arena) {
                    if lost.left {
                        *slot = kept;
                    }
                    if !all.contains(&lost) {
                        all.push(lost);
                    }
                }
            };
            match setting.subject {
                Subject::Device => {
                    narrow(&mut device.slots[setting.slot as usize]);
                    if let Some(place) = setting.line_slot {
                        device.lines.iter_mut().for_each(|line| narrow(&mut line.slots[place as usize]));
                    }
                }
                Subject::Line => device.lines.iter_mut().for_each(|line| narrow(&mut line.slots[setting.slot as usize])),
                _ => {}
            }
        }
        all
    }

    /// Most entries of the lists that the model is told, where there is an end.
    pub fn list_lengths(&self) -> impl Iterator<Item = (SettingId, u16)> {
        self.limits.iter().filter_map(|limit| Some((limit.setting, limit.most?)))
    }

    /// Values of lists that the model has no word for.
    pub fn list_gaps(&self) -> impl Iterator<Item = (SettingId, &'static str)> {
        self.limits.iter().flat_map(|limit| {
            let values = &Registry::get().setting(limit.setting).values;
            let gaps = limit.spoken.iter().flat_map(move |spoken| spoken.iter().zip(values)).filter(|(spoken, _)| !**spoken);
            gaps.map(|(_, value)| (limit.setting, value.as_str()))
        })
    }

    /// The limits of all lists that the model is told.
    pub(super) fn find_limits(&self) -> Vec<Limit> {
        let mut limits: Vec<Limit> = Vec::new();
        let mut widen = |setting: SettingId, spoken: Option<Vec<bool>>, most: Option<u16>| {
            if !limits.iter().any(|limit| limit.setting == setting) {
                limits.push(Limit::nothing(setting));
            }
            limits.iter_mut().filter(|limit| limit.setting == setting).for_each(|limit| limit.widen(spoken.clone(), most));
        };
        for file in &self.files {
            for block in &file.blocks {
                let rows = || block.entries.clone().map(|entry| &self.rows[file.entries[entry as usize].row as usize]);
                if let Some(series) = self.list_of(block) {
                    let setting = series.item().unwrap_or(SettingId(0));
                    widen(setting, series_words(series, setting, rows()), room(series));
                } else {
                    rows().for_each(|row| by_row(row, &mut widen));
                }
            }
            for setting in file.spec.uses.iter().filter_map(|name| Registry::get().find(name)) {
                widen(setting.id, None, None);
            }
        }
        limits.retain(|limit| is_list(limit.setting) && (limit.spoken.is_some() || limit.most.is_some()));
        self.model_codecs(&mut limits);
        limits
    }

    fn list_of(&self, block: &Block) -> Option<&Series> {
        block.steps.iter().rev().map(|(series, _)| &self.series[*series as usize]).find(|series| series.item().is_some())
    }

    /// A model that plays less than its vendor spells.
    fn model_codecs(&self, limits: &mut Vec<Limit>) {
        let codecs = crate::known!("media.codecs");
        if self.model.facts.codecs.is_empty() || !self.reads(codecs.id) {
            return;
        }
        let plays: Vec<bool> = codecs.values.iter().map(|name| self.model.facts.codecs.contains(name)).collect();
        match limits.iter_mut().find(|limit| limit.setting == codecs.id) {
            Some(limit) => {
                limit.spoken = Some(match limit.spoken.take() {
                    Some(spoken) => spoken.iter().zip(plays).map(|(spoken, plays)| *spoken && plays).collect(),
                    None => plays,
                });
            }
            None => limits.push(Limit { setting: codecs.id, spoken: Some(plays), most: None }),
        }
    }
}

fn is_list(setting: SettingId) -> bool {
    let setting = Registry::get().setting(setting);
    setting.list || setting.kind == crate::settings::Kind::Records
}

fn room(series: &Series) -> Option<u16> {
    (!matches!(series.walk, Walk::Values(..))).then_some(series.size)
}

/// The values that the rows of a series have words for.
fn series_words<'p>(series: &Series, setting: SettingId, rows: impl Iterator<Item = &'p Row>) -> Option<Vec<bool>> {
    let values = Registry::get().setting(setting).values.len();
    if let Walk::Values(_, words) = &series.walk {
        let mut spoken = vec![false; values];
        words.iter().for_each(|(value, _)| spoken[*value as usize] = true);
        return Some(spoken);
    }
    // All rows must have a word: one that tells a codec's name and one that tells its rate are of one entry.
    let mut spoken = None;
    for row in rows {
        let words = match &row.value {
            Source::Setting(Get::ItemValue(_), spell) => words(setting, &codecs_of(spell)),
            Source::Format(lens) => lens.codecs(&|get| matches!(get, Get::ItemValue(_))).and_then(|codecs| words(setting, codecs)),
            _ => None,
        };
        spoken = match (spoken, words) {
            (None, words) => words,
            (own, None) => own,
            (Some(own), Some(other)) => Some(own.iter().zip(other).map(|(own, other): (&bool, bool)| *own && other).collect()),
        };
    }
    spoken
}

/// A row outside a series of the list: the whole list joined, or one place of it.
fn by_row(row: &Row, widen: &mut dyn FnMut(SettingId, Option<Vec<bool>>, Option<u16>)) {
    match &row.value {
        Source::Setting(Get::Setting { id, part: Part::Nth(place), .. }, _) => widen(*id, None, Some(u16::from(*place))),
        Source::Setting(Get::Setting { id, part: Part::Whole, .. }, spell) if spell.join.is_some() && spell.item.is_none() => {
            widen(*id, words(*id, &codecs_of(spell)), None);
        }
        Source::Setting(Get::Setting { id, .. }, _) => widen(*id, None, None),
        Source::Format(lens) => {
            for get in lens.holes() {
                match get {
                    Get::Setting { id, part: Part::Nth(place), .. } => widen(*id, None, Some(u16::from(*place))),
                    Get::Setting { id, .. } => widen(*id, None, None),
                    _ => {}
                }
            }
        }
        Source::Constant(_) | Source::Field(_) | Source::Setting(..) => {}
    }
}

fn codecs_of(spell: &Spell) -> Vec<Codec> {
    spell.map.iter().cloned().map(Codec::Map).chain(spell.codecs.iter().cloned()).collect()
}

/// The values of an enumeration that codecs can write; `None` where the list is of no enumeration.
fn words(setting: SettingId, codecs: &[Codec]) -> Option<Vec<bool>> {
    let values = &Registry::get().setting(setting).values;
    (!values.is_empty()).then(|| values.iter().map(|value| super::codec::write_all(codecs, value).is_ok()).collect())
}

//! What a row sees from where it stands: its line, its key, the entry of a list, and the settings that these have.

use super::evaluate::Trouble;
use super::keys::{KeyTable, KeyType};
use super::path::Get;
use super::plan::Condition;
use super::series::Rest;
use crate::known;
use crate::settings::{Device, Element, Origin, Part, Record, Registry, Slot, Subject, Val};

/// Where in the device a row stands.
#[derive(Clone, Copy)]
pub(super) struct Context<'c, 'u> {
    pub(super) device: &'c Device<'u>,
    pub(super) line: Option<&'c Element<'u>>,
    pub(super) key: Option<&'c Element<'u>>,
    pub(super) handset: Option<&'c Element<'u>>,
    pub(super) port: Option<&'c Element<'u>>,
    pub(super) relay: Option<&'c Element<'u>>,
    pub(super) module: u16,
    pub(super) rank: Option<u16>,
    pub(super) item: Val<'u>,
    pub(super) record: Option<Record<'u>>,
    pub(super) file_name: &'c str,
}

type Fetched<'u> = Result<Slot<'u>, Trouble>;

/// What a step of a series finds.
pub(super) enum Step {
    Used,
    Unused,
    Silent,
}

pub(super) fn used(yes: bool) -> Step {
    if yes { Step::Used } else { Step::Unused }
}

impl<'c, 'u> Context<'c, 'u> {
    /// Outside all series.
    pub(super) fn of(device: &'c Device<'u>, file_name: &'c str) -> Self {
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
    pub(super) fn meets(&self, conditions: &[(Get, Condition)]) -> Result<bool, Trouble> {
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

    pub(super) fn set_key(&mut self, key: Option<&'c Element<'u>>) {
        self.key = key;
        self.line = key.and_then(|key| key.slot(known!("key.line")).value.int()).and_then(|line| self.device.line(line as u16));
    }

    pub(super) fn numbered(&mut self, subject: Subject, index: u16) -> Step {
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

    pub(super) fn list(&self, id: crate::settings::SettingId) -> Slot<'u> {
        let setting = Registry::get().setting(id);
        match (self.line.or(self.device.lines.first()), setting.subject) {
            (Some(line), Subject::Line) => self.device.line_slot(line, setting),
            (None, Subject::Line) => Slot::EMPTY,
            _ if self.line.is_some() => self.line.map_or(Slot::EMPTY, |line| self.device.line_slot(line, setting)),
            _ => self.device.slot(setting),
        }
    }

    pub(super) fn ranked(&mut self, id: crate::settings::SettingId, rest: &Rest, index: u16) -> Step {
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

    pub(super) fn by_value(&mut self, id: crate::settings::SettingId, value: u8) -> Step {
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
    pub(super) fn apart(&self, get: Get, trouble: &Trouble) -> Vec<Origin> {
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

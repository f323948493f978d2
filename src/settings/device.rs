//! A device as what its phone is told: slots, lines, keys and other elements.

use super::{Origin, Registry, Setting, Slot, Subject, Val};

/// One line, key, handset, port or relay.
#[derive(Clone, Debug)]
pub struct Element<'u> {
    /// Its number; of a key, its position.
    pub number: u16,
    /// Expansion module of a key, else 0.
    pub module: u16,
    /// Area of a key, as the registry lists them, else 0.
    pub area: u8,
    /// Where it was written.
    pub origin: Origin,
    /// Its settings, by the slots of its subject.
    pub slots: Vec<Slot<'u>>,
}

/// A resolved device.
#[derive(Clone, Debug, Default)]
pub struct Device<'u> {
    /// Device-wide settings, by slot.
    pub slots: Vec<Slot<'u>>,
    /// Lines, by number.
    pub lines: Vec<Element<'u>>,
    /// Keys, by area, module and position.
    pub keys: Vec<Element<'u>>,
    /// Handsets, by number.
    pub handsets: Vec<Element<'u>>,
    /// Ports, by number.
    pub ports: Vec<Element<'u>>,
    /// Relays, by number.
    pub relays: Vec<Element<'u>>,
    /// Vendor parameters that are passed through, by name.
    pub raw: Vec<(&'u str, Slot<'u>)>,
}

impl<'u> Device<'u> {
    /// A device-wide slot.
    pub fn slot(&self, setting: &Setting) -> Slot<'u> {
        self.slots.get(setting.slot as usize).copied().unwrap_or(Slot::EMPTY)
    }

    /// A setting as a line has it: its own word, else the device's.
    pub fn line_slot(&self, line: &Element<'u>, setting: &Setting) -> Slot<'u> {
        if setting.subject == Subject::Line {
            return line.slots[setting.slot as usize];
        }
        let own = setting.line_slot.map(|slot| line.slots[slot as usize]);
        own.filter(|slot| slot.value != Val::Absent).unwrap_or_else(|| self.slot(setting))
    }

    /// A setting that lines may override, where all of them have it alike; else the slots of two lines that differ.
    pub fn agreed(&self, setting: &Setting) -> Result<Slot<'u>, [(u16, Slot<'u>); 2]> {
        let Some((first, rest)) = self.lines.split_first() else { return Ok(self.slot(setting)) };
        let own = self.line_slot(first, setting);
        match rest.iter().map(|line| (line.number, self.line_slot(line, setting))).find(|(_, slot)| slot.value != own.value) {
            Some(other) => Err([(first.number, own), other]),
            None => Ok(own),
        }
    }

    /// The line of a number.
    pub fn line(&self, number: u16) -> Option<&Element<'u>> {
        self.lines.binary_search_by_key(&number, |line| line.number).ok().map(|place| &self.lines[place])
    }

    /// The key at a place.
    pub fn key(&self, area: u8, module: u16, position: u16) -> Option<&Element<'u>> {
        self.keys
            .binary_search_by_key(&(area, module, position), |key| (key.area, key.module, key.number))
            .ok()
            .map(|place| &self.keys[place])
    }

    /// The element of a number in a sorted list.
    pub fn numbered<'e>(elements: &'e [Element<'u>], number: u16) -> Option<&'e Element<'u>> {
        elements.binary_search_by_key(&number, |element| element.number).ok().map(|place| &elements[place])
    }
}

impl<'u> Element<'u> {
    /// An element with nothing said of it.
    pub fn empty(subject: Subject, number: u16, origin: Origin) -> Element<'u> {
        Element { number, module: 0, area: 0, origin, slots: vec![Slot::EMPTY; Registry::get().size(subject)] }
    }

    /// The slot of a setting of its subject.
    pub fn slot(&self, setting: &Setting) -> Slot<'u> {
        self.slots[setting.slot as usize]
    }
}

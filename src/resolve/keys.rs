//! Keys find their places: written positions first, then a key for each line, then the rest in the order of the file.

use crate::known;
use std::collections::BTreeMap;

use super::ElementDoc;
use super::cascade::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::settings::{Derived, Device, Element, Registry, Setting, Slot, Subject, Val};
use crate::vendor::{Model, Plan};

/// Area, module and position.
type Spot = (u8, u16, u16);
type Places<'u> = BTreeMap<Spot, Element<'u>>;
/// A file and the bytes in it.
type At = (std::sync::Arc<str>, std::ops::Range<usize>);

struct Placing<'p, 'u> {
    model: &'p Model,
    taken: Places<'u>,
    spans: BTreeMap<Spot, At>,
    /// Keys of layouts that the model has no place for: a layout is for phones of all sizes.
    beyond: Vec<(ElementDoc<'u>, String)>,
    diagnostics: &'p mut Vec<Diagnostic>,
}

fn ordinal(setting: &Setting, word: &str) -> u8 {
    setting.values.iter().position(|value| value == word).unwrap_or(0) as u8
}

/// Places a device's keys.
pub fn place<'u>(
    docs: &[ElementDoc<'u>],
    device: &Device<'u>,
    plan: &Plan,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Element<'u>>, Vec<(ElementDoc<'u>, String)>) {
    let model = &plan.model;
    let mut placing = Placing { model, taken: Places::new(), spans: BTreeMap::new(), beyond: Vec::new(), diagnostics };
    let elements: Vec<(&ElementDoc<'u>, Element<'u>)> = docs.iter().map(|doc| (doc, element(doc))).collect();
    for (doc, element) in elements.iter().filter(|(doc, _)| doc.number.is_some()) {
        placing.positioned(doc, element.clone());
    }
    let line_types = [ordinal(known!("key.type"), "line"), ordinal(known!("key.type"), "shared_line")];
    let has_key = |number: u16| {
        elements.iter().any(|(_, element)| {
            matches!(element.slot(known!("key.type")).value, Val::Enum(kind) if line_types.contains(&kind))
                && element.slot(known!("key.line")).value.int().unwrap_or(1) == i64::from(number)
        })
    };
    let can = plan.keys.find(line_types[0], 0).is_some();
    for line in device.lines.iter().filter(|line| can && !has_key(line.number)) {
        placing.of_line(line, line_types[0]);
    }
    for (doc, element) in elements.into_iter().filter(|(doc, _)| doc.number.is_none()) {
        placing.next_free(doc, element);
    }
    (placing.taken.into_values().collect(), placing.beyond)
}

fn element<'u>(doc: &ElementDoc<'u>) -> Element<'u> {
    let mut element = Element::empty(Subject::Key, 0, doc.origin);
    for (id, slot) in &doc.settings {
        let setting = Registry::get().setting(*id);
        if setting.subject == Subject::Key {
            element.slots[setting.slot as usize] = *slot;
        }
    }
    element.area = match element.slot(known!("key.area")).value {
        Val::Enum(area) => area,
        _ => 0,
    };
    element.module = element.slot(known!("key.module")).value.int().unwrap_or(0) as u16;
    element
}

impl<'u> Placing<'_, 'u> {
    fn area_name(area: u8) -> &'static str {
        &known!("key.area").values[area as usize]
    }

    fn is_expansion(area: u8) -> bool {
        Self::area_name(area) == "expansion"
    }

    /// Turns a position that counts over all modules into module and position.
    fn split(&self, area: u8, module: u16, position: u16) -> (u16, u16) {
        let size = self.model.number("module_keys").max(1) as u16;
        if !Self::is_expansion(area) {
            return (0, position);
        }
        if module == 0 { ((position - 1) / size + 1, (position - 1) % size + 1) } else { (module, position) }
    }

    fn positioned(&mut self, doc: &ElementDoc<'u>, mut element: Element<'u>) {
        let Some((position, span)) = doc.number.clone() else { return };
        let (module, position) = self.split(element.area, element.module, position);
        (element.module, element.number) = (module, position);
        if !self.fits(doc, &element, span.clone()) {
            return;
        }
        let place = (element.area, element.module, element.number);
        if let Some(first) = self.spans.get(&place) {
            let found = Diagnostic::new(Code::KEY_DUPLICATE_POSITION, format!("two keys at position {position} of the same area"));
            self.diagnostics.push(
                found
                    .at(&doc.path, span, "again")
                    .see(&first.0, first.1.clone(), "first here")
                    .help("give one of them another position, or none: free ones are filled in order"),
            );
            return;
        }
        self.spans.insert(place, (doc.path.clone(), span));
        self.taken.insert(place, element);
    }

    fn fits(&mut self, doc: &ElementDoc<'u>, element: &Element<'u>, span: std::ops::Range<usize>) -> bool {
        let area = Self::area_name(element.area);
        let modules = self.model.number("modules") as u16;
        let name = &self.model.name;
        if Self::is_expansion(element.area) {
            if element.module > modules {
                if doc.layout.is_some() {
                    self.beyond.push((doc.clone(), format!("key {} of module {}", element.number, element.module)));
                    return false;
                }
                let have = if modules == 0 { "takes no expansion module".to_owned() } else { format!("takes {modules} expansion modules") };
                let found = Diagnostic::new(
                    Code::KEY_MODULE_BEYOND_MODEL,
                    format!("the {name} {have}, and this key is on module {}", element.module),
                );
                self.diagnostics.push(
                    found.at(&doc.path, span, "no such module").help("put the key on the phone itself, or use a model with more modules"),
                );
                return false;
            }
            let size = self.model.number("module_keys") as u16;
            return element.number <= size || self.beyond(doc, element, size, "on each module", span);
        }
        let size = self.model.keys(area);
        element.number <= size || self.beyond(doc, element, size, &format!("in area `{area}`"), span)
    }

    fn beyond(&mut self, doc: &ElementDoc<'u>, element: &Element<'u>, size: u16, place: &str, span: std::ops::Range<usize>) -> bool {
        if doc.layout.is_some() {
            self.beyond.push((doc.clone(), format!("key {} {place}", element.number)));
            return false;
        }
        let message = format!("the {} has {size} keys {place}, and this is key {}", self.model.name, element.number);
        self.diagnostics.push(
            Diagnostic::new(Code::KEY_BEYOND_MODEL, message)
                .at(&doc.path, span, "no such key")
                .help("remove keys, or use a model or an expansion module with more"),
        );
        false
    }

    fn free(&self, area: u8) -> Option<(u16, u16)> {
        let (modules, size) = match Self::is_expansion(area) {
            true => (1..=self.model.number("modules") as u16, self.model.number("module_keys") as u16),
            false => (0..=0, self.model.keys(Self::area_name(area))),
        };
        modules
            .flat_map(|module| (1..=size).map(move |position| (module, position)))
            .find(|(module, position)| !self.taken.contains_key(&(area, *module, *position)))
    }

    /// A line without a key of its own gets the first free one, if there is one.
    fn of_line(&mut self, line: &Element<'u>, kind: u8) {
        if let Some((module, position)) = self.free(0) {
            let mut element = Element::empty(Subject::Key, position, line.origin);
            element.module = module;
            element.slots[known!("key.type").slot as usize] = Slot { value: Val::Enum(kind), origin: line.origin };
            element.slots[known!("key.line").slot as usize] = Slot { value: Val::Int(i64::from(line.number)), origin: line.origin };
            self.taken.insert((0, module, position), element);
        }
    }

    fn next_free(&mut self, doc: &ElementDoc<'u>, mut element: Element<'u>) {
        match self.free(element.area) {
            Some((module, position)) => {
                (element.module, element.number) = (module, position);
                self.taken.insert((element.area, module, position), element);
            }
            None if doc.layout.is_some() => {
                let area = Self::area_name(element.area);
                self.beyond.push((doc.clone(), format!("a key without a position in area `{area}`")));
            }
            None => {
                let area = Self::area_name(element.area);
                let (size, modules) = (self.model.keys(area), self.model.number("modules"));
                let (code, message) = match Self::is_expansion(element.area) && modules == 0 {
                    true => (Code::KEY_MODULE_BEYOND_MODEL, format!("the {} takes no expansion module", self.model.name)),
                    false => {
                        (Code::KEY_BEYOND_MODEL, format!("the {} has {size} keys in area `{area}`, and all are taken", self.model.name))
                    }
                };
                self.diagnostics.push(
                    Diagnostic::new(code, message)
                        .at(&doc.path, doc.span.clone(), "no place for this key")
                        .help("remove keys, or use a model or an expansion module with more"),
                );
            }
        }
    }
}

impl<'u> Resolver<'_, 'u> {
    /// Fills in what a key leaves out: its line, its label, its pickup code.
    pub fn complete_key(&self, key_element: &mut Element<'u>, device: &Device<'u>) {
        let fallback = |value: Val<'u>| Slot::derived(value, Derived::Fallback);
        let set = |element: &mut Element<'u>, setting: &Setting, value: Val<'u>| element.slots[setting.slot as usize] = fallback(value);
        if key_element.slot(known!("key.line")).value == Val::Absent
            && let Some(first) = device.lines.first()
        {
            set(key_element, known!("key.line"), Val::Int(i64::from(first.number)));
        }
        let value = key_element.slot(known!("key.value")).value;
        if key_element.slot(known!("key.label")).value == Val::Absent
            && let Some(name) = value.str().and_then(|number| self.extension(number)).and_then(|(_, extension)| extension.name)
        {
            set(key_element, known!("key.label"), Val::Str(name));
        }
        let watches = ["blf", "blf_transfer_blind", "blf_transfer_attended", "blf_conference", "presence"];
        let kind = key_element.slot(known!("key.type")).value;
        let is_watching = matches!(kind, Val::Enum(kind) if watches.contains(&known!("key.type").values[kind as usize].as_str()));
        if key_element.slot(known!("key.pickup")).value == Val::Absent && is_watching {
            let code = known!("feature.codes.pickup.direct");
            let line = key_element.slot(known!("key.line")).value.int().and_then(|line| device.line(line as u16));
            let slot = line.map_or_else(|| device.slot(code), |line| device.line_slot(line, code));
            if slot.value.is_set() {
                key_element.slots[known!("key.pickup").slot as usize] = slot;
            }
        }
        if let (Some(prefix), Some(number)) = (key_element.slot(known!("key.pickup")).value.str(), value.str()) {
            set(key_element, known!("key.pickup_number"), Val::Str(self.arena.alloc_str(&format!("{prefix}{number}"))));
        }
    }
}

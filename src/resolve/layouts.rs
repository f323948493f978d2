//! Named lists of keys: written once in a scope, taken by any device below it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;

use super::ElementDoc;
use super::cascade::Resolver;
use super::device::DeviceDoc;
use super::elements;
use super::extensions::Extension;
use super::layer::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::known;
use crate::model::Suggest;
use crate::settings::{Device, Parser, Slot, Subject, Val};

/// A named list of keys.
#[derive(Clone, Debug)]
pub struct Layout<'u> {
    /// Its name.
    pub name: &'u str,
    /// Its keys, in their order.
    pub keys: Vec<ElementDoc<'u>>,
}

/// Reads a `layouts` table: a list of keys under each name.
pub fn read<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) -> Vec<Layout<'u>> {
    let Some(table) = parser.table(value) else { return Vec::new() };
    let named = table.iter().map(|(name, keys)| {
        let name: &'u str = parser.arena.alloc_str(name.get_ref());
        let mut keys = elements::read(parser, keys, Subject::Key);
        keys.iter_mut().for_each(|key| key.layout = Some(name));
        Layout { name, keys }
    });
    named.collect()
}

/// Where a key stands on the phone, as it is written.
type Spot = (u8, u16, u16);

impl<'r, 'u> Resolver<'r, 'u> {
    /// The keys of a device: those of its layouts, then its own. Its own take the place of a layout's at the same position, unless that
    /// is locked; of two layouts the later one wins. Keys that are made for extensions are made here.
    pub fn keys(&self, doc: &DeviceDoc<'u>, place: usize, device: &Device<'u>, found: &mut Vec<Diagnostic>) -> Vec<ElementDoc<'u>> {
        let mut keys: Vec<ElementDoc<'u>> = Vec::new();
        for (name, origin) in self.layouts_of(device) {
            match self.layout(name, place) {
                Some(layout) => {
                    let own = layout.keys.iter().flat_map(|key| self.made(key, device, found)).collect();
                    keys = over(keys, own, found);
                }
                None => found.push(self.unknown_layout(name, place, doc, origin)),
            }
        }
        let own = doc.keys.iter().flat_map(|key| self.made(key, device, found)).collect();
        over(keys, own, found)
    }

    /// The names of a device's layouts, and where they are set.
    fn layouts_of(&self, device: &Device<'u>) -> Vec<(&'u str, Slot<'u>)> {
        let slot = device.slot(known!("key.layout_ref"));
        match slot.value {
            Val::List(names) => names.iter().filter_map(|name| Some((name.str()?, slot))).collect(),
            _ => Vec::new(),
        }
    }

    /// The scopes that hold at a place, the nearest first.
    fn scopes(&self, place: usize) -> Vec<&'r Scope<'u>> {
        let docs = self.docs;
        let places = std::iter::successors(Some(place), |at| docs.places[*at].above).map(|at| &docs.places[at].scope);
        let msps = self.msps.iter().rev().filter_map(|msp| self.fleet.msps.get(msp));
        places.chain(msps).chain([&self.fleet.scope]).collect()
    }

    fn layout(&self, name: &str, place: usize) -> Option<&'r Layout<'u>> {
        self.scopes(place).into_iter().flat_map(|scope| &scope.layouts).find(|layout| layout.name == name)
    }

    fn unknown_layout(&self, name: &str, place: usize, doc: &DeviceDoc<'u>, slot: Slot<'u>) -> Diagnostic {
        let known: Vec<&str> = self.scopes(place).into_iter().flat_map(|scope| &scope.layouts).map(|layout| layout.name).collect();
        let found = Diagnostic::new(Code::KEY_UNKNOWN_LAYOUT, format!("there is no layout \"{}\"", name.escape_debug()));
        let of_device = slot.origin.file == doc.file;
        let at = slot.origin.at as usize;
        let mut found = match of_device {
            true => found.at(&doc.path, at..at + 1, "not in any scope above"),
            false => found.at(&doc.path, doc.span.clone(), "a scope above asks for it"),
        };
        found.help.extend(Suggest::among(known).closest(name).map(|best| format!("did you mean \"{best}\"?")));
        found.help(format!("write [[layouts.{name}]] with its keys into fleet.toml, msp.toml, customer.toml or site.toml"))
    }

    /// A key as it is, or one for each extension that it is made for.
    fn made(&self, key: &ElementDoc<'u>, device: &Device<'u>, found: &mut Vec<Diagnostic>) -> Vec<ElementDoc<'u>> {
        let Some((wanted, span)) = &key.extensions else { return vec![key.clone()] };
        let own: Vec<&str> = device.lines.iter().filter_map(|line| line.slot(known!("line.user")).value.str()).collect();
        let mut made: Vec<ElementDoc<'u>> = Vec::new();
        for wanted in wanted {
            let matching: Vec<&Extension<'u>> = self.docs.extensions.iter().filter(|extension| is_meant(extension, wanted)).collect();
            if matching.is_empty() {
                let message = format!("no extension of the customer is \"{}\"", wanted.escape_debug());
                let diagnostic = Diagnostic::new(Code::EXTENSION_UNKNOWN, message).at(&key.path, span.clone(), "names none");
                found.push(diagnostic.help("a number, a range such as \"101..119\", \"group:NAME\" or \"all\""));
            }
            for extension in matching.into_iter().filter(|extension| !own.contains(&extension.number)) {
                let value = Slot { value: Val::Str(extension.number), origin: key.origin };
                if made.iter().any(|made| made.value() == Some(value.value)) {
                    continue;
                }
                let mut one = key.clone();
                one.extensions = None;
                one.number = key.number.as_ref().map(|(first, span)| (first + made.len() as u16, span.clone()));
                one.settings.retain(|(id, _)| *id != known!("key.value").id);
                one.settings.push((known!("key.value").id, value));
                made.push(one);
            }
        }
        made
    }
}

impl<'u> ElementDoc<'u> {
    fn value(&self) -> Option<Val<'u>> {
        self.settings.iter().rev().find(|(id, _)| *id == known!("key.value").id).map(|(_, slot)| slot.value)
    }

    /// Where a key stands, if it says so.
    fn spot(&self) -> Option<Spot> {
        let get = |name: &str| self.settings.iter().rev().find(|(id, _)| *id == crate::settings::Registry::get().known(name).id);
        let area = match get("key.area") {
            Some((_, Slot { value: Val::Enum(area), .. })) => *area,
            _ => 0,
        };
        let module = get("key.module").and_then(|(_, slot)| slot.value.int()).unwrap_or(0) as u16;
        self.number.as_ref().map(|(position, _)| (area, module, *position))
    }
}

/// Whether an extension is meant by a number, a range, a group or all.
fn is_meant(extension: &Extension<'_>, wanted: &str) -> bool {
    if wanted == "all" || extension.number == wanted {
        return true;
    }
    if let Some(group) = wanted.strip_prefix("group:") {
        return extension.group == Some(group.trim());
    }
    let Some((first, last)) = wanted.split_once("..") else { return false };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (number(first), number(last), number(extension.number)) {
        (Some(from), Some(to), Some(own)) => (from..=to).contains(&own) && extension.number.len() == first.trim().len(),
        _ => false,
    }
}

/// Lays keys over others: at the same position the upper one counts, unless the lower one is locked.
fn over<'u>(lower: Vec<ElementDoc<'u>>, upper: Vec<ElementDoc<'u>>, found: &mut Vec<Diagnostic>) -> Vec<ElementDoc<'u>> {
    let mut spots: BTreeMap<Spot, (Arc<str>, Range<usize>)> = BTreeMap::new();
    for key in lower.iter().filter(|key| key.locked) {
        if let (Some(spot), Some((_, span))) = (key.spot(), &key.number) {
            spots.insert(spot, (key.path.clone(), span.clone()));
        }
    }
    let (kept, refused): (Vec<_>, Vec<_>) = upper.into_iter().partition(|key| key.spot().is_none_or(|spot| !spots.contains_key(&spot)));
    for key in refused {
        if let (Some(spot), Some((position, span))) = (key.spot(), &key.number) {
            let (path, locked) = &spots[&spot];
            let message = format!("position {position} is locked by a layout");
            let diagnostic = Diagnostic::new(Code::KEY_LOCKED, message).at(&key.path, span.clone(), "another key here");
            found.push(diagnostic.see(path, locked.clone(), "locked here").help("give the key another position, or unlock the layout's"));
        }
    }
    let taken: Vec<Spot> = kept.iter().filter_map(ElementDoc::spot).collect();
    lower.into_iter().filter(|key| key.spot().is_none_or(|spot| !taken.contains(&spot))).chain(kept).collect()
}

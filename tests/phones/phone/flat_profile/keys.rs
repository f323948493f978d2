//! Keys: each beside the screen is an extension or a function, those of a module are functions.

use super::super::flash::Flash;
use super::super::report::{Account, Area, Key};
use super::super::words::word;
use super::super::{Device, Outcome};
use super::function;
use super::{Series, yes};

pub fn all(flash: &Flash, device: &Device, series: &Series, accounts: &[Account]) -> Outcome<Vec<Key>> {
    let place = Place { flash, device, series };
    let mut keys = Vec::new();
    let own = (1..=device.facts.line_keys.min(64)).collect::<Vec<_>>();
    let told = ["Extension_", "Extended_Function_"].iter().flat_map(|before| flash.indices(before, "_"));
    let mut positions: Vec<u32> = own.into_iter().chain(told).collect();
    positions.sort_unstable();
    positions.dedup();
    for position in positions {
        keys.extend(place.line_key(position, accounts)?);
    }
    for (module, position, text) in place.module_keys()? {
        keys.extend(place.module_key(module, position, &text)?);
    }
    Ok(keys)
}

struct Place<'p> {
    flash: &'p Flash,
    device: &'p Device,
    series: &'p Series,
}

impl Place<'_> {
    fn line_key(&self, position: u32, accounts: &[Account]) -> Outcome<Option<Key>> {
        let at = |name: &str| format!("{name}_{position}_");
        let extension = self.extension(position, accounts)?;
        let function = self.flash.text(&at("Extended_Function"));
        if position > self.device.facts.line_keys && (extension.is_some() || function.is_some()) {
            return Err(format!("key {position}: this phone has {}", self.device.facts.line_keys));
        }
        let short = self.flash.text(&at("Short_Name"));
        match (extension, function) {
            (None, None) => Ok(None),
            (Some(line), None) => {
                let shares = self.flash.text(&at("Share_Call_Appearance")).unwrap_or_else(|| "private".to_owned());
                let kind = word(&at("Share_Call_Appearance"), &shares, &[("private", "line"), ("shared", "shared_line")])?;
                Ok(Some(Key { area: Area::Line, module: None, position, kind, value: None, label: short, line: Some(line), pickup: None }))
            }
            (None, Some(text)) => self.function(Area::Line, None, position, &text, short).map(Some),
            (Some(line), Some(text)) => Err(format!("key {position}: both extension {line} and `{text}`")),
        }
    }

    /// A key out of the box is on the extension of its own number, and does nothing while that one is nobody's.
    fn extension(&self, position: u32, accounts: &[Account]) -> Outcome<Option<u32>> {
        let name = format!("Extension_{position}_");
        match self.flash.raw(&name) {
            None => Ok(accounts.iter().any(|account| account.number == position).then_some(position)),
            Some("Disabled") => Ok(None),
            Some(told) => {
                let line = told.parse().ok().filter(|line| (1..=self.device.facts.lines).contains(line));
                line.map(Some).ok_or_else(|| format!("{name}: `{told}` is no extension of this phone"))
            }
        }
    }

    fn module_key(&self, module: u32, position: u32, text: &str) -> Outcome<Option<Key>> {
        let facts = &self.device.facts;
        let plugged = match self.series.units {
            Some(name) => self.flash.number(name)?.unwrap_or(0),
            None => facts.modules,
        };
        if module == 0 || module > facts.modules.min(plugged) || position == 0 || position > facts.module_keys {
            return Err(format!("module {module} key {position}: there are {plugged} modules of {} keys", facts.module_keys));
        }
        if !yes(self.flash, &format!("Unit_{module}_Enable"), true)? {
            return Ok(None);
        }
        self.function(Area::Expansion, Some(module), position, text, None).map(Some)
    }

    /// Keys of modules that have a function.
    fn module_keys(&self) -> Outcome<Vec<(u32, u32, String)>> {
        let mut found = Vec::new();
        for rest in self.flash.names_after("Unit_") {
            let Some((module, key)) = rest.strip_suffix(self.series.unit_keys_end).and_then(|rest| rest.split_once("_Key_")) else {
                continue;
            };
            let Some(text) = self.flash.text(&format!("Unit_{rest}")) else {
                continue;
            };
            let number = |text: &str| text.parse().map_err(|_| format!("Unit_{rest}: no number"));
            found.push((number(module)?, number(key)?, text));
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The label stands in the function, in the key's short name, or in both.
    fn function(&self, area: Area, module: Option<u32>, position: u32, text: &str, short: Option<String>) -> Outcome<Key> {
        let place = format!("key {module:?} {position}");
        let told = function::parse(&place, text, self.series.functions)?;
        if told.line == 0 || told.line > self.device.facts.lines {
            return Err(format!("{place}: line {}, of {}", told.line, self.device.facts.lines));
        }
        let label = match (told.label, short) {
            (Some(label), Some(short)) if label != short => return Err(format!("{place}: `{label}` or `{short}`")),
            (label, short) => label.or(short),
        };
        let pickup = (self.series.pickup_code)(self.flash).filter(|_| told.picks_up);
        Ok(Key { area, module, position, kind: told.kind, value: told.value, label, line: Some(told.line), pickup })
    }
}

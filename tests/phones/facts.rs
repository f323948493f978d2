//! What a phone of a model has: what its maker built, as the catalogue of models has it.

use crate::fleet::Resolved;
use crate::phone::{Dialect, Facts};

/// The facts of the model of a device.
pub fn of(of: &Resolved) -> Facts {
    let number = |name: &str| u32::try_from(of.model.number(name)).unwrap_or_default();
    let area = |name: &str| u32::from(of.model.keys(name));
    let (modules, module_keys) = (number("modules"), number("module_keys").max(1));
    let line_keys = match of.vendor {
        "polycom" => area("line") + modules * module_keys,
        _ => area("line"),
    };
    Facts {
        lines: number("lines"),
        line_keys,
        memory_keys: area("memory"),
        programmable_keys: area("programmable"),
        modules,
        module_keys,
        wallpaper: wallpaper(of),
        dialect: dialect(of),
    }
}

fn wallpaper(of: &Resolved) -> Option<(u32, u32)> {
    let facts = &of.model.facts;
    let size = facts.assets.wallpaper.as_ref()?.size.or(facts.screen)?;
    Some((size.width, size.height))
}

fn dialect(of: &Resolved) -> Dialect {
    let firmware = of.compiled.plan.firmware.as_ref();
    match of.vendor {
        "yealink" if firmware.and_then(|version| version.meets("< 81")) == Some(true) => Dialect::BeforeV81,
        "fanvil" if of.model.families.iter().any(|family| family == "old") => Dialect::Lines,
        "grandstream" if of.model.class == "ata" => Dialect::Ata,
        "grandstream" if of.model.families.iter().any(|family| family == "item") => Dialect::Items,
        "grandstream" => match (of.model.keys("line"), of.model.keys("memory")) {
            (0, _) => Dialect::Mpk,
            (_, 0) => Dialect::Vpk,
            _ => Dialect::VpkAndMpk,
        },
        _ => Dialect::Current,
    }
}

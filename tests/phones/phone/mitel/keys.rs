//! Keys: those beside the screen are programmable keys or top soft keys, those below it soft keys.

use super::super::flash::Flash;
use super::super::report::{Area, Key};
use super::super::words::Words;
use super::super::{Device, Outcome};

/// A maker's model: how many keys of which name it has, how many modules, and keys of its largest module.
struct Model {
    name: &'static str,
    programmable: u32,
    top: u32,
    soft: u32,
    modules: u32,
    module_keys: u32,
}

const fn model(name: &'static str, programmable: u32, top: u32, soft: u32, modules: u32, module_keys: u32) -> Model {
    Model { name, programmable, top, soft, modules, module_keys }
}

/// No list tells the soft keys of the 69xx, which files of the field use: as on the 68xx of the same screen.
const MODELS: &[Model] = &[
    model("6730i", 8, 0, 0, 0, 0),
    model("6731i", 8, 0, 0, 0, 0),
    model("6735i", 6, 0, 20, 3, 60),
    model("6737i", 0, 10, 20, 3, 60),
    model("6739i", 0, 0, 55, 3, 60),
    model("6753i", 6, 0, 0, 3, 60),
    model("6755i", 6, 0, 20, 3, 60),
    model("6757i", 0, 10, 20, 3, 60),
    model("6863i", 3, 0, 0, 0, 0),
    model("6865i", 8, 0, 0, 3, 84),
    model("6867i", 0, 20, 18, 3, 84),
    model("6869i", 0, 44, 24, 3, 84),
    model("6873i", 0, 48, 24, 3, 84),
    model("6905", 3, 0, 0, 0, 0),
    model("6910", 8, 0, 0, 0, 0),
    model("6915", 0, 10, 18, 3, 84),
    model("6920", 0, 10, 18, 3, 84),
    model("6930", 0, 22, 24, 3, 84),
    model("6940", 0, 24, 24, 3, 84),
    model("6970", 0, 24, 18, 0, 0),
    model("9143i", 7, 0, 0, 0, 0),
    model("9480i", 0, 0, 6, 0, 0),
];

pub fn all(flash: &Flash, device: &Device) -> Outcome<Vec<Key>> {
    let unknown = || format!("{}: no model of this maker", device.model);
    let model = MODELS.iter().find(|model| model.name == device.model).ok_or_else(unknown)?;
    // Where the soft keys are all there is, they are the keys beside the screen.
    let soft = if model.programmable + model.top == 0 { Area::Line } else { Area::Soft };
    let mut keys = Vec::new();
    for (area, name, count) in
        [(Area::Line, "prgkey", model.programmable), (Area::Line, "topsoftkey", model.top), (soft, "softkey", model.soft)]
    {
        keys.extend(set(flash, area, None, name, count)?);
    }
    let modules = flash.names_after("expmod").filter_map(|rest| rest.split_once(" key")?.0.parse().ok());
    for module in modules.collect::<std::collections::BTreeSet<u32>>() {
        let count = if (1..=model.modules).contains(&module) { model.module_keys } else { 0 };
        keys.extend(set(flash, Area::Expansion, Some(module), &format!("expmod{module} key"), count)?);
    }
    Ok(keys)
}

fn set(flash: &Flash, area: Area, module: Option<u32>, name: &str, count: u32) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    for position in flash.indices(name, " type") {
        let at = |what: &str| format!("{name}{position} {what}");
        let kind = flash.word(&at("type"), KINDS)?.unwrap_or("none");
        if kind == "none" {
            continue;
        }
        if position == 0 || position > count {
            return Err(format!("{name}{position}: there are {count} keys here"));
        }
        let line: Option<u32> = flash.number(&at("line"))?;
        if line.is_some_and(|line| !(1..=9).contains(&line)) {
            return Err(format!("{}: lines are numbered from 1 to 9", at("line")));
        }
        if kind == "blf" && area == Area::Soft {
            return Err(format!("{name}{position}: a soft key below the screen watches nobody"));
        }
        let value = flash.text(&at("value"));
        let value = if kind == "call_park" { parked(value, &at("value"))? } else { value };
        keys.push(Key { area, module, position, kind, value, label: flash.text(&at("label")), line, pickup: pickup(flash, kind)? });
    }
    Ok(keys)
}

/// `server;number`: how a call is parked depends on the kind of server.
fn parked(value: Option<String>, name: &str) -> Outcome<Option<String>> {
    let Some(value) = value else {
        return Ok(None);
    };
    match value.split_once(';') {
        Some(("asterisk", number)) => Ok(Some(number.to_owned())),
        _ => Err(format!("{name}: `{value}` is no `asterisk;number`")),
    }
}

/// One prefix for every key that watches, if the phone picks up by dialling.
fn pickup(flash: &Flash, kind: &str) -> Outcome<Option<String>> {
    let watches = matches!(kind, "blf" | "blf_transfer_blind" | "blf_list");
    let on = flash.flag("directed call pickup")? == Some(true);
    Ok(flash.text("directed call pickup prefix").filter(|_| watches && on))
}

const KINDS: Words = &[
    ("none", "none"),
    ("empty", "none"),
    ("line", "line"),
    ("speeddial", "speed_dial"),
    ("speeddialconf", "speed_dial_conf"),
    ("speeddialmwi", "voicemail"),
    ("blf", "blf"),
    ("blfxfer", "blf_transfer_blind"),
    ("list", "blf_list"),
    ("acd", "queue_login"),
    ("dcp", "pickup_direct"),
    ("xml", "xml_browser"),
    ("directory", "directory"),
    ("callers", "history"),
    ("callers list", "history"),
    ("redial", "redial"),
    ("callforward", "forward"),
    ("conf", "conference"),
    ("xfer", "transfer"),
    ("icom", "intercom"),
    ("dnd", "dnd"),
    ("paging", "multicast_paging"),
    ("park", "call_park"),
    ("pickup", "park_retrieve"),
    ("phonelock", "lock"),
    ("services", "menu"),
];

#[cfg(test)]
mod tests {
    use super::super::super::Facts;
    use super::*;

    fn keys(model: &str, told: &[(&str, &str)]) -> Outcome<Vec<Key>> {
        let mut flash = Flash::default();
        for (name, value) in told {
            flash.set(*name, *value);
        }
        all(&flash, &Device { id: String::new(), model: model.into(), facts: Facts::default() })
    }

    #[test]
    fn each_place_has_its_own_name() {
        let told = [("topsoftkey20 type", "blf"), ("softkey1 type", "directory"), ("expmod2 key84 type", "speeddial")];
        let found: Vec<_> = keys("6867i", &told).unwrap().iter().map(|key| (key.area, key.module, key.position, key.kind)).collect();
        let wanted = [(Area::Line, None, 20, "blf"), (Area::Soft, None, 1, "directory"), (Area::Expansion, Some(2), 84, "speed_dial")];
        assert_eq!(found, wanted);
        assert_eq!(keys("6739i", &[("softkey55 type", "blf")]).unwrap()[0].area, Area::Line);
    }

    #[test]
    fn keys_that_the_phone_does_not_have_are_loud_unless_unused() {
        for name in ["prgkey1 type", "topsoftkey21 type", "softkey19 type", "expmod4 key1 type", "expmod1 key85 type"] {
            assert!(keys("6867i", &[(name, "speeddial")]).is_err(), "{name}");
            assert!(keys("6867i", &[(name, "none")]).unwrap().is_empty(), "{name}");
        }
        assert!(keys("6867i", &[("topsoftkey1 type", "15")]).is_err());
        assert!(keys("6867i", &[("topsoftkey1 type", "line"), ("topsoftkey1 line", "10")]).is_err());
        assert!(keys("6867i", &[("softkey1 type", "blf")]).is_err());
        assert!(keys("T46S", &[]).is_err());
    }

    #[test]
    fn what_a_key_does_with_its_value() {
        let prefix = [("directed call pickup", "1"), ("directed call pickup prefix", "**"), ("prgkey1 type", "blf")];
        assert_eq!(keys("6863i", &prefix).unwrap()[0].pickup.as_deref(), Some("**"));
        assert_eq!(keys("6863i", &prefix[1..]).unwrap()[0].pickup, None);
        let park = |value: &'static str| keys("6863i", &[("prgkey1 type", "park"), ("prgkey1 value", value)]);
        assert_eq!(park("asterisk;700").unwrap()[0].value.as_deref(), Some("700"));
        assert!(park("700").is_err());
    }
}

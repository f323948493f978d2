//! Keys: a type number, an account, a value, a label and a pickup code.

use super::super::flash::Flash;
use super::super::report::{Area, Key};
use super::super::words::Words;
use super::super::{Device, Outcome};

pub fn all(flash: &Flash, device: &Device) -> Outcome<Vec<Key>> {
    let facts = &device.facts;
    let mut keys = Vec::new();
    for (area, prefix, count) in [
        (Area::Line, "linekey", facts.line_keys),
        (Area::Memory, "memorykey", facts.memory_keys),
        (Area::Programmable, "programablekey", facts.programmable_keys),
    ] {
        keys.extend(set(flash, device, area, None, prefix, count)?);
    }
    let modules: std::collections::BTreeSet<u32> =
        flash.names_after("expansion_module.").filter_map(|rest| rest.split_once(".key.")?.0.parse().ok()).collect();
    for module in modules {
        let prefix = format!("expansion_module.{module}.key");
        let found = set(flash, device, Area::Expansion, Some(module), &prefix, facts.module_keys)?;
        if !found.is_empty() && (module == 0 || module > facts.modules) {
            return Err(format!("{prefix}: this phone takes {} modules", facts.modules));
        }
        keys.extend(found);
    }
    Ok(keys)
}

fn set(flash: &Flash, device: &Device, area: Area, module: Option<u32>, prefix: &str, count: u32) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    for position in flash.indices(&format!("{prefix}."), ".type") {
        let at = |name: &str| format!("{prefix}.{position}.{name}");
        let kind = flash.word(&at("type"), KINDS)?.unwrap_or("none");
        if kind == "none" {
            continue;
        }
        if position == 0 || position > count {
            return Err(format!("{prefix}.{position}: there are {count} keys here"));
        }
        keys.push(Key {
            area,
            module,
            position,
            kind,
            value: flash.text(&at("value")),
            label: flash.text(&at("label")),
            line: line(flash.number(&at("line"))?, &device.model),
            pickup: flash.text(&at("extension")).or_else(|| flash.text(&at("pickup_value"))),
        });
    }
    Ok(keys)
}

/// Two old models count accounts from 0; on the others 0 is "any".
fn line(told: Option<u32>, model: &str) -> Option<u32> {
    match model.to_ascii_uppercase().as_str() {
        "T32G" | "T38G" => told.map(|line| line + 1),
        _ => told.filter(|line| *line > 0),
    }
}

const KINDS: Words = &[
    ("0", "none"),
    ("1", "conference"),
    ("2", "forward"),
    ("3", "transfer"),
    ("4", "hold"),
    ("5", "dnd"),
    ("6", "redial"),
    ("7", "redial"),
    ("8", "sms"),
    ("9", "pickup_direct"),
    ("10", "call_park"),
    ("11", "dtmf"),
    ("12", "voicemail"),
    ("13", "speed_dial"),
    ("14", "intercom"),
    ("15", "line"),
    ("16", "blf"),
    ("17", "url"),
    ("18", "group_listen"),
    ("19", "hold_public"),
    ("20", "hold_private"),
    ("21", "shared_line"),
    ("22", "directory"),
    ("23", "pickup_group"),
    ("24", "multicast_paging"),
    ("25", "record"),
    ("27", "xml_browser"),
    ("28", "history"),
    ("29", "directory"),
    ("30", "menu"),
    ("32", "sms"),
    ("33", "status"),
    ("34", "hot_desk"),
    ("35", "record"),
    ("38", "ldap"),
    ("39", "blf_list"),
    ("40", "speed_dial_prefix"),
    ("41", "zero_touch"),
    ("42", "queue_login"),
    ("43", "directory"),
    ("44", "directory"),
    ("45", "directory"),
    ("46", "directory"),
    ("47", "directory"),
    ("48", "account_switch"),
    ("49", "account_switch"),
    ("50", "lock"),
    ("51", "account_switch"),
    ("52", "account_switch"),
    ("56", "park_retrieve"),
    ("61", "directory"),
    ("66", "paging"),
    ("73", "key_event"),
    ("85", "directory"),
    ("104", "directory"),
];

#[cfg(test)]
mod tests {
    use super::super::super::Facts;
    use super::*;

    fn keys(model: &str, settings: &[(&str, &str)]) -> Outcome<Vec<Key>> {
        let mut flash = Flash::default();
        for (name, value) in settings {
            flash.set(*name, *value);
        }
        let facts = Facts { line_keys: 10, modules: 1, module_keys: 20, ..Facts::default() };
        all(&flash, &Device { id: String::new(), model: model.into(), facts })
    }

    #[test]
    fn each_area_has_its_own_name() {
        let told = [
            ("linekey.2.type", "13"),
            ("memorykey.1.type", "10"),
            ("programablekey.3.type", "5"),
            ("expansion_module.1.key.20.type", "16"),
        ];
        let found: Vec<_> = keys("T46S", &told).unwrap().iter().map(|key| (key.area, key.module, key.position, key.kind)).collect();
        assert_eq!(
            found,
            [
                (Area::Line, None, 2, "speed_dial"),
                (Area::Memory, None, 1, "call_park"),
                (Area::Programmable, None, 3, "dnd"),
                (Area::Expansion, Some(1), 20, "blf"),
            ]
        );
    }

    #[test]
    fn keys_that_the_phone_does_not_have_are_loud_unless_unused() {
        for name in ["linekey.11.type", "expansion_module.1.key.21.type", "expansion_module.2.key.1.type", "linekey.0.type"] {
            assert!(keys("T46S", &[(name, "16")]).is_err(), "{name}");
            assert!(keys("T46S", &[(name, "0")]).unwrap().is_empty(), "{name}");
        }
        assert!(keys("T46S", &[("linekey.1.type", "99")]).is_err());
    }

    #[test]
    fn accounts_of_keys() {
        let told = [("linekey.1.type", "15"), ("linekey.1.line", "1"), ("linekey.1.pickup_value", "*8")];
        assert_eq!(keys("T46S", &told).unwrap()[0].line, Some(1));
        assert_eq!(keys("T38G", &told).unwrap()[0].line, Some(2));
        assert_eq!(keys("T46S", &told).unwrap()[0].pickup.as_deref(), Some("*8"));
    }
}

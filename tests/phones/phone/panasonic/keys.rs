//! Keys: what a flexible button does is a word, and a number to dial has a parameter of its own.

use super::super::flash::Flash;
use super::super::report::{Area, Key};
use super::super::words::Words;
use super::super::{Device, Outcome};
use super::account;

pub fn all(flash: &Flash, device: &Device) -> Outcome<Vec<Key>> {
    let facts = &device.facts;
    let mut keys = set(flash, device, "FLEX", facts.line_keys)?;
    // Keys of the module are numbered through; what is known is one of them.
    let module_keys = if facts.modules == 0 { 0 } else { facts.module_keys };
    for key in set(flash, device, "DSS", module_keys)? {
        keys.push(Key { area: Area::Expansion, module: Some(1), ..key });
    }
    Ok(keys)
}

fn set(flash: &Flash, device: &Device, prefix: &str, count: u32) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    let action = format!("{prefix}_BUTTON_FACILITY_ACT");
    for position in flash.indices(&action, "") {
        let Some(kind) = flash.word(&format!("{action}{position}"), words(&device.model))? else {
            continue;
        };
        if position == 0 || position > count {
            return Err(format!("{action}{position}: there are {count} keys here"));
        }
        keys.push(key(flash, device, prefix, position, kind)?);
    }
    Ok(keys)
}

fn key(flash: &Flash, device: &Device, prefix: &str, position: u32, kind: &'static str) -> Outcome<Key> {
    let at = |what: &str| format!("{prefix}_BUTTON_{what}{position}");
    let argument = flash.text(&at("FACILITY_ARG"));
    let line = match (kind, &argument) {
        ("line", Some(told)) => Some(line(device, &at("FACILITY_ARG"), told)?),
        ("line", None) => return Err(format!("{}: no line", at("FACILITY_ARG"))),
        _ => None,
    };
    let value = match kind {
        "line" => None,
        "speed_dial" => flash.text(&at("QUICK_DIAL")),
        _ => argument,
    };
    let watches = kind == "blf";
    if value.is_none() && (watches || kind == "speed_dial") {
        return Err(format!("{}: nobody to dial or to watch", at("FACILITY_ACT")));
    }
    let pickup = flash.text("NUM_PLAN_PICKUP_DIRECT").filter(|_| watches);
    Ok(Key { area: Area::Line, module: None, position, kind, value, label: flash.text(&at("LABEL")), line, pickup })
}

/// The KX-UT670 has the number twice.
fn line(device: &Device, name: &str, told: &str) -> Outcome<u32> {
    let number = match told.split_once(',') {
        Some((first, second)) if device.model == "KXUT670" && first == second => first,
        None if device.model != "KXUT670" => told,
        _ => return Err(format!("{name}: `{told}` is no line of this phone")),
    };
    account::line(name, number, device.facts.lines)
}

/// The KX-HDV has other words for lines and watching than the KX-UT.
fn words(model: &str) -> Words {
    if model.starts_with("KXUT") { UT } else { HDV }
}

const UT: Words = &[
    ("X_PANASONIC_IPTEL_DN", "line"),
    ("X_PANASONIC_IPTEL_CONTACT", "blf"),
    ("X_PANASONIC_IPTEL_ONETOUCH", "speed_dial"),
    ("X_PANASONIC_IPTEL_ACD", "queue_login"),
    ("X_PANASONIC_IPTEL_HEADSET", "headset"),
];
const HDV: Words = &[("X_PANASONIC_IPTEL_LINE", "line"), ("X_PANASONIC_IPTEL_BLF", "blf"), ("X_PANASONIC_IPTEL_ONETOUCH", "speed_dial")];

#[cfg(test)]
mod tests {
    use super::super::super::Facts;
    use super::*;

    fn keys(model: &str, told: &[(&str, &str)]) -> Outcome<Vec<Key>> {
        let mut flash = Flash::default();
        for (name, value) in told {
            flash.set(*name, *value);
        }
        let facts = Facts { lines: 6, line_keys: 24, modules: 1, module_keys: 40, ..Facts::default() };
        all(&flash, &Device { id: String::new(), model: model.into(), facts })
    }

    #[test]
    fn words_and_arguments() {
        let told = [
            ("FLEX_BUTTON_FACILITY_ACT1", "X_PANASONIC_IPTEL_LINE"),
            ("FLEX_BUTTON_FACILITY_ARG1", "2"),
            ("FLEX_BUTTON_FACILITY_ACT2", ""),
            ("FLEX_BUTTON_FACILITY_ACT3", "X_PANASONIC_IPTEL_ONETOUCH"),
            ("FLEX_BUTTON_QUICK_DIAL3", "555"),
            ("DSS_BUTTON_FACILITY_ACT40", "X_PANASONIC_IPTEL_BLF"),
            ("DSS_BUTTON_FACILITY_ARG40", "103"),
            ("NUM_PLAN_PICKUP_DIRECT", "**"),
        ];
        let found = keys("KXHDV230", &told).unwrap();
        assert_eq!((found[0].kind, found[0].line), ("line", Some(2)));
        assert_eq!((found[1].value.as_deref(), found[1].pickup.as_deref()), (Some("555"), None));
        assert_eq!((found[2].module, found[2].position, found[2].pickup.as_deref()), (Some(1), 40, Some("**")));
        assert!(keys("KXUT136", &told).is_err(), "words of another family");
    }

    #[test]
    fn keys_that_the_phone_does_not_have_are_loud() {
        let line = |number: &'static str, argument: &'static str| {
            let action = if number == "1" { "FLEX_BUTTON_FACILITY_ACT1" } else { "FLEX_BUTTON_FACILITY_ACT25" };
            [(action, "X_PANASONIC_IPTEL_DN"), ("FLEX_BUTTON_FACILITY_ARG1", argument)]
        };
        assert_eq!(keys("KXUT670", &line("1", "2,2")).unwrap()[0].line, Some(2));
        assert!(keys("KXUT670", &line("1", "2")).is_err());
        assert!(keys("KXUT136", &line("1", "2,2")).is_err());
        assert!(keys("KXUT136", &line("1", "7")).is_err());
        assert!(keys("KXUT136", &line("25", "1")).is_err());
    }
}

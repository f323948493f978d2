//! Keys: type, account, value, label and pickup code, in codes that follow three rules.

use super::super::flash::Flash;
use super::super::report::{Area, Key};
use super::super::words::Words;
use super::super::{Facts, Outcome};

/// The codes of what a key has.
struct Codes {
    kind: u32,
    value: u32,
    label: Option<u32>,
    account: u32,
    pickup: Option<u32>,
}

impl Codes {
    fn in_a_row(first: u32) -> Codes {
        Codes { kind: first, value: first + 1, label: Some(first + 2), account: first + 3, pickup: Some(first + 4) }
    }

    fn of_line(number: u32) -> Codes {
        match number {
            1..=4 => Codes {
                kind: 41199 + number,
                value: 41299 + number,
                label: Some(41399 + number),
                account: 41499 + number,
                pickup: Some(41599 + number),
            },
            5..=36 => Codes::in_a_row(20200 + 5 * (number - 5)),
            _ => Codes::in_a_row(23000 + 5 * (number - 37)),
        }
    }

    /// The four below the screen, then those around the cross.
    fn of_soft(number: u32) -> Codes {
        Codes { kind: 43199 + number, value: 43399 + number, label: None, account: 43299 + number, pickup: None }
    }

    /// Two pages of twenty on each module.
    fn of_module(module: u32, number: u32) -> Codes {
        Codes::in_a_row(59000 + 1000 * module + 5 * (number - 1))
    }
}

/// Most that the codes leave room for.
const LINE_KEYS: u32 = 53;
const SOFT_KEYS: u32 = 14;
const MODULES: u32 = 6;
const MODULE_KEYS: u32 = 40;

pub fn all(flash: &Flash, facts: &Facts) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    for number in 1..=LINE_KEYS {
        keys.extend(key(flash, facts, (Area::Line, None, number), &Codes::of_line(number))?);
    }
    for number in 1..=SOFT_KEYS {
        keys.extend(key(flash, facts, (Area::Programmable, None, number), &Codes::of_soft(number))?);
    }
    for module in 1..=MODULES {
        for number in 1..=MODULE_KEYS {
            keys.extend(key(flash, facts, (Area::Expansion, Some(module), number), &Codes::of_module(module, number))?);
        }
    }
    Ok(keys)
}

fn key(flash: &Flash, facts: &Facts, (area, module, position): (Area, Option<u32>, u32), codes: &Codes) -> Outcome<Option<Key>> {
    let at = |code: u32| format!("P{code}");
    let kind = flash.word(&at(codes.kind), KINDS)?.unwrap_or("none");
    if kind == "none" {
        return Ok(None);
    }
    let count = match area {
        Area::Programmable => facts.programmable_keys,
        Area::Expansion if module > Some(facts.modules) => 0,
        Area::Expansion => facts.module_keys,
        _ => facts.line_keys,
    };
    if position > count {
        return Err(format!("P{}: {area:?} key {position} of {count}, module {module:?}", codes.kind));
    }
    let text = |code: Option<u32>| flash.text(&at(code?));
    let line = line(flash.number(&at(codes.account))?, facts).map_err(|problem| format!("P{}: {problem}", codes.account))?;
    Ok(Some(Key {
        area,
        module,
        position,
        kind,
        value: text(Some(codes.value)),
        label: text(codes.label),
        line,
        pickup: text(codes.pickup),
    }))
}

/// Accounts count from 0; 255 lets the phone choose.
fn line(told: Option<u32>, facts: &Facts) -> Outcome<Option<u32>> {
    match told {
        None | Some(255) => Ok(None),
        Some(account) if account < facts.lines => Ok(Some(account + 1)),
        Some(account) => Err(format!("account {account} of {}", facts.lines)),
    }
}

const KINDS: Words = &[
    ("0", "none"),
    ("1", "line"),
    ("2", "speed_dial"),
    ("3", "blf"),
    ("4", "blf_list"),
    ("5", "voicemail"),
    ("6", "pickup_direct"),
    ("7", "pickup_group"),
    ("8", "call_park"),
    ("9", "intercom"),
    ("10", "dtmf"),
    ("11", "speed_dial_prefix"),
    ("12", "directory"),
    ("13", "directory"),
    ("14", "xml_browser"),
    ("15", "ldap"),
    ("16", "directory"),
    ("17", "conference"),
    ("18", "forward"),
    ("19", "transfer"),
    ("20", "hold"),
    ("21", "dnd"),
    ("22", "redial"),
    ("23", "park_retrieve"),
    ("24", "sms"),
    ("25", "record"),
    ("26", "record"),
    ("27", "paging"),
    ("28", "group_listen"),
    ("29", "hold_public"),
    ("30", "hold_private"),
    ("31", "shared_line"),
    ("32", "hot_desk"),
    ("33", "queue_login"),
    ("34", "zero_touch"),
    ("35", "url"),
    ("47", "multicast_paging"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(settings: &[(&str, &str)]) -> Outcome<Vec<Key>> {
        let mut flash = Flash::default();
        for (code, value) in settings {
            flash.set(*code, *value);
        }
        all(&flash, &Facts { lines: 4, line_keys: 36, programmable_keys: 14, modules: 1, module_keys: 40, ..Facts::default() })
    }

    #[test]
    fn codes_follow_three_rules() {
        let told = [
            ("P41203", "3"),
            ("P41303", "101"),
            ("P41503", "1"),
            ("P41603", "**"),
            ("P20355", "2"),
            ("P20356", "102"),
            ("P43213", "21"),
            ("P60195", "8"),
        ];
        let found = keys(&told).unwrap();
        let places: Vec<_> = found.iter().map(|key| (key.area, key.module, key.position, key.kind)).collect();
        assert_eq!(
            places,
            [
                (Area::Line, None, 4, "blf"),
                (Area::Line, None, 36, "speed_dial"),
                (Area::Programmable, None, 14, "dnd"),
                (Area::Expansion, Some(1), 40, "call_park"),
            ]
        );
        assert_eq!((found[0].line, found[0].pickup.as_deref(), found[1].value.as_deref()), (Some(2), Some("**"), Some("102")));
    }

    #[test]
    fn keys_that_the_phone_does_not_have_are_loud_unless_unused() {
        for code in ["P23000", "P61000"] {
            assert!(keys(&[(code, "2")]).is_err(), "{code}");
            assert!(keys(&[(code, "0")]).unwrap().is_empty(), "{code}");
        }
        assert!(keys(&[("P41200", "99")]).is_err());
        assert!(keys(&[("P41200", "1"), ("P41500", "4")]).is_err());
        assert_eq!(keys(&[("P41200", "1"), ("P41500", "255")]).unwrap()[0].line, None);
    }
}

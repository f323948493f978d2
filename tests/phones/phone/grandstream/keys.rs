//! Keys: line keys (VPK), multi-purpose keys (MPK) and extension boards, each with its own codes.

use super::super::flash::Flash;
use super::super::report::{Area, Key};
use super::super::words::{Words, word};
use super::super::{Dialect, Facts, Outcome};
use super::account::pickup;

pub fn all(flash: &Flash, facts: &Facts) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    if matches!(facts.dialect, Dialect::Vpk | Dialect::VpkAndMpk | Dialect::Items) {
        for position in 1..=8 {
            keys.extend(coded(flash, Area::Line, position, line_key_codes(position), LINE_KEYS)?);
        }
    }
    if matches!(facts.dialect, Dialect::Mpk | Dialect::VpkAndMpk | Dialect::Items) {
        for position in 1..=24 {
            keys.extend(coded(flash, Area::Memory, position, memory_key_codes(position), MULTI_PURPOSE)?);
        }
    }
    if facts.dialect != Dialect::Ata {
        for position in 1..=160 {
            let first = 23000 + 5 * (position - 1);
            keys.extend(coded(flash, Area::Expansion, position, [first, first + 1, first + 2, first + 3], MULTI_PURPOSE)?);
        }
        for (area, prefix) in [(Area::Line, "pks.vpk."), (Area::Memory, "pks.mpk."), (Area::Expansion, "pks.ext.")] {
            for position in flash.indices(prefix, ".keyMode") {
                keys.retain(|key| key.area != area || key.position != position);
                keys.extend(named(flash, area, prefix, position)?);
            }
        }
    }
    keys.sort_by_key(|key| (key.area, key.position));
    keys.into_iter().map(|key| placed(key, facts)).collect()
}

/// Checks that the phone has the key, and tells boards apart: theirs are counted through.
fn placed(key: Key, facts: &Facts) -> Outcome<Key> {
    let (module, position, count) = match key.area {
        Area::Line => (None, key.position, facts.line_keys),
        Area::Expansion => {
            let (module, position) = ((key.position - 1) / facts.module_keys, (key.position - 1) % facts.module_keys);
            (Some(module + 1), position + 1, facts.module_keys)
        }
        _ => (None, key.position, facts.memory_keys),
    };
    if position == 0 || position > count || module.is_some_and(|module| module > facts.modules) {
        return Err(format!("key {} of {:?}: this phone does not have it", key.position, key.area));
    }
    Ok(Key { module, position, ..key })
}

/// Mode, account, name, value. The seventh and the eighth line key are numbered otherwise.
fn line_key_codes(position: u32) -> [u32; 4] {
    let before = position - 1;
    match position {
        7 | 8 => {
            let first = 1477 + 4 * (position - 7);
            [first, first + 1, first + 2, first + 3]
        }
        _ => [1363 + 2 * before, 1364 + 2 * before, 1465 + 2 * before, 1466 + 2 * before],
    }
}

fn memory_key_codes(position: u32) -> [u32; 4] {
    let first = match position {
        1..=7 => {
            return [322 + position, 298 + 3 * position, 299 + 3 * position, 300 + 3 * position];
        }
        8..=18 => 353 + 4 * (position - 8),
        _ => 1440 + 4 * (position - 19),
    };
    [first, first + 1, first + 2, first + 3]
}

fn coded(flash: &Flash, area: Area, position: u32, codes: [u32; 4], modes: Words) -> Outcome<Option<Key>> {
    let [mode, account, label, value] = codes.map(|code| format!("P{code}"));
    let Some(kind) = flash.word(&mode, modes)? else {
        return Ok(None);
    };
    let line = flash.number::<u32>(&account)?.map(|account| account + 1);
    Ok(key(flash, area, position, kind, line, flash.text(&label), flash.text(&value)))
}

fn named(flash: &Flash, area: Area, prefix: &str, position: u32) -> Outcome<Option<Key>> {
    let at = |what: &str| format!("{prefix}{position}.{what}");
    let mode = at("keyMode");
    let Some(told) = flash.text(&mode) else {
        return Ok(None);
    };
    let kind = word(&mode, &told, MODES)?;
    if area != Area::Line && matches!(kind, "line" | "shared_line") {
        return Err(format!("{mode}: only line keys take `{told}`"));
    }
    let account = at("account");
    let line = match flash.text(&account) {
        None => None,
        Some(told) => Some(line(&told, area).ok_or_else(|| format!("{account}: `{told}` is no account here"))?),
    };
    Ok(key(flash, area, position, kind, line, flash.text(&at("description")), flash.text(&at("value"))))
}

/// Line keys count accounts from 0, multi-purpose keys name them from `Account1`.
fn line(told: &str, area: Area) -> Option<u32> {
    let named = || told.strip_prefix("Account")?.parse().ok().filter(|account| *account > 0);
    let counted = || told.parse::<u32>().ok().map(|account| account + 1);
    match area {
        Area::Line => counted(),
        Area::Memory => named(),
        _ => named().or_else(counted),
    }
}

/// A speed dial without a number is what an unused multi-purpose key looks like, a line without an
/// account what the factory puts on a line key.
fn key(
    flash: &Flash,
    area: Area,
    position: u32,
    kind: &'static str,
    line: Option<u32>,
    label: Option<String>,
    value: Option<String>,
) -> Option<Key> {
    let unused = match kind {
        "none" => true,
        "speed_dial" => value.is_none(),
        "line" => line.is_none(),
        _ => false,
    };
    let pickup = line.filter(|_| kind == "blf").and_then(|line| pickup(flash, line));
    (!unused).then_some(Key { area, module: None, position, kind, value, label, line, pickup })
}

const LINE_KEYS: Words = &[
    ("-1", "none"),
    ("0", "line"),
    ("1", "shared_line"),
    ("10", "speed_dial"),
    ("11", "blf"),
    ("12", "presence"),
    ("13", "blf_list"),
    ("14", "speed_dial"),
    ("15", "dtmf"),
    ("16", "voicemail"),
    ("17", "redial"),
    ("18", "transfer"),
    ("19", "call_park"),
    ("20", "intercom"),
    ("21", "ldap"),
    ("22", "conference"),
    ("23", "multicast_paging"),
];

const MULTI_PURPOSE: Words = &[
    ("-1", "none"),
    ("0", "speed_dial"),
    ("1", "blf"),
    ("2", "presence"),
    ("3", "blf_list"),
    ("4", "speed_dial"),
    ("5", "dtmf"),
    ("6", "voicemail"),
    ("7", "redial"),
    ("8", "transfer"),
    ("9", "call_park"),
    ("10", "intercom"),
    ("11", "ldap"),
    ("12", "conference"),
    ("13", "multicast_paging"),
    ("15", "history"),
    ("16", "park_monitor"),
];

const MODES: Words = &[
    ("None", "none"),
    ("Line", "line"),
    ("SharedLine", "shared_line"),
    ("SpeedDial", "speed_dial"),
    ("SpeedDialActive", "speed_dial"),
    ("SpeedDialViaActiveAccount", "speed_dial"),
    ("BLF", "blf"),
    ("PresenceWatcher", "presence"),
    ("EventlistBLF", "blf_list"),
    ("DialDTMF", "dtmf"),
    ("Voicemail", "voicemail"),
    ("VoiceMail", "voicemail"),
    ("CallReturn", "redial"),
    ("Transfer", "transfer"),
    ("CallPark", "call_park"),
    ("MonitoredCallPark", "park_monitor"),
    ("Intercom", "intercom"),
    ("LDAPSearch", "ldap"),
    ("Conference", "conference"),
    ("MulticastPaging", "multicast_paging"),
    ("Record", "record"),
    ("CallLog", "history"),
    ("Menu", "menu"),
    ("Phonebook", "directory"),
    ("DialPrefix", "speed_dial_prefix"),
    ("Information", "status"),
    ("Message", "sms"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(dialect: Dialect, codes: &[(&str, &str)]) -> Outcome<Vec<Key>> {
        let mut flash = Flash::default();
        for (name, value) in codes {
            flash.set(*name, *value);
        }
        all(&flash, &Facts { line_keys: 8, memory_keys: 24, modules: 2, dialect, ..Facts::default() })
    }

    #[test]
    fn line_keys_are_not_numbered_evenly() {
        assert_eq!(line_key_codes(1), [1363, 1364, 1465, 1466]);
        assert_eq!(line_key_codes(6), [1373, 1374, 1475, 1476]);
        assert_eq!(line_key_codes(7), [1477, 1478, 1479, 1480]);
        assert_eq!(line_key_codes(8), [1481, 1482, 1483, 1484]);
    }

    #[test]
    fn multi_purpose_keys_have_three_ranges() {
        assert_eq!(memory_key_codes(1), [323, 301, 302, 303]);
        assert_eq!(memory_key_codes(7), [329, 319, 320, 321]);
        assert_eq!(memory_key_codes(8), [353, 354, 355, 356]);
        assert_eq!(memory_key_codes(18), [393, 394, 395, 396]);
        assert_eq!(memory_key_codes(19), [1440, 1441, 1442, 1443]);
        assert_eq!(memory_key_codes(24), [1460, 1461, 1462, 1463]);
    }

    #[test]
    fn the_same_code_means_another_thing_on_another_key() {
        let told = [("P323", "1"), ("P301", "1"), ("P303", "102"), ("P1363", "1")];
        let found: Vec<_> = keys(Dialect::VpkAndMpk, &told).unwrap().iter().map(|key| (key.area, key.kind, key.line)).collect();
        assert_eq!(found, [(Area::Line, "shared_line", None), (Area::Memory, "blf", Some(2))]);
        assert_eq!(keys(Dialect::Mpk, &told).unwrap().len(), 1);
        assert_eq!(keys(Dialect::Ata, &told).unwrap().len(), 0);
    }

    #[test]
    fn boards_are_counted_through() {
        let told = [("P23200", "1"), ("P23201", "0"), ("P23202", "Bob"), ("P23203", "103"), ("P23205", "0"), ("P23208", "")];
        let found = keys(Dialect::Mpk, &told).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].module, found[0].position, found[0].label.as_deref()), (Some(2), 1, Some("Bob")));
        assert!(keys(Dialect::Mpk, &[("P23400", "1")]).is_err(), "there is no third board");
    }

    #[test]
    fn items_spell_accounts_in_two_ways() {
        let told = |set: &str, account: &str| {
            keys(
                Dialect::Items,
                &[
                    (&format!("pks.{set}.3.keyMode"), "BLF"),
                    (&format!("pks.{set}.3.account"), account),
                    (&format!("pks.{set}.3.value"), "1"),
                ],
            )
        };
        assert_eq!(told("vpk", "1").unwrap()[0].line, Some(2));
        assert_eq!(told("mpk", "Account2").unwrap()[0].line, Some(2));
        assert!(told("vpk", "Account2").is_err());
        assert!(told("mpk", "1").is_err());
        assert!(keys(Dialect::Items, &[("pks.mpk.1.keyMode", "Line")]).is_err());
        assert!(keys(Dialect::Items, &[("pks.vpk.1.keyMode", "11")]).is_err());
        assert!(keys(Dialect::Items, &[("pks.vpk.1.keyMode", "None")]).unwrap().is_empty());
    }
}

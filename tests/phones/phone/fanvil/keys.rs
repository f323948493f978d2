//! Keys: a type, a value that tells number, account and purpose, and a title.

use super::super::flash::Flash;
use super::super::net::host_port;
use super::super::report::{Area, Key};
use super::super::words::{Words, word};
use super::super::{Device, Dialect, Outcome};
use super::models::{Pages, pages};

/// Keys in a row, told one by one or in pages.
struct Row {
    area: Area,
    module: Option<u32>,
    /// What is before the number of a key.
    prefix: String,
    /// How many keys are before these.
    before: u32,
    /// How many there are here, and in all such rows.
    page: u32,
    count: u32,
}

pub fn all(flash: &Flash, device: &Device) -> Outcome<Vec<Key>> {
    let facts = &device.facts;
    let size = match facts.dialect {
        Dialect::Lines => Pages { function: u32::MAX, side: 0 },
        _ => pages(&device.model).unwrap_or(Pages { function: facts.line_keys, side: 0 }),
    };
    let function = if size.side > 0 { (Area::Memory, facts.memory_keys) } else { (Area::Line, facts.line_keys) };
    let mut rows = paged(flash, "dsskey/dssSide/", size.side, (Area::Line, facts.line_keys))?;
    rows.extend(paged(flash, "dsskey/internal/", size.function, function)?);
    let count = facts.programmable_keys;
    rows.push(Row { area: Area::Programmable, module: None, prefix: "dsskey/dssSoft/".into(), before: 0, page: count, count });
    for module in numbers(flash, "dsskey/external/") {
        let count = if (1..=facts.modules).contains(&module) { facts.module_keys } else { 0 };
        let prefix = format!("dsskey/external/{module}/exKey/");
        rows.push(Row { area: Area::Expansion, module: Some(module), prefix, before: 0, page: count, count });
    }
    let mut keys = Vec::new();
    for row in rows {
        keys.extend(read(flash, device, &row)?);
    }
    Ok(keys)
}

/// The number right after `prefix` in every name.
fn numbers(flash: &Flash, prefix: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = flash.names_after(prefix).filter_map(|rest| rest.split('/').next()?.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn paged(flash: &Flash, prefix: &str, size: u32, (area, count): (Area, u32)) -> Outcome<Vec<Row>> {
    let row = |page: u32| {
        let before = page.checked_sub(1).ok_or_else(|| format!("{prefix}{page}: pages begin with 1"))?.saturating_mul(size);
        Ok(Row { area, module: None, prefix: format!("{prefix}{page}/Fkey/"), before, page: size, count })
    };
    numbers(flash, prefix).into_iter().map(row).collect()
}

fn read(flash: &Flash, device: &Device, row: &Row) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    for index in flash.indices(&row.prefix, "/Type") {
        let at = |name: &str| format!("{}{index}/{name}", row.prefix);
        let kind = flash.text(&at("Type")).filter(|kind| kind != "0");
        let Some(kind) = kind else { continue };
        let position = row.before.saturating_add(index);
        if index == 0 || index > row.page || position > row.count {
            return Err(format!("{}: a page has {} keys, all of them are {}", at("Type"), row.page, row.count));
        }
        let key = Key { area: row.area, module: row.module, position, label: flash.text(&at("Title")), ..blank() };
        let key =
            told(key, &kind, &flash.text(&at("Value")).unwrap_or_default()).map_err(|problem| format!("{}: {problem}", at("Value")))?;
        if key.line.is_some_and(|line| line == 0 || line > device.facts.lines) {
            return Err(format!("{}: no such line", at("Value")));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn blank() -> Key {
    Key { area: Area::Line, module: None, position: 0, kind: "none", value: None, label: None, line: None, pickup: None }
}

fn told(key: Key, kind: &str, value: &str) -> Outcome<Key> {
    let with = |kind, value: &str| Ok(Key { kind, value: Some(value.to_owned()).filter(|value| !value.is_empty()), ..key.clone() });
    match kind {
        "1" => memory(key, value),
        "2" => {
            let line = value.strip_prefix("SIP").and_then(|line| line.parse().ok()).ok_or_else(|| format!("`{value}` is no line"))?;
            Ok(Key { kind: "line", line: Some(line), ..key })
        }
        "3" => match value.strip_prefix("F_PREFIX:") {
            Some(prefix) => with("speed_dial_prefix", prefix),
            None => with(word("key event", value, EVENTS)?, ""),
        },
        "4" => with("dtmf", value),
        "7" => with("url", value),
        "14" => {
            let address = value.strip_suffix("/PCMU").ok_or_else(|| format!("`{value}` has no codec"))?;
            host_port(address)?;
            with("multicast_paging", address)
        }
        "21" => with("xml_browser", value),
        _ => Err(format!("type `{kind}`")),
    }
}

/// `number@line/purpose`, and what a watching key dials to pick up.
fn memory(key: Key, value: &str) -> Outcome<Key> {
    let broken = || format!("`{value}` is no number@line/purpose");
    let (number, line, purpose) = parts(value).ok_or_else(broken)?;
    let length = purpose.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(purpose.len());
    let (purpose, dials) = purpose.split_at(length);
    let kind = word("purpose", purpose, PURPOSES)?;
    if !dials.is_empty() && !purpose.starts_with('b') {
        return Err(broken());
    }
    // What it dials is a code and the number; the code is what a report has.
    let pickup = Some(dials.strip_suffix(number).unwrap_or(dials)).filter(|code| !code.is_empty());
    Ok(Key {
        kind,
        value: Some(number.to_owned()).filter(|number| !number.is_empty()),
        line: Some(line),
        pickup: pickup.map(str::to_owned),
        ..key
    })
}

/// A number may be an address: the line is what stands between `@` and `/`.
fn parts(value: &str) -> Option<(&str, u32, &str)> {
    value.match_indices('@').find_map(|(at, _)| {
        let (line, purpose) = value[at + 1..].split_once('/')?;
        Some((&value[..at], line.parse().ok()?, purpose))
    })
}

const PURPOSES: Words = &[
    ("f", "speed_dial"),
    ("i", "intercom"),
    ("c", "call_park"),
    ("a", "forward"),
    ("p", "presence"),
    ("m", "voicemail"),
    ("bc", "blf"),
    ("bb", "blf_transfer_blind"),
    ("ba", "blf_transfer_attended"),
    ("bf", "blf_conference"),
];

const EVENTS: Words = &[
    ("F_DND", "dnd"),
    ("F_HOLD", "hold"),
    ("F_REDIAL", "redial"),
    ("F_MWI", "voicemail"),
    ("F_PICKUP", "pickup_direct"),
    ("F_LOCK", "lock"),
    ("F_RECORD", "record"),
    ("F_B_TRANSFER", "transfer"),
    ("F_CFWD", "forward"),
    ("F_HEADSET", "headset"),
    ("F_PHONEBOOK", "directory"),
    ("F_LDAPCONTACTS:0", "ldap"),
];

#[cfg(test)]
mod tests {
    use super::super::super::Facts;
    use super::*;

    fn keys(model: &str, settings: &[(&str, &str, &str)]) -> Outcome<Vec<Key>> {
        let mut flash = Flash::default();
        for (place, kind, value) in settings {
            flash.set(format!("dsskey/{place}/Type"), *kind);
            flash.set(format!("dsskey/{place}/Value"), *value);
        }
        let facts =
            Facts { lines: 6, line_keys: 60, memory_keys: 30, programmable_keys: 10, modules: 5, module_keys: 20, ..Facts::default() };
        all(&flash, &Device { id: String::new(), model: model.into(), facts })
    }

    fn place(key: &Key) -> (Area, Option<u32>, u32, &'static str) {
        (key.area, key.module, key.position, key.kind)
    }

    #[test]
    fn pages_follow_each_other() {
        let told = [
            ("internal/1/Fkey/12", "2", "SIP1"),
            ("internal/2/Fkey/1", "4", "1"),
            ("dssSoft/3", "3", "F_DND"),
            ("external/2/exKey/20", "1", "101@1/bc**101"),
        ];
        let found: Vec<_> = keys("X6", &told).unwrap().iter().map(place).collect();
        assert_eq!(
            found,
            [
                (Area::Line, None, 12, "line"),
                (Area::Line, None, 13, "dtmf"),
                (Area::Programmable, None, 3, "dnd"),
                (Area::Expansion, Some(2), 20, "blf"),
            ]
        );
    }

    #[test]
    fn keys_beside_the_screen_are_the_line_keys() {
        let told = [("dssSide/1/Fkey/3", "2", "SIP1"), ("internal/5/Fkey/6", "4", "1")];
        let found: Vec<_> = keys("X4U", &told).unwrap().iter().map(place).collect();
        assert_eq!(found, [(Area::Line, None, 3, "line"), (Area::Memory, None, 30, "dtmf")]);
        assert!(keys("X4U", &[("internal/6/Fkey/1", "4", "1")]).is_err());
    }

    #[test]
    fn keys_that_the_phone_does_not_have_are_loud_unless_unused() {
        let wrong =
            ["internal/1/Fkey/13", "internal/6/Fkey/1", "internal/0/Fkey/1", "dssSoft/11", "external/6/exKey/1", "external/1/exKey/21"];
        for place in wrong {
            assert!(keys("X6", &[(place, "4", "1")]).is_err(), "{place}");
        }
        assert!(keys("X6", &[("internal/1/Fkey/13", "0", "")]).unwrap().is_empty());
        assert!(keys("X6", &[("dssSide/1/Fkey/1", "4", "1")]).is_err());
    }

    #[test]
    fn memory_keys_tell_number_line_and_purpose() {
        let key = |value: &str| keys("X6", &[("internal/1/Fkey/1", "1", value)]).map(|mut keys| keys.remove(0));
        let watched = key("101@2/ba*8101").unwrap();
        assert_eq!((watched.kind, watched.value.as_deref(), watched.line), ("blf_transfer_attended", Some("101"), Some(2)));
        assert_eq!(watched.pickup.as_deref(), Some("*8"));
        assert_eq!(key("ann@acme.example@1/f").unwrap().value.as_deref(), Some("ann@acme.example"));
        for wrong in ["101", "101@1", "101@x/f", "101@1/z", "101@1/f*8", "101@9/f", "101@0/f"] {
            assert!(key(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn unknown_types_and_events() {
        for (kind, value) in [("99", ""), ("3", "F_NOTHING"), ("2", "1"), ("14", "239.1.1.1:5000")] {
            assert!(keys("X6", &[("internal/1/Fkey/1", kind, value)]).is_err(), "{kind} {value}");
        }
    }
}

//! Line keys: laid out one by one, or filled up with lines, watched users and speed dials.

use super::super::flash::Flash;
use super::super::report::{Account, Area, Key};
use super::super::{Facts, Outcome};
use super::directory::Contact;

pub fn all(flash: &Flash, contacts: &[Contact], accounts: &[Account], facts: &Facts) -> Outcome<Vec<Key>> {
    let watched = watched(flash, accounts)?;
    let dials = speed_dials(contacts);
    let keys = if flash.flag("lineKey.reassignment.enabled")? == Some(true) {
        laid_out(flash, &watched, &dials)?
    } else {
        filled_up(flash, accounts, &watched, &dials, facts.line_keys)?
    };
    match keys.iter().find(|key| key.position == 0 || key.position > facts.line_keys) {
        Some(key) => Err(format!("lineKey.{}: this phone has {} keys", key.position, facts.line_keys)),
        None => Ok(keys),
    }
}

/// A key without its place, and the index that a line key may refer to.
struct Content {
    index: u32,
    key: Key,
}

fn key(kind: &'static str, value: Option<String>, label: Option<String>, line: Option<u32>, pickup: Option<String>) -> Key {
    Key { area: Area::Line, module: None, position: 0, kind, value, label, line, pickup }
}

fn watched(flash: &Flash, accounts: &[Account]) -> Outcome<Vec<Content>> {
    let line = flash.number("attendant.reg")?;
    let legacy = flash.raw("call.directedCallPickupMethod") == Some("legacy");
    let pickup = flash.text("call.directedCallPickupString").filter(|_| legacy);
    let mut watched = Vec::new();
    for index in flash.indices("attendant.resourceList.", ".address") {
        let at = |name: &str| format!("attendant.resourceList.{index}.{name}");
        flash.word(&at("type"), &[("normal", "blf"), ("automata", "blf")])?;
        let address = flash.text(&at("address")).unwrap_or_default();
        watched.push(Content { index, key: key("blf", Some(number(&address, accounts)), flash.text(&at("label")), line, pickup.clone()) });
    }
    if watched.iter().zip(1..).any(|(content, expected)| content.index != expected) {
        return Err("attendant.resourceList: a gap in its numbers".into());
    }
    Ok(watched)
}

/// A user of the phone's own domain is known by number.
fn number(address: &str, accounts: &[Account]) -> String {
    let address = address.strip_prefix("sip:").unwrap_or(address);
    match address.split_once('@') {
        Some((user, host)) if accounts.iter().any(|account| account.domain == host || account.server.host == host) => user.to_owned(),
        _ => address.to_owned(),
    }
}

fn speed_dials(contacts: &[Contact]) -> Vec<Content> {
    let dial = |contact: &Contact| {
        let value = contact.entry.numbers.first().map(|number| number.number.clone());
        let label = contact.label.clone().or_else(|| Some(contact.entry.name.clone()).filter(|name| !name.is_empty()));
        Some(Content { index: contact.speed_dial?, key: key("speed_dial", value, label, None, None) })
    };
    let mut dials: Vec<Content> = contacts.iter().filter_map(dial).collect();
    dials.sort_by_key(|dial| dial.index);
    dials
}

fn laid_out(flash: &Flash, watched: &[Content], dials: &[Content]) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    let (mut next_watched, mut next_dial) = (watched.iter(), dials.iter());
    for position in flash.indices("lineKey.", ".category") {
        let at = |name: &str| format!("lineKey.{position}.{name}");
        let index: u32 = flash.number(&at("index"))?.unwrap_or(0);
        let category = flash.text(&at("category")).unwrap_or_default();
        let missing = || format!("lineKey.{position}: there is no {category} {index}");
        let pick = |list: &[Content], next: Option<&Content>| {
            let found = if index == 0 { next } else { list.iter().find(|content| content.index == index) };
            found.map(|content| content.key.clone()).ok_or_else(missing)
        };
        let content = match category.as_str() {
            "Unassigned" => continue,
            "Line" => line(flash, index).ok_or_else(missing)?,
            "BLF" | "Presence" => pick(watched, if index == 0 { next_watched.next() } else { None })?,
            "SpeedDial" => pick(dials, if index == 0 { next_dial.next() } else { None })?,
            "EFK" => enhanced(flash, index)?.ok_or_else(missing)?,
            other => return Err(format!("lineKey.{position}: `{other}` is no category")),
        };
        keys.push(Key { position, ..content });
    }
    Ok(keys)
}

fn line(flash: &Flash, index: u32) -> Option<Key> {
    flash.text(&format!("reg.{index}.address"))?;
    Some(key("line", None, flash.text(&format!("reg.{index}.label")), Some(index), None))
}

/// Lines with their number of keys, then watched users, then speed dials, as far as there are keys.
fn filled_up(flash: &Flash, accounts: &[Account], watched: &[Content], dials: &[Content], count: u32) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    for account in accounts {
        let count: u32 = flash.number(&format!("reg.{}.lineKeys", account.number))?.unwrap_or(1);
        keys.extend((0..count).filter_map(|_| line(flash, account.number)));
    }
    keys.extend(watched.iter().chain(dials).map(|content| content.key.clone()));
    Ok(keys.into_iter().zip(1..=count).map(|(key, position)| Key { position, ..key }).collect())
}

/// An enhanced feature key: what it does follows from its macro.
fn enhanced(flash: &Flash, index: u32) -> Outcome<Option<Key>> {
    let at = |name: &str| format!("efk.efklist.{index}.{name}");
    let Some(action) = flash.text(&at("action.string")) else {
        return Ok(None);
    };
    if flash.flag("feature.enhancedFeatureKeys.enabled")? != Some(true) {
        return Err(format!("{}: enhanced feature keys are off", at("action.string")));
    }
    if flash.flag(&at("status"))? != Some(true) {
        return Err(format!("{}: this key is off", at("status")));
    }
    let label = flash.text(&at("label"));
    let simple = ACTIONS.iter().find(|(known, _)| *known == action).map(|(_, kind)| *kind);
    Ok(Some(match (simple, action.strip_suffix("$Tinvite$")) {
        (Some(kind), _) => key(kind, None, label, None, None),
        (None, Some(number)) if !number.contains('$') => key("speed_dial", Some(number.to_owned()), label, None, None),
        _ if action.starts_with("http://") || action.starts_with("https://") => key("url", Some(action), label, None, None),
        _ => key("key_event", Some(action), label, None, None),
    }))
}

const ACTIONS: &[(&str, &str)] = &[
    ("$FTransfer$", "transfer"),
    ("$FConference$", "conference"),
    ("$FHold$", "hold"),
    ("$FDoNotDisturb$", "dnd"),
    ("$FDivert$", "forward"),
    ("$FCallList$", "history"),
    ("$FDirectories$", "directory"),
    ("$FMessages$", "voicemail"),
    ("$FRedial$", "redial"),
    ("$FLock$", "lock"),
];

#[cfg(test)]
mod tests {
    use super::super::super::report::{Entry, HostPort, Number};
    use super::*;

    fn keys(parameters: &[(&str, &str)]) -> Outcome<Vec<Key>> {
        let mut flash = Flash::default();
        for (name, value) in [("reg.1.address", "101@acme.example")].iter().chain(parameters) {
            flash.set(*name, *value);
        }
        let server = HostPort { host: "sip.acme.example".into(), port: None };
        let accounts = [Account { number: 1, domain: "acme.example".into(), server, ..Account::default() }];
        let entry = Entry { name: "Cy".into(), group: None, numbers: vec![Number { kind: None, number: "200".into() }] };
        let contacts = [Contact { entry, speed_dial: Some(3), label: None }];
        all(&flash, &contacts, &accounts, &Facts { line_keys: 6, ..Facts::default() })
    }

    const WATCH: [(&str, &str); 3] = [
        ("attendant.resourceList.1.address", "sip:103@acme.example"),
        ("attendant.resourceList.1.type", "normal"),
        ("attendant.resourceList.2.address", "104@other.example"),
    ];

    #[test]
    fn without_a_layout_lines_come_first() {
        let told: Vec<_> = WATCH.into_iter().chain([("reg.1.lineKeys", "2")]).collect();
        let found: Vec<_> = keys(&told).unwrap().into_iter().map(|key| (key.position, key.kind, key.value)).collect();
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(
            found,
            [
                (1, "line", None),
                (2, "line", None),
                (3, "blf", said("103")),
                (4, "blf", said("104@other.example")),
                (5, "speed_dial", said("200"))
            ]
        );
    }

    #[test]
    fn a_layout_refers_to_what_it_shows() {
        let layout = [
            ("lineKey.reassignment.enabled", "1"),
            ("lineKey.2.category", "BLF"),
            ("lineKey.2.index", "2"),
            ("lineKey.5.category", "SpeedDial"),
            ("lineKey.5.index", "3"),
        ];
        let told: Vec<_> = WATCH.into_iter().chain(layout).collect();
        let found: Vec<_> = keys(&told).unwrap().into_iter().map(|key| (key.position, key.kind)).collect();
        assert_eq!(found, [(2, "blf"), (5, "speed_dial")]);
        for (name, value) in [("lineKey.1.index", "9"), ("lineKey.1.category", "Speeddial"), ("lineKey.7.category", "BLF")] {
            let mut broken = told.clone();
            broken.push(("lineKey.1.category", "Line"));
            broken.push(("lineKey.1.index", "1"));
            broken.push((name, value));
            assert!(keys(&broken).is_err(), "{name}={value}");
        }
    }

    #[test]
    fn a_pickup_code_counts_in_the_legacy_way_only() {
        let told: Vec<_> = WATCH.into_iter().chain([("call.directedCallPickupString", "*8")]).collect();
        assert_eq!(keys(&told).unwrap()[1].pickup, None);
        let told: Vec<_> = told.into_iter().chain([("call.directedCallPickupMethod", "legacy")]).collect();
        assert_eq!(keys(&told).unwrap()[1].pickup.as_deref(), Some("*8"));
    }

    #[test]
    fn watched_users_are_numbered_without_a_gap() {
        assert!(keys(&[("attendant.resourceList.2.address", "103")]).is_err());
    }

    #[test]
    fn enhanced_keys_say_what_they_do() {
        let told = [
            ("lineKey.reassignment.enabled", "1"),
            ("feature.enhancedFeatureKeys.enabled", "1"),
            ("lineKey.1.category", "EFK"),
            ("lineKey.1.index", "1"),
            ("efk.efklist.1.status", "1"),
            ("efk.efklist.1.action.string", "*97$Tinvite$"),
        ];
        let found = keys(&told).unwrap();
        assert_eq!((found[0].kind, found[0].value.as_deref()), ("speed_dial", Some("*97")));
        assert!(keys(&[&told[..1], &told[2..]].concat()).is_err());
    }
}

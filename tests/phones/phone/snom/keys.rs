//! Keys: a type and its argument in one text; module keys are numbered on after the phone's own.

use super::super::flash::Flash;
use super::super::report::{Area, Key};
use super::super::words::{Words, find};
use super::super::{Facts, Outcome};

/// Below the screen.
const SOFT_KEYS: u32 = 4;

pub fn all(flash: &Flash, facts: &Facts) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    for idx in flash.indices("fkey ", "") {
        let (area, module, position) = place(idx, facts)?;
        let (name, context) = (format!("fkey {idx}"), context(flash, idx, facts)?);
        if let Some(meaning) = meaning(&name, flash.raw(&name).unwrap_or_default(), context)? {
            let label = flash.text(&format!("{name} label"));
            keys.push(meaning.at(area, module, position, label, context));
        }
    }
    for position in flash.indices("gui_fkey", "") {
        let name = format!("gui_fkey{position}");
        if position == 0 || position > SOFT_KEYS {
            return Err(format!("{name}: there are {SOFT_KEYS} keys below the screen"));
        }
        if let Some(meaning) = meaning(&name, flash.raw(&name).unwrap_or_default(), None)? {
            keys.push(meaning.at(Area::Soft, None, position, None, None));
        }
    }
    Ok(keys)
}

/// The phone's own keys from 0 on, then those of the first module, and so on.
fn place(idx: u32, facts: &Facts) -> Outcome<(Area, Option<u32>, u32)> {
    let Some(beyond) = idx.checked_sub(facts.line_keys) else {
        return Ok((Area::Line, None, idx + 1));
    };
    let module = beyond / facts.module_keys + 1;
    if module > facts.modules {
        return Err(format!("fkey {idx}: {} keys and {} modules of {}", facts.line_keys, facts.modules, facts.module_keys));
    }
    Ok((Area::Expansion, Some(module), beyond % facts.module_keys + 1))
}

/// Whose key it is: of one identity, or of the one that is active.
fn context(flash: &Flash, idx: u32, facts: &Facts) -> Outcome<Option<u32>> {
    match flash.text(&format!("fkey {idx} context")).as_deref() {
        None | Some("active") => Ok(None),
        Some(told) => match told.parse() {
            Ok(identity) if (1..=facts.lines).contains(&identity) => Ok(Some(identity)),
            _ => Err(format!("fkey {idx}: no identity `{told}`")),
        },
    }
}

struct Meaning {
    kind: &'static str,
    value: Option<String>,
    pickup: Option<String>,
}

impl Meaning {
    fn at(self, area: Area, module: Option<u32>, position: u32, label: Option<String>, line: Option<u32>) -> Key {
        Key { area, module, position, kind: self.kind, value: self.value, label, line, pickup: self.pickup }
    }
}

/// A line of the active identity is a free key.
fn meaning(name: &str, told: &str, context: Option<u32>) -> Outcome<Option<Meaning>> {
    let (code, argument) = told.split_once(' ').map_or((told, None), |(code, argument)| (code, Some(argument)));
    let plain = |kind| Meaning { kind, value: None, pickup: None };
    match (code, argument) {
        ("" | "none", None) => return Ok(None),
        ("line", None) => return Ok(context.map(|_| plain("line"))),
        ("keyevent", Some(event)) => return self::event(name, event),
        _ => {}
    }
    if let Some(kind) = find(code, WITH_ARGUMENT) {
        let argument = argument.ok_or_else(|| format!("{name}: `{told}` of what?"))?;
        let (value, pickup) = match argument.split_once('|').filter(|_| kind == "blf") {
            Some((value, pickup)) => (value, Some(pickup.to_owned())),
            None => (argument, None),
        };
        return Ok(Some(Meaning { kind, value: Some(value.to_owned()), pickup }));
    }
    match find(code, WITH_OR_WITHOUT) {
        Some(kind) => Ok(Some(Meaning { value: argument.map(str::to_owned), ..plain(kind) })),
        None => Err(format!("{name}: `{told}` is no function of this phone")),
    }
}

/// A key of the keypad, by its name; one without a word of its own is what it is.
fn event(name: &str, event: &str) -> Outcome<Option<Meaning>> {
    if matches!(event, "none" | "F_NONE") {
        return Ok(None);
    }
    if let Some(kind) = find(event, EVENTS) {
        return Ok(Some(Meaning { kind, value: None, pickup: None }));
    }
    let letters = event.strip_prefix("F_").filter(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
    match letters {
        Some(_) => Ok(Some(Meaning { kind: "key_event", value: Some(event.to_owned()), pickup: None })),
        None => Err(format!("{name}: `{event}` is no key event")),
    }
}

const WITH_ARGUMENT: Words = &[
    ("blf", "blf"),
    ("speed", "speed_dial"),
    ("icom", "intercom"),
    ("orbit", "park_monitor"),
    ("dtmf", "dtmf"),
    ("mult", "shared_line"),
    ("multicast", "multicast_paging"),
    ("presence", "presence"),
    ("url", "url"),
    ("xml", "xml_browser"),
];

const WITH_OR_WITHOUT: Words = &[
    ("autoanswer", "auto_answer"),
    ("conference", "conference"),
    ("recorder", "record"),
    ("redirect", "forward"),
    ("transfer", "transfer"),
];

const EVENTS: Words = &[
    ("F_ADR_BOOK", "directory"),
    ("F_CALL_LIST", "history"),
    ("F_CONFERENCE", "conference"),
    ("F_DIRECTORY_SEARCH", "ldap"),
    ("F_DND", "dnd"),
    ("F_HOLD", "hold"),
    ("F_MUTE", "mute"),
    ("F_REDIAL", "redial"),
    ("F_REDIRECT", "forward"),
    ("F_SETTINGS", "menu"),
    ("F_STATUS", "status"),
    ("F_TRANSFER", "transfer"),
    ("F_VOICEMAIL_INFO", "voicemail"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(settings: &[(&str, &str)]) -> Outcome<Vec<Key>> {
        let mut flash = Flash::default();
        for (name, value) in settings {
            flash.set(*name, *value);
        }
        all(&flash, &Facts { lines: 4, line_keys: 10, modules: 2, module_keys: 18, ..Facts::default() })
    }

    #[test]
    fn modules_are_numbered_on() {
        let told = [("fkey 9", "speed 1"), ("fkey 10", "speed 2"), ("fkey 45", "speed 3"), ("gui_fkey4", "keyevent F_DND")];
        let found: Vec<_> = keys(&told).unwrap().iter().map(|key| (key.area, key.module, key.position)).collect();
        let expected = [(Area::Line, None, 10), (Area::Expansion, Some(1), 1), (Area::Expansion, Some(2), 18), (Area::Soft, None, 4)];
        assert_eq!(found.len(), 4);
        assert!(expected.iter().all(|place| found.contains(place)), "{found:?}");
        for beyond in ["fkey 46", "gui_fkey5", "gui_fkey0"] {
            assert!(keys(&[(beyond, "none")]).is_err(), "{beyond}");
        }
    }

    #[test]
    fn a_line_without_an_identity_is_a_free_key() {
        assert!(keys(&[("fkey 0", "line"), ("fkey 0 context", "active"), ("fkey 1", "none")]).unwrap().is_empty());
        let own = keys(&[("fkey 0", "line"), ("fkey 0 context", "3")]).unwrap();
        assert_eq!((own[0].kind, own[0].line), ("line", Some(3)));
        assert!(keys(&[("fkey 0", "line"), ("fkey 0 context", "5")]).is_err());
        assert!(keys(&[("fkey 0", "line 2")]).is_err());
    }

    #[test]
    fn types_and_their_arguments() {
        let one = |told: &str| keys(&[("fkey 0", told)]).map(|keys| keys.into_iter().next());
        let blf = one("blf 102|*8").unwrap().unwrap();
        assert_eq!((blf.kind, blf.value.as_deref(), blf.pickup.as_deref()), ("blf", Some("102"), Some("*8")));
        assert_eq!(one("redirect").unwrap().unwrap().value, None);
        assert_eq!(one("keyevent F_SNOM").unwrap().unwrap().value.as_deref(), Some("F_SNOM"));
        assert!(one("keyevent none").unwrap().is_none());
        for broken in ["blf", "Speed 1", "park 701", "keyevent DND", "keyevent"] {
            assert!(one(broken).is_err(), "{broken}");
        }
    }
}

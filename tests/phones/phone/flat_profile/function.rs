//! What a key does, as in `fnc=blf+sd+cp;sub=103@$PROXY;ext=103@$PROXY;vid=2;nme=Bob`.

use std::collections::BTreeMap;

use super::super::Outcome;
use super::super::words::{Words, word};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub kind: &'static str,
    /// Who is watched or called, or an address of the web.
    pub value: Option<String>,
    pub label: Option<String>,
    /// The account; 1 where none is told.
    pub line: u32,
    /// Whether a press takes a ringing call.
    pub picks_up: bool,
}

pub fn parse(place: &str, text: &str, kinds: Words) -> Outcome<Function> {
    let parts = parts(place, text)?;
    let said = |name: &str| parts.get(name).copied().filter(|value| !value.is_empty());
    let mut names: Vec<&str> = said("fnc").ok_or_else(|| format!("{place}: no fnc"))?.split('+').collect();
    names.sort_unstable();
    let kind = word(place, &names.join("+"), kinds)?;
    for (part, needed) in [("sub", ["blf", "prk", "mwi"].as_slice()), ("ext", &["sd"]), ("url", &["xml", "shortcut"])] {
        if needed.iter().any(|name| names.contains(name)) != said(part).is_some() {
            return Err(format!("{place}: {part} of {}", names.join("+")));
        }
    }
    let (watched, called) = (said("sub").map(|sub| user(place, sub)).transpose()?, said("ext").map(|ext| user(place, ext)).transpose()?);
    let value = match (watched, called) {
        (Some("$USER"), called) => called,
        (Some(watched), Some(called)) if watched != called => return Err(format!("{place}: watches {watched}, calls {called}")),
        (watched, called) => watched.or(called).or(said("url")),
    };
    let line = said("vid").map_or(Ok(1), |vid| vid.parse().map_err(|_| format!("{place}: vid={vid}")))?;
    Ok(Function { kind, value: value.map(str::to_owned), label: said("nme").map(str::to_owned), line, picks_up: names.contains(&"cp") })
}

fn parts<'t>(place: &str, text: &'t str) -> Outcome<BTreeMap<&'t str, &'t str>> {
    let mut parts = BTreeMap::new();
    for part in text.trim_end_matches(';').split(';') {
        let (name, value) = part.split_once('=').ok_or_else(|| format!("{place}: `{part}` of `{text}`"))?;
        if !matches!(name, "fnc" | "sub" | "ext" | "vid" | "nme" | "url") || parts.insert(name, value).is_some() {
            return Err(format!("{place}: `{part}` of `{text}`"));
        }
    }
    Ok(parts)
}

/// The user at the line's own proxy.
fn user<'t>(place: &str, address: &'t str) -> Outcome<&'t str> {
    match address.split_once('@') {
        Some((user, "$PROXY")) if !user.is_empty() => Ok(user),
        _ => Err(format!("{place}: `{address}` is nobody at the proxy")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: Words = &[("blf+cp+sd", "blf"), ("sd", "speed_dial"), ("mwi+sd", "voicemail"), ("xml", "xml_browser")];

    fn read(text: &str) -> Outcome<Function> {
        parse("key", text, KINDS)
    }

    #[test]
    fn functions() {
        let blf = read("fnc=blf+sd+cp;sub=103@$PROXY;ext=103@$PROXY;vid=2;nme=R&D").unwrap();
        let wanted = Function { kind: "blf", value: Some("103".into()), label: Some("R&D".into()), line: 2, picks_up: true };
        assert_eq!(blf, wanted);
        let dial = read("fnc=sd;ext=+441@$PROXY").unwrap();
        assert_eq!((dial.value.as_deref(), dial.line, dial.picks_up), (Some("+441"), 1, false));
        assert_eq!(read("fnc=mwi+sd;sub=$USER@$PROXY;ext=*97@$PROXY").unwrap().value.as_deref(), Some("*97"));
        assert_eq!(read("fnc=xml;url=https://h/m?a=1&b=2").unwrap().value.as_deref(), Some("https://h/m?a=1&b=2"));
    }

    #[test]
    fn functions_that_do_nothing() {
        for broken in [
            "ext=1@$PROXY",
            "fnc=foo;ext=1@$PROXY",
            "fnc=sd",
            "fnc=sd;ext=1",
            "fnc=sd;ext=1@$PROXY;ext=2@$PROXY",
            "fnc=blf+sd+cp;sub=1@$PROXY;ext=2@$PROXY",
            "fnc=sd;ext=1@$PROXY;nme=a;b",
            "fnc=sd;ext=1@$PROXY;vid=x",
        ] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}

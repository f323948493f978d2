//! Encryption, tones and codecs: the same for every account.

use std::collections::BTreeMap;

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::words::{Words, push_once};

pub fn srtp(store: &Flash) -> Outcome<Option<&'static str>> {
    let mandatory = store.flag("sip/media_encryption_mandatory")? == Some(true);
    match store.text("sip/media_encryption").as_deref() {
        None => Ok(None),
        Some("none") => Ok(Some("off")),
        Some("srtp" | "zrtp" | "dtls") => Ok(Some(if mandatory { "required" } else { "optional" })),
        Some(other) => Err(format!("sip/media_encryption: `{other}` is no value")),
    }
}

pub fn dtmf(store: &Flash) -> Outcome<Vec<&'static str>> {
    let (payload, info) = (store.flag("sip/use_rfc2833")?, store.flag("sip/use_info")?);
    if (payload, info) == (None, None) {
        return Ok(Vec::new());
    }
    let mut ways = Vec::new();
    if payload != Some(false) {
        ways.push("rfc4733");
    }
    if info == Some(true) {
        ways.push("info");
    }
    if ways.is_empty() {
        ways.push("inband");
    }
    Ok(ways)
}

/// Those that are on from the factory and that no entry names stay on, in front.
pub fn codecs(store: &Flash) -> Outcome<Vec<&'static str>> {
    let mut named: BTreeMap<u32, (&'static str, bool)> = BTreeMap::new();
    for index in store.indices("audio_codec_", "/mime") {
        let at = |key: &str| format!("audio_codec_{index}/{key}");
        let Some(codec) = store.word(&at("mime"), MIMES)? else {
            continue;
        };
        named.insert(index, (codec, store.flag(&at("enabled"))? != Some(false)));
    }
    if named.is_empty() {
        return Ok(Vec::new());
    }
    if named.keys().zip(0..).any(|(index, expected)| *index != expected) {
        return Err("audio_codec_N: a gap in its numbers".into());
    }
    let silent = FACTORY.iter().filter(|codec| !named.values().any(|(known, _)| known == *codec));
    let mut order: Vec<&'static str> = silent.copied().collect();
    for (codec, _) in named.values().filter(|(_, enabled)| *enabled) {
        push_once(&mut order, codec);
    }
    Ok(order)
}

const FACTORY: &[&str] = &["opus", "speex", "pcmu", "pcma", "g729"];

const MIMES: Words = &[
    ("opus", "opus"),
    ("speex", "speex"),
    ("PCMU", "pcmu"),
    ("PCMA", "pcma"),
    ("G722", "g722"),
    ("G729", "g729"),
    ("G726-16", "g726-16"),
    ("G726-24", "g726-24"),
    ("G726-32", "g726-32"),
    ("G726-40", "g726-40"),
    ("iLBC", "ilbc"),
    ("GSM", "gsm"),
    ("AMR", "amr"),
    ("AMR-WB", "amr-wb"),
    ("mpeg4-generic", "aac"),
    ("L16", "l16"),
    ("BV16", "bv16"),
    ("SILK", "silk"),
];

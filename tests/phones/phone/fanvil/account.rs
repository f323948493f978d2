//! Accounts from `sip/line/N/…`.

use super::super::flash::Flash;
use super::super::net::joined;
use super::super::report::{Account, HostPort};
use super::super::words::{Words, push_once, word};
use super::super::{Dialect, Facts, Outcome};

pub fn all(flash: &Flash, facts: &Facts) -> Outcome<Vec<Account>> {
    let mut accounts = Vec::new();
    for number in flash.indices("sip/line/", "/EnableReg") {
        if flash.flag(&format!("sip/line/{number}/EnableReg"))? == Some(true) {
            if number == 0 || number > facts.lines {
                return Err(format!("sip/line/{number}: this phone has {} lines", facts.lines));
            }
            accounts.push(account(flash, number, facts.dialect)?);
        }
    }
    Ok(accounts)
}

fn account(flash: &Flash, number: u32, dialect: Dialect) -> Outcome<Account> {
    let at = |name: &str| format!("sip/line/{number}/{name}");
    let need = |name: &str| flash.text(&at(name)).ok_or_else(|| format!("line {number} registers, but has no {name}"));
    let place = |host: &str, port: &str| Outcome::Ok(joined(flash.text(&at(host)), flash.number(&at(port))?));
    let server = HostPort { host: need("RegisterAddr")?, port: flash.number(&at("RegisterPort"))? };
    let transport = flash.word(&at("Transport"), TRANSPORTS)?.unwrap_or("udp");
    let backup = place("BackupAddr", "BackupPort")?;
    if backup.is_some() && flash.word(&at("BackupTransport"), TRANSPORTS)?.is_some_and(|other| other != transport) {
        return Err(format!("{}: not {transport} as the first registrar", at("BackupTransport")));
    }
    Ok(Account {
        number,
        label: None,
        display_name: flash.text(&at("DisplayName")),
        user: need("PhoneNumber")?,
        auth_user: flash.text(&at("RegisterUser")),
        password: flash.text(&at("RegisterPswd")),
        ha1: None,
        domain: flash.text(&at("LocalDomain")).unwrap_or_else(|| server.host.clone()),
        server,
        backups: backup.into_iter().collect(),
        transport,
        dns_mode: dns_mode(flash, number)?,
        outbound_proxy: place("ProxyAddr", "ProxyPort")?,
        registers: true,
        expires: flash.number(&at("RegisterTTL"))?,
        voicemail: flash.text(&at("MWINum")),
        shared: if flash.flag(&at("EnableSCA"))? == Some(true) { "sca" } else { "off" },
        srtp: flash.word(&at("MediaCrypto"), SRTP)?,
        codecs: codecs(flash, &at("VoiceCodecMap"), dialect)?,
        dtmf: flash.word(&at("DTMFMode"), DTMF)?.into_iter().collect(),
        uses_stun: flash.flag(&at("NATType"))? == Some(true),
    })
}

/// Two parameters tell one thing: whether to ask for services, and for which records.
fn dns_mode(flash: &Flash, number: u32) -> Outcome<Option<&'static str>> {
    let at = |name: &str| format!("sip/line/{number}/{name}");
    let services = flash.flag(&at("DNSSRV"))?;
    let records = flash.word(&at("DNSMode"), DNS_MODES)?;
    match (services, records) {
        (Some(true), Some("a")) | (Some(false), Some("srv")) => Err(format!("{}: not as DNSMode", at("DNSSRV"))),
        _ => Ok(records),
    }
}

/// In the order of the list; what is not in it is not offered.
fn codecs(flash: &Flash, name: &str, dialect: Dialect) -> Outcome<Vec<&'static str>> {
    let mut codecs = Vec::new();
    let told = flash.text(name).unwrap_or_default();
    for code in told.split(',').filter(|_| !told.is_empty()) {
        let codec = word(name, code, if dialect == Dialect::Lines { CODECS_OF_OLD } else { CODECS })?;
        if codecs.contains(&codec) {
            return Err(format!("{name}: {code} twice"));
        }
        push_once(&mut codecs, codec);
    }
    Ok(codecs)
}

/// The phone's own set, of which the accounts choose: it must not have names that the phone does not know.
pub fn capabilities(flash: &Flash, dialect: Dialect) -> Outcome<()> {
    codecs(flash, "mm/capability/AudioCodecSets", dialect)?;
    for place in flash.indices("mm/capability/VoiceCodec/", "") {
        if !(1..=6).contains(&place) {
            return Err(format!("P1 Voice Codec{place}: there are six"));
        }
        flash.word(&format!("mm/capability/VoiceCodec/{place}"), RATES)?;
    }
    Ok(())
}

const TRANSPORTS: Words = &[("0", "udp"), ("1", "tcp"), ("3", "tls")];
const SRTP: Words = &[("0", "off"), ("1", "optional"), ("2", "required")];
const DTMF: Words = &[("0", "inband"), ("1", "rfc4733"), ("2", "info"), ("3", "auto")];
const DNS_MODES: Words = &[("0", "a"), ("1", "srv"), ("2", "naptr+srv")];

const CODECS: Words = &[
    ("PCMU", "pcmu"),
    ("PCMA", "pcma"),
    ("G722", "g722"),
    ("G729", "g729"),
    ("opus", "opus"),
    ("OPUS", "opus"),
    ("iLBC", "ilbc"),
    ("G726-16", "g726-16"),
    ("G726-24", "g726-24"),
    ("G726-32", "g726-32"),
    ("G726-40", "g726-40"),
    ("G723", "g723"),
    ("AMR", "amr"),
    ("AMR-WB", "amr-wb"),
];

const CODECS_OF_OLD: Words =
    &[("G711U", "pcmu"), ("G711A", "pcma"), ("G722", "g722"), ("G729", "g729"), ("G726-32", "g726-32"), ("G723", "g723")];

const RATES: Words = &[
    ("PCMU/8000", "pcmu"),
    ("PCMA/8000", "pcma"),
    ("G722/8000", "g722"),
    ("G729/8000", "g729"),
    ("G726-32/8000", "g726-32"),
    ("G723/8000", "g723"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn first(settings: &[(&str, &str)]) -> Outcome<Account> {
        let mut flash = Flash::default();
        let least = [("EnableReg", "1"), ("PhoneNumber", "101"), ("RegisterAddr", "sip.example")];
        for (name, value) in least.iter().chain(settings) {
            flash.set(format!("sip/line/1/{name}"), *value);
        }
        all(&flash, &Facts { lines: 2, ..Facts::default() }).map(|mut accounts| accounts.remove(0))
    }

    #[test]
    fn words_for_codes() {
        let account = first(&[
            ("Transport", "3"),
            ("MediaCrypto", "2"),
            ("DTMFMode", "2"),
            ("VoiceCodecMap", "G722,PCMA"),
            ("NATType", "1"),
            ("LocalDomain", "acme.example"),
        ])
        .unwrap();
        assert_eq!((account.transport, account.srtp, account.dtmf), ("tls", Some("required"), vec!["info"]));
        assert_eq!((account.codecs, account.uses_stun, account.domain.as_str()), (vec!["g722", "pcma"], true, "acme.example"));
    }

    #[test]
    fn what_the_phone_does_not_know_is_loud() {
        let wrong = [
            ("Transport", "2"),
            ("MediaCrypto", "3"),
            ("VoiceCodecMap", "G711A"),
            ("VoiceCodecMap", "G722,G722"),
            ("VoiceCodecMap", "G722,"),
            ("RegisterPort", "5060x"),
            ("PhoneNumber", ""),
        ];
        for setting in wrong {
            assert!(first(&[setting]).is_err(), "{setting:?}");
        }
        assert!(first(&[("DNSSRV", "1"), ("DNSMode", "0")]).is_err());
        assert!(first(&[("BackupAddr", "b.example"), ("BackupTransport", "1")]).is_err());
    }

    #[test]
    fn a_line_that_the_phone_does_not_have() {
        let mut flash = Flash::default();
        flash.set("sip/line/3/EnableReg", "0");
        let facts = Facts { lines: 2, ..Facts::default() };
        assert!(all(&flash, &facts).unwrap().is_empty());
        flash.set("sip/line/3/EnableReg", "1");
        assert!(all(&flash, &facts).unwrap_err().contains("has 2 lines"));
    }
}

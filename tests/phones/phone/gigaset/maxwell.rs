//! A desk phone: accounts and keys are counted from 0, transport and codecs are those of the phone.

use super::super::flash::Flash;
use super::super::report::{Account, Area, Dst, Key, Report, Time};
use super::super::words::{Words, word};
use super::super::{Device, Outcome};
use super::{dtmf, outbound_proxy, server, srtp, zone};

pub fn understand(flash: &Flash, device: &Device) -> Outcome<Report> {
    let mut accounts = Vec::new();
    for index in flash.indices("SIP.Account.", ".Active") {
        if index >= device.facts.lines {
            return Err(format!("SIP.Account.{index}: this phone has {}", device.facts.lines));
        }
        if flash.flag(&format!("SIP.Account.{index}.Active"))? == Some(true) {
            accounts.push(account(flash, index)?);
        }
    }
    let first = accounts.iter().find(|account| account.uses_stun);
    let stun = first.map(|account| server(flash, &format!("SIP.Account.{}.STUN.", account.number - 1), "Address", "Port"));
    Ok(Report {
        stun: stun.transpose()?.flatten(),
        accounts,
        keys: keys(flash, device)?,
        ntp: flash.text("System.DateAndTime.TimeServer").into_iter().collect(),
        time: time(flash)?,
        admin_password: flash.text("WebUI.AdminPassword"),
        provisioning: flash.text("System.Provision.ProvisioningServer"),
        language: language(flash)?,
        ..Report::default()
    })
}

fn account(flash: &Flash, index: u32) -> Outcome<Account> {
    let prefix = format!("SIP.Account.{index}.");
    let at = |name: &str| format!("{prefix}{name}");
    let need = |name: &str| flash.text(&at(name)).ok_or_else(|| format!("{prefix} is on, but has no {name}"));
    let registrar = server(flash, &prefix, "RegistrationServer.Address", "RegistrationServer.Port")?;
    let proxy = server(flash, &prefix, "OutboundProxy.Address", "OutboundProxy.Port")?;
    let has_mailbox = flash.flag(&at("VoiceMail.Active"))? == Some(true);
    Ok(Account {
        number: index + 1,
        label: flash.text(&at("AccountName")),
        display_name: flash.text(&at("DisplayName")),
        user: need("Username")?,
        auth_user: flash.text(&at("AuthName")),
        password: flash.text(&at("AuthPassword")),
        ha1: None,
        domain: need("Domain")?,
        server: registrar.ok_or_else(|| format!("{prefix} is on, but has no registrar"))?,
        backups: Vec::new(),
        transport: flash.word("SIP.TransportProtocol", TRANSPORTS)?.unwrap_or("udp"),
        dns_mode: None,
        outbound_proxy: outbound_proxy(flash, &at("OutboundProxy.Mode"), proxy)?,
        registers: true,
        expires: flash.number(&at("RegistrationServer.RefreshTime"))?,
        voicemail: flash.text(&at("VoiceMail.Mailbox")).filter(|_| has_mailbox),
        shared: "off",
        srtp: srtp(flash, "SIP.Security.SRTP", "SIP.Security.AcceptNonSRTPCalls")?,
        codecs: codecs(flash)?,
        dtmf: dtmf(flash, &at("DTMFTransmission"))?,
        uses_stun: flash.flag(&at("STUN.Enabled"))? == Some(true),
    })
}

/// Payload numbers of RTP, the wanted first.
fn codecs(flash: &Flash) -> Outcome<Vec<&'static str>> {
    let told = flash.text("SIP.ActiveCodecs").unwrap_or_default();
    told.split(',').filter(|code| !code.is_empty()).map(|code| word("SIP.ActiveCodecs", code, CODECS)).collect()
}

fn keys(flash: &Flash, device: &Device) -> Outcome<Vec<Key>> {
    let soft_keys = if device.model == "Maxwell4" { 4 } else { 2 };
    let mut keys = Vec::new();
    for (area, series, count) in [(Area::Line, "FunctionKeys", device.facts.line_keys), (Area::Soft, "SoftKeys", soft_keys)] {
        let series = format!("PhoneUI.Keys.{series}.");
        for index in flash.indices(&series, ".Type") {
            if index >= count {
                return Err(format!("{series}{index}: there are {count} keys here"));
            }
            keys.extend(key(flash, &format!("{series}{index}."), area, index + 1, device.facts.lines)?);
        }
    }
    Ok(keys)
}

/// What a key has beside its type depends on the type.
fn key(flash: &Flash, prefix: &str, area: Area, position: u32, lines: u32) -> Outcome<Option<Key>> {
    let at = |name: &str| format!("{prefix}{name}");
    let Some(kind) = flash.word(&at("Type"), KINDS)?.filter(|kind| *kind != "none") else {
        return Ok(None);
    };
    let value = match kind {
        "url" => flash.text(&at("URL")),
        "dtmf" | "feature_code" => flash.text(&at("EnableCode")),
        "speed_dial" | "blf" | "forward" => flash.text(&at("PhoneNumber")),
        _ => None,
    };
    if value.is_none() && matches!(kind, "url" | "dtmf" | "feature_code" | "speed_dial" | "blf") {
        return Err(format!("{prefix}: {kind} of what?"));
    }
    let connection: Option<u32> = flash.number(&at("Connection"))?.filter(|_| kind == "line");
    if connection.is_some_and(|index| index >= lines) {
        return Err(format!("{prefix}Connection: this phone has {lines} accounts"));
    }
    Ok(Some(Key {
        area,
        module: None,
        position,
        kind,
        value,
        label: flash.text(&at("DisplayName")).filter(|_| area == Area::Line),
        line: connection.map(|index| index + 1),
        pickup: flash.text(&at("CallPickupCode")).filter(|_| kind == "blf"),
    }))
}

/// `GMT+1.Europe/Amsterdam`: an offset in winter, and a zone that must have it.
fn time(flash: &Flash) -> Outcome<Option<Time>> {
    let Some(told) = flash.text("System.DateAndTime.TimeZone") else {
        return Ok(None);
    };
    let broken = || format!("System.DateAndTime.TimeZone: `{told}` is no zone of this phone");
    let (offset, zone) = told.strip_prefix("GMT").and_then(|rest| rest.split_once('.')).ok_or_else(broken)?;
    let offset = zone::hours(offset).ok_or_else(broken)?;
    if zone::in_winter(zone)? != offset {
        return Err(format!("System.DateAndTime.TimeZone: `{told}` has another offset"));
    }
    Ok(Some(Time { offset, zone: Some(zone.to_owned()), dst: Dst::Automatic }))
}

/// Two letters for the language, two for the country.
fn language(flash: &Flash) -> Outcome<Option<String>> {
    let told = flash.text("PhoneUI.Settings.Language");
    let is_tag =
        |tag: &str| tag.len() == 5 && tag.bytes().enumerate().all(|(at, b)| if at == 2 { b == b'-' } else { b.is_ascii_lowercase() });
    match told {
        Some(tag) if !is_tag(&tag) => Err(format!("PhoneUI.Settings.Language: `{tag}`")),
        told => Ok(told),
    }
}

const TRANSPORTS: Words = &[("1", "udp"), ("2", "tls")];
const CODECS: Words = &[("0", "pcmu"), ("8", "pcma"), ("9", "g722"), ("18", "g729")];
const KINDS: Words = &[
    ("-1", "none"),
    ("0", "line"),
    ("3", "speed_dial"),
    ("4", "blf"),
    ("6", "forward"),
    ("7", "dtmf"),
    ("8", "url"),
    ("10", "feature_code"),
    ("13", "ldap"),
    ("17", "redial"),
];

#[cfg(test)]
mod tests {
    use super::super::super::Facts;
    use super::*;

    fn read(parameters: &[(&str, &str)]) -> Outcome<Report> {
        let mut flash = Flash::default();
        for (name, value) in parameters {
            flash.set(*name, *value);
        }
        let facts = Facts { lines: 4, line_keys: 8, ..Facts::default() };
        understand(&flash, &Device { id: String::new(), model: "Maxwell3".into(), facts })
    }

    #[test]
    fn what_the_phone_does_not_have() {
        for name in ["SIP.Account.4.Active", "PhoneUI.Keys.FunctionKeys.8.Type", "PhoneUI.Keys.SoftKeys.2.Type"] {
            assert!(read(&[(name, "0")]).is_err(), "{name}");
        }
        for kind in ["1", "5", "blf"] {
            assert!(read(&[("PhoneUI.Keys.FunctionKeys.0.Type", kind)]).is_err(), "{kind}");
        }
    }

    #[test]
    fn zones_say_their_offset() {
        let zone = |told: &str| read(&[("System.DateAndTime.TimeZone", told)]).map(|report| report.time.unwrap().offset);
        assert_eq!(zone("GMT.Europe/London").unwrap(), 0);
        assert_eq!(zone("GMT+9:30.Australia/Adelaide").unwrap(), 34_200);
        for broken in ["Europe/London", "GMT+1.Europe/London", "GMT+1", "GMT+1.Mars/Olympus"] {
            assert!(zone(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn keys_by_their_type() {
        let at = |name: &str| format!("PhoneUI.Keys.FunctionKeys.7.{name}");
        let (kind, connection, code) = (at("Type"), at("Connection"), at("EnableCode"));
        let line = read(&[(&kind, "0"), (&connection, "3")]).unwrap();
        assert_eq!((line.keys[0].position, line.keys[0].line), (8, Some(4)));
        assert!(read(&[(&kind, "0"), (&connection, "4")]).is_err());
        assert_eq!(read(&[(&kind, "7"), (&code, "1#")]).unwrap().keys[0].value.as_deref(), Some("1#"));
        assert!(read(&[(&kind, "3")]).is_err());
    }
}

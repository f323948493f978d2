//! Accounts, which Snom calls identities: from `user_active`, one for each `idx`.

use super::super::flash::Flash;
use super::super::net::host_port;
use super::super::report::{Account, HostPort};
use super::super::words::{Words, find, push_once};
use super::super::{Facts, Outcome};
use super::switch;

pub fn all(flash: &Flash, facts: &Facts) -> Outcome<Vec<Account>> {
    for name in NAMES {
        known(flash, name, facts)?;
    }
    let mut accounts = Vec::new();
    for number in flash.indices("user_active ", "") {
        if switch(flash, &format!("user_active {number}"))? == Some(true) {
            accounts.push(account(flash, number)?);
        }
    }
    Ok(accounts)
}

/// What an account has: a setting of the phone has no `idx`, and no account is beyond the phone's last.
fn known(flash: &Flash, name: &str, facts: &Facts) -> Outcome<()> {
    if flash.knows(name) {
        return Err(format!("{name}: without idx"));
    }
    match flash.indices(&format!("{name} "), "").into_iter().find(|number| *number == 0 || *number > facts.lines) {
        Some(number) => Err(format!("{name} {number}: this phone has {} identities", facts.lines)),
        None => Ok(()),
    }
}

fn account(flash: &Flash, number: u32) -> Outcome<Account> {
    let at = |name: &str| format!("{name} {number}");
    let need = |name: &str| flash.text(&at(name)).ok_or_else(|| format!("identity {number} is on, but has no {name}"));
    let host = host_port(&need("user_host")?)?;
    let route = flash.text(&at("user_outbound")).map(|told| route(&told)).transpose()?;
    let transport = route.as_ref().and_then(|(_, transport)| *transport).unwrap_or("udp");
    let (server, outbound_proxy) = server_and_proxy(&host, route.map(|(route, _)| route));
    let (codecs, has_events) = codecs(flash, &at("codec_priority_list"))?;
    Ok(Account {
        number,
        label: flash.text(&at("user_idle_text")),
        display_name: flash.text(&at("user_realname")),
        user: need("user_name")?,
        auth_user: flash.text(&at("user_pname")),
        password: flash.text(&at("user_pass")),
        ha1: flash.text(&at("user_hash")),
        domain: host.host,
        server,
        backups: Vec::new(),
        transport,
        dns_mode: None,
        outbound_proxy,
        registers: true,
        expires: flash.number(&at("user_expiry"))?,
        voicemail: flash.text(&at("user_mailbox")),
        shared: if switch(flash, &at("user_shared_line"))? == Some(true) { "sca" } else { "off" },
        srtp: srtp(flash, number)?,
        dtmf: dtmf(flash, number, has_events)?,
        codecs,
        uses_stun: flash.text(&at("stun_server")).is_some(),
    })
}

/// A route to the registrar's own name only says how to get there.
fn server_and_proxy(host: &HostPort, route: Option<HostPort>) -> (HostPort, Option<HostPort>) {
    match route {
        Some(route) if route.host == host.host => (HostPort { port: route.port.or(host.port), ..route }, None),
        route => (host.clone(), route),
    }
}

/// `host:port;transport=tls`, which may begin with `sip:` or `sips:`.
fn route(told: &str) -> Outcome<(HostPort, Option<&'static str>)> {
    let (uri, mut transport) = match told.strip_prefix("sips:") {
        Some(rest) => (rest, Some("tls")),
        None => (told.strip_prefix("sip:").unwrap_or(told), None),
    };
    let mut parts = uri.split(';');
    let host = host_port(parts.next().unwrap_or_default())?;
    for part in parts {
        let code = part.strip_prefix("transport=").and_then(|code| find(code, TRANSPORTS));
        transport = Some(code.ok_or_else(|| format!("user_outbound: `{part}` is nothing that a route has"))?);
    }
    Ok((host, transport))
}

/// With `user_savp` off keys are offered beside plain audio, so that the other side may leave them.
fn srtp(flash: &Flash, number: u32) -> Outcome<Option<&'static str>> {
    let profile = flash.word(&format!("user_savp {number}"), PROFILES)?;
    Ok(switch(flash, &format!("user_srtp {number}"))?.map(|on| if on { profile.unwrap_or("optional") } else { "off" }))
}

/// The codecs in their order, and whether events are among them, which carry the digits of a call.
fn codecs(flash: &Flash, name: &str) -> Outcome<(Vec<&'static str>, bool)> {
    let mut codecs = Vec::new();
    let Some(told) = flash.text(name) else {
        return Ok((codecs, true));
    };
    let events = told.split(',').any(|codec| codec == "telephone-event");
    for codec in told.split(',').filter(|codec| *codec != "telephone-event") {
        push_once(&mut codecs, find(codec, CODECS).ok_or_else(|| format!("{name}: `{codec}` is no codec of this phone"))?);
    }
    Ok((codecs, events))
}

fn dtmf(flash: &Flash, number: u32, has_events: bool) -> Outcome<Vec<&'static str>> {
    let name = format!("user_dtmf_info {number}");
    let in_audio = if has_events { "rfc4733" } else { "inband" };
    match flash.text(&name).as_deref() {
        None => Ok(vec![]),
        Some("off") => Ok(vec![in_audio]),
        Some("on") => Ok(vec![in_audio, "info"]),
        Some("sip_info_only") => Ok(vec!["info"]),
        Some(other) => Err(format!("{name}: `{other}` is no value this phone knows")),
    }
}

/// The settings of an account that are read here.
const NAMES: &[&str] = &[
    "user_active",
    "user_realname",
    "user_name",
    "user_pname",
    "user_pass",
    "user_hash",
    "user_host",
    "user_outbound",
    "user_expiry",
    "user_mailbox",
    "user_idle_text",
    "user_shared_line",
    "user_srtp",
    "user_savp",
    "user_dtmf_info",
    "codec_priority_list",
    "stun_server",
];

const TRANSPORTS: Words = &[("udp", "udp"), ("tcp", "tcp"), ("tls", "tls")];
const PROFILES: Words = &[("off", "optional"), ("optional", "optional"), ("mandatory", "required")];
const CODECS: Words = &[
    ("g722", "g722"),
    ("pcma", "pcma"),
    ("pcmu", "pcmu"),
    ("gsm", "gsm"),
    ("g729", "g729"),
    ("g723", "g723"),
    ("g726-32", "g726-32"),
    ("aal2-g726-32", "g726-32"),
    ("amr-0", "amr"),
    ("amrwb-0", "amr-wb"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: &[(&str, &str)]) -> Outcome<Account> {
        let mut flash = Flash::default();
        for (name, value) in [("user_active 1", "on"), ("user_name 1", "101"), ("user_host 1", "acme.example")].iter().chain(more) {
            flash.set(*name, *value);
        }
        let accounts = all(&flash, &Facts { lines: 4, ..Facts::default() })?;
        accounts.into_iter().next().ok_or_else(|| "no account".into())
    }

    #[test]
    fn a_route_has_a_transport_and_may_be_that_of_the_registrar() {
        let own = read(&[("user_outbound 1", "acme.example:5061;transport=tls")]).unwrap();
        assert_eq!((own.server.port, own.outbound_proxy, own.transport), (Some(5061), None, "tls"));
        let other = read(&[("user_outbound 1", "sip:edge.acme.example;transport=tcp")]).unwrap();
        assert_eq!((other.server.port, other.outbound_proxy.unwrap().host.as_str(), other.transport), (None, "edge.acme.example", "tcp"));
        assert_eq!(read(&[("user_outbound 1", "sips:acme.example")]).unwrap().transport, "tls");
        for broken in ["acme.example;transport=sctp", "acme.example;lr", "acme example"] {
            assert!(read(&[("user_outbound 1", broken)]).is_err(), "{broken}");
        }
    }

    #[test]
    fn encryption_has_a_switch_and_a_profile() {
        let srtp = |switch: &str, profile: &str| read(&[("user_srtp 1", switch), ("user_savp 1", profile)]).map(|account| account.srtp);
        assert_eq!(srtp("off", "mandatory").unwrap(), Some("off"));
        assert_eq!(srtp("on", "off").unwrap(), Some("optional"));
        assert_eq!(srtp("on", "mandatory").unwrap(), Some("required"));
        assert_eq!(srtp("", "").unwrap(), None);
        assert!(srtp("yes", "off").is_err());
        assert!(srtp("on", "sometimes").is_err());
    }

    #[test]
    fn digits_go_in_the_audio_where_there_are_no_events() {
        let dtmf = |code: &str, codecs: &str| read(&[("user_dtmf_info 1", code), ("codec_priority_list 1", codecs)]).map(|read| read.dtmf);
        assert_eq!(dtmf("off", "g722,pcma,telephone-event").unwrap(), ["rfc4733"]);
        assert_eq!(dtmf("on", "g722,telephone-event").unwrap(), ["rfc4733", "info"]);
        assert_eq!(dtmf("off", "g722").unwrap(), ["inband"]);
        assert_eq!(dtmf("sip_info_only", "").unwrap(), ["info"]);
        assert!(dtmf("info", "").is_err());
        assert!(dtmf("off", "g722, pcma").is_err(), "a blank");
    }

    #[test]
    fn identities_that_the_phone_does_not_have() {
        for name in ["user_active 5", "user_name 0", "user_pass", "codec_priority_list 13"] {
            assert!(read(&[(name, "x")]).is_err(), "{name}");
        }
        assert!(read(&[("user_name 1", "")]).is_err());
    }
}

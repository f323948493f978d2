//! Accounts, and the ports of an adapter.

use super::super::flash::Flash;
use super::super::net::host_port;
use super::super::report::Account;
use super::super::words::{Words, push_once, word};
use super::super::{Facts, Outcome};
use super::spelling::{self, Spelling, port};

pub fn all(flash: &Flash, facts: &Facts) -> Outcome<Vec<Account>> {
    let mut accounts = Vec::new();
    for number in 1..=16 {
        if spelling::ENABLE.flag(flash, number)? == Some(true) {
            if number > facts.lines {
                return Err(format!("account {number}: this phone has {}", facts.lines));
            }
            accounts.push(account(flash, number)?);
        }
    }
    Ok(accounts)
}

fn account(flash: &Flash, number: u32) -> Outcome<Account> {
    let need = |fact: &Spelling| {
        fact.text(flash, number).ok_or_else(|| format!("account {number} is active, but {} is blank", fact.name(flash, number)))
    };
    let server = host_port(&need(&spelling::SERVER)?)?;
    let address = |fact: &Spelling| fact.text(flash, number).map(|told| host_port(&told)).transpose();
    let auth_user = spelling::AUTH_USER.text(flash, number).or_else(|| spelling::AUTH_USER_LOWER.text(flash, number));
    Ok(Account {
        number,
        label: spelling::LABEL.text(flash, number),
        display_name: spelling::DISPLAY_NAME.text(flash, number),
        user: need(&spelling::USER)?,
        auth_user,
        password: spelling::PASSWORD.text(flash, number),
        ha1: None,
        domain: server.host.clone(),
        backups: address(&spelling::SECOND_SERVER)?.into_iter().collect(),
        server,
        transport: spelling::TRANSPORT.word(flash, number, TRANSPORTS)?.unwrap_or("udp"),
        dns_mode: spelling::DNS_MODE.word(flash, number, DNS_MODES)?,
        outbound_proxy: address(&spelling::PROXY)?,
        registers: spelling::REGISTERS.flag(flash, number)? != Some(false),
        expires: minutes(spelling::EXPIRES.text(flash, number))?,
        voicemail: spelling::VOICEMAIL.text(flash, number),
        shared: "off",
        srtp: spelling::SRTP.word(flash, number, SRTP)?,
        codecs: codecs(flash, &spelling::CODECS.each_ref().map(|slot| slot.name(flash, number)))?,
        dtmf: dtmf(flash, number)?,
        uses_stun: spelling::NAT.word(flash, number, NAT)? == Some("stun"),
    })
}

/// An adapter's port is in use when it has a user.
pub fn ports(flash: &Flash, facts: &Facts) -> Outcome<Vec<Account>> {
    let mut accounts = Vec::new();
    for index in 0..2_usize {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let name = |codes: &[u16; 2]| format!("P{}", codes[index]);
        let text = |codes: &[u16; 2]| flash.text(&name(codes));
        let Some(user) = text(&port::USER) else {
            continue;
        };
        if number > facts.lines {
            return Err(format!("port {number}: this adapter has {}", facts.lines));
        }
        let server = text(&port::SERVER).ok_or_else(|| format!("port {number} has a user, but no server"))?;
        let server = host_port(&server)?;
        accounts.push(Account {
            number,
            user,
            auth_user: text(&port::AUTH_USER),
            password: text(&port::PASSWORD),
            display_name: text(&port::DISPLAY_NAME),
            domain: server.host.clone(),
            server,
            transport: flash.word(&name(&port::TRANSPORT), TRANSPORTS)?.unwrap_or("udp"),
            outbound_proxy: text(&port::PROXY).map(|told| host_port(&told)).transpose()?,
            registers: flash.flag(&name(&port::REGISTERS))? != Some(false),
            expires: minutes(text(&port::EXPIRES))?,
            shared: "off",
            codecs: codecs(flash, &port::CODECS.each_ref().map(name))?,
            uses_stun: flash.word(&name(&port::NAT), NAT)? == Some("stun"),
            ..Account::default()
        });
    }
    Ok(accounts)
}

fn minutes(told: Option<String>) -> Outcome<Option<u32>> {
    told.map(|told| match told.parse::<u32>() {
        Ok(minutes @ 1..=64800) => Ok(minutes * 60),
        _ => Err(format!("`{told}`: a registration lasts 1 to 64800 minutes")),
    })
    .transpose()
}

/// Once a file speaks of codecs, one of the first six slots that it leaves out keeps what the factory put there.
fn codecs(flash: &Flash, slots: &[String]) -> Outcome<Vec<&'static str>> {
    let mut order = Vec::new();
    if !slots.iter().any(|slot| flash.knows(slot)) {
        return Ok(order);
    }
    let by_item = slots.iter().any(|slot| flash.knows(slot) && !slot.starts_with('P'));
    for (index, slot) in slots.iter().enumerate() {
        match flash.raw(slot) {
            Some("") => {}
            Some(code) => push_once(&mut order, word(slot, code, CODECS)?),
            None if index < 6 && !by_item => push_once(&mut order, "factory"),
            None => {}
        }
    }
    Ok(order)
}

fn dtmf(flash: &Flash, number: u32) -> Outcome<Vec<&'static str>> {
    let flags = [(&spelling::DTMF_RTP, "rfc4733"), (&spelling::DTMF_INFO, "info"), (&spelling::DTMF_AUDIO, "inband")];
    if flags.iter().any(|(fact, _)| fact.knows(flash, number)) {
        let mut ways = Vec::new();
        for (fact, way) in flags {
            if fact.flag(flash, number)? == Some(true) {
                ways.push(way);
            }
        }
        return Ok(ways);
    }
    let Some(told) = spelling::DTMF.text(flash, number) else {
        return Ok(Vec::new());
    };
    let ways: &[&'static str] = match told.as_str() {
        "8" => &["inband"],
        "1" => &["rfc4733"],
        "2" => &["info"],
        "3" => &["rfc4733", "info"],
        "9" => &["rfc4733", "inband"],
        "10" => &["info", "inband"],
        "11" => &["rfc4733", "info", "inband"],
        other => {
            return Err(format!("account {number}: `{other}` is no way to send tones"));
        }
    };
    Ok(ways.to_vec())
}

/// The pickup code that goes before a watched number of this account.
pub fn pickup(flash: &Flash, number: u32) -> Option<String> {
    spelling::PICKUP.text(flash, number)
}

const TRANSPORTS: Words = &[("0", "udp"), ("1", "tcp"), ("2", "tls"), ("UDP", "udp"), ("TCP", "tcp"), ("TlsOrTcp", "tls")];

const DNS_MODES: Words =
    &[("0", "a"), ("1", "srv"), ("2", "naptr+srv"), ("3", "ip-list"), ("ARecord", "a"), ("SRV", "srv"), ("NaptrOrSrv", "naptr+srv")];

const NAT: Words = &[
    ("0", "off"),
    ("1", "stun"),
    ("2", "keepalive"),
    ("3", "upnp"),
    ("4", "auto"),
    ("5", "vpn"),
    ("No", "off"),
    ("STUN", "stun"),
    ("KeepAlive", "keepalive"),
    ("UPnP", "upnp"),
    ("Auto", "auto"),
    ("VPN", "vpn"),
];

const SRTP: Words = &[
    ("0", "off"),
    ("1", "optional"),
    ("2", "required"),
    ("3", "optional"),
    ("Disabled", "off"),
    ("EnabledButNotForced", "optional"),
    ("EnabledAndForced", "required"),
];

const CODECS: Words = &[
    ("0", "pcmu"),
    ("2", "g726-32"),
    ("3", "gsm"),
    ("4", "g723"),
    ("8", "pcma"),
    ("9", "g722"),
    ("18", "g729"),
    ("98", "ilbc"),
    ("123", "opus"),
    ("125", "opus"),
    ("PCMU", "pcmu"),
    ("PCMA", "pcma"),
    ("G.722", "g722"),
    ("G_722", "g722"),
    ("G_729AOrB", "g729"),
    ("G.729A/B", "g729"),
    ("G.726-32", "g726-32"),
    ("G.723.1", "g723"),
    ("G_726_32", "g726-32"),
    ("iLBC", "ilbc"),
    ("OPUS", "opus"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn second(codes: &[(&str, &str)]) -> Outcome<Account> {
        let mut flash = Flash::default();
        for (name, value) in [("P401", "1"), ("P404", "102"), ("P402", "sip.example")].iter().chain(codes) {
            flash.set(*name, *value);
        }
        all(&flash, &Facts { lines: 4, ..Facts::default() }).map(|mut accounts| accounts.remove(0))
    }

    #[test]
    fn the_second_account_has_its_own_codes() {
        let account =
            second(&[("P406", "pw"), ("P448", "1"), ("P416", "11"), ("P443", "1"), ("P426", "*97"), ("P403", "proxy:5062"), ("P408", "2")])
                .unwrap();
        assert_eq!((account.number, account.password.as_deref(), account.transport), (2, Some("pw"), "tcp"));
        assert_eq!(account.dtmf, ["rfc4733", "info", "inband"]);
        assert_eq!((account.srtp, account.dns_mode, account.voicemail.as_deref()), (Some("optional"), Some("naptr+srv"), Some("*97")));
        assert_eq!(account.outbound_proxy.unwrap().port, Some(5062));
    }

    #[test]
    fn slots_that_no_file_fills_keep_the_factorys_codec() {
        assert_eq!(second(&[("P451", "9"), ("P452", "8")]).unwrap().codecs, ["g722", "pcma", "factory"]);
        assert!(second(&[("P451", "77")]).is_err());
    }

    #[test]
    fn minutes_are_not_seconds() {
        assert_eq!(second(&[("P412", "60")]).unwrap().expires, Some(3600));
        assert!(second(&[("P412", "0")]).is_err());
        assert!(second(&[("P412", "100000")]).is_err());
    }

    #[test]
    fn an_account_that_cannot_work_is_loud() {
        assert!(second(&[("P404", "")]).unwrap_err().contains("P404"));
        assert!(second(&[("P402", "sip:sip.example")]).is_err());
        assert!(second(&[("P1801", "1")]).is_err());
    }
}

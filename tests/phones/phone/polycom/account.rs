//! Registrations: an address that is not blank makes one.

use super::super::flash::Flash;
use super::super::net::joined;
use super::super::report::Account;
use super::super::words::{Words, push_once};
use super::super::{Facts, Outcome};

pub fn all(flash: &Flash, facts: &Facts) -> Outcome<Vec<Account>> {
    let mut accounts = Vec::new();
    for number in flash.indices("reg.", ".address") {
        if number == 0 || number > facts.lines {
            return Err(format!("reg.{number}: this phone has {} registrations", facts.lines));
        }
        accounts.push(account(flash, number)?);
    }
    Ok(accounts)
}

fn account(flash: &Flash, number: u32) -> Outcome<Account> {
    let at = |name: &str| format!("reg.{number}.{name}");
    let address = flash.text(&at("address")).unwrap_or_default();
    let address = address.strip_prefix("sip:").unwrap_or(&address);
    let own = if flash.knows(&at("server.1.address")) { at("server") } else { "voIpProt.server".to_owned() };
    let server = joined(flash.text(&format!("{own}.1.address")), flash.number(&format!("{own}.1.port"))?)
        .ok_or_else(|| format!("reg.{number} has an address, but no server"))?;
    let (user, domain) = address.split_once('@').unwrap_or((address, &server.host));
    let mut backups = Vec::new();
    for rank in 2..=4 {
        backups.extend(joined(flash.text(&format!("{own}.{rank}.address")), flash.number(&format!("{own}.{rank}.port"))?));
    }
    let proxy = if flash.knows(&at("outboundProxy.address")) { at("outboundProxy") } else { "voIpProt.SIP.outboundProxy".to_owned() };
    Ok(Account {
        number,
        label: flash.text(&at("label")),
        display_name: flash.text(&at("displayName")),
        user: user.to_owned(),
        auth_user: flash.text(&at("auth.userId")),
        password: flash.text(&at("auth.password")),
        ha1: None,
        domain: domain.to_owned(),
        server,
        backups,
        transport: flash.word(&format!("{own}.1.transport"), TRANSPORTS)?.unwrap_or("dns-naptr"),
        dns_mode: None,
        outbound_proxy: joined(flash.text(&format!("{proxy}.address")), flash.number(&format!("{proxy}.port"))?),
        registers: flash.flag(&format!("{own}.1.register"))? != Some(false),
        expires: flash.number(&format!("{own}.1.expires"))?,
        voicemail: voicemail(flash, number),
        shared: flash.word(&at("type"), &[("private", "off"), ("shared", "sca")])?.unwrap_or("off"),
        srtp: srtp(flash, number)?,
        codecs: codecs(flash)?,
        dtmf: dtmf(flash)?,
        uses_stun: super::stun(flash)?.is_some(),
    })
}

/// The number is dialled only in the mode `contact`.
fn voicemail(flash: &Flash, number: u32) -> Option<String> {
    let contact = flash.raw(&format!("msg.mwi.{number}.callBackMode")) == Some("contact");
    flash.text(&format!("msg.mwi.{number}.callBack")).filter(|_| contact)
}

/// Of the registration, else of the phone.
fn srtp(flash: &Flash, number: u32) -> Outcome<Option<&'static str>> {
    let [enable, offer, require] = ["enable", "offer", "require"].map(|what| {
        let own = format!("reg.{number}.srtp.{what}");
        match flash.flag(&own) {
            Ok(None) => flash.flag(&format!("sec.srtp.{what}")),
            told => told,
        }
    });
    Ok(match (enable?, offer?, require?) {
        (None, None, None) => None,
        (Some(true), _, Some(true)) => Some("required"),
        (Some(true), Some(true), _) => Some("optional"),
        _ => Some("off"),
    })
}

/// By rank, 0 is off. Once a file speaks of codecs, those that it leaves out keep what the factory gave them.
fn codecs(flash: &Flash) -> Outcome<Vec<&'static str>> {
    let mut ranked: Vec<(u32, bool, &'static str)> = Vec::new();
    let mut told = false;
    for (spelling, codec, factory) in CODECS {
        let name = format!("voice.codecPref.{spelling}");
        let rank: Option<u32> = flash.number(&name)?;
        told |= rank.is_some();
        let rank_or_factory = rank.unwrap_or(*factory);
        if rank_or_factory > 0 {
            if let Some((.., other)) = ranked.iter().find(|(known, explicit, _)| *explicit && rank == Some(*known)) {
                return Err(format!("{name}: the same rank as {other}"));
            }
            ranked.push((rank_or_factory, rank.is_some(), codec));
        }
    }
    ranked.sort_by_key(|(rank, explicit, _)| (*rank, !explicit));
    let mut order = Vec::new();
    for (.., codec) in ranked {
        push_once(&mut order, codec);
    }
    Ok(if told { order } else { Vec::new() })
}

fn dtmf(flash: &Flash) -> Outcome<Vec<&'static str>> {
    let payload = flash.flag("tone.dtmf.rfc2833Control")?;
    let info = flash.flag("voIpProt.SIP.dtmfViaSignaling.rfc2976")?;
    let audible = flash.flag("tone.dtmf.viaRtp")?;
    if (payload, info, audible) == (None, None, None) {
        return Ok(Vec::new());
    }
    let mut ways = Vec::new();
    if payload != Some(false) {
        ways.push("rfc4733");
    }
    if info == Some(true) {
        ways.push("info");
    }
    if payload == Some(false) && info != Some(true) && audible != Some(false) {
        ways.push("inband");
    }
    Ok(ways)
}

const TRANSPORTS: Words = &[("UDPOnly", "udp"), ("TCPOnly", "tcp"), ("TCPpreferred", "tcp"), ("TLS", "tls"), ("DNSnaptr", "dns-naptr")];

/// Spelling, canonical name, and the rank from the factory.
const CODECS: &[(&str, &str, u32)] = &[
    ("G722", "g722", 4),
    ("G711_Mu", "pcmu", 6),
    ("G711_A", "pcma", 7),
    ("G729_AB", "g729", 8),
    ("iLBC.13_33kbps", "ilbc", 0),
    ("iLBC.15_2kbps", "ilbc", 0),
    ("Opus", "opus", 0),
    ("G7221.16kbps", "g722.1", 0),
    ("G7221.24kbps", "g722.1", 0),
    ("G7221.32kbps", "g722.1", 0),
    ("G7221_C.24kbps", "g722.1c", 0),
    ("G7221_C.32kbps", "g722.1c", 0),
    ("G7221_C.48kbps", "g722.1c", 0),
    ("Siren14.48kbps", "siren14", 0),
    ("Siren22.64kbps", "siren22", 0),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn first(parameters: &[(&str, &str)]) -> Outcome<Account> {
        let mut flash = Flash::default();
        for (name, value) in [("reg.1.address", "101")].iter().chain(parameters) {
            flash.set(*name, *value);
        }
        all(&flash, &Facts { lines: 1, ..Facts::default() }).map(|mut accounts| accounts.remove(0))
    }

    const SERVER: (&str, &str) = ("reg.1.server.1.address", "sip.example");

    #[test]
    fn the_domain_is_the_server_unless_the_address_has_one() {
        assert_eq!(first(&[SERVER]).unwrap().domain, "sip.example");
        assert_eq!(first(&[SERVER, ("reg.1.address", "101@acme.example")]).unwrap().domain, "acme.example");
        assert!(first(&[]).unwrap_err().contains("no server"));
        assert_eq!(
            first(&[("voIpProt.server.1.address", "global.example"), ("voIpProt.server.1.transport", "TCPOnly")]).unwrap().transport,
            "tcp"
        );
    }

    #[test]
    fn words_are_case_sensitive() {
        assert_eq!(first(&[SERVER, ("reg.1.server.1.transport", "UDPOnly")]).unwrap().transport, "udp");
        assert!(first(&[SERVER, ("reg.1.server.1.transport", "UDPonly")]).is_err());
    }

    #[test]
    fn codecs_by_rank() {
        let told = [
            SERVER,
            ("voice.codecPref.Opus", "1"),
            ("voice.codecPref.G722", "2"),
            ("voice.codecPref.G711_Mu", "0"),
            ("voice.codecPref.G729_AB", "0"),
        ];
        assert_eq!(first(&told).unwrap().codecs, ["opus", "g722", "pcma"]);
        assert!(first(&[SERVER, ("voice.codecPref.Opus", "1"), ("voice.codecPref.G722", "1")]).is_err());
    }

    #[test]
    fn srtp_needs_more_than_one_switch() {
        let srtp = |told: &[(&str, &str)]| {
            let mut all = vec![SERVER];
            all.extend(told);
            first(&all).unwrap().srtp
        };
        assert_eq!(srtp(&[]), None);
        assert_eq!(srtp(&[("sec.srtp.offer", "1")]), Some("off"));
        assert_eq!(srtp(&[("sec.srtp.enable", "1"), ("sec.srtp.offer", "1"), ("sec.srtp.require", "0")]), Some("optional"));
        assert_eq!(srtp(&[("sec.srtp.enable", "1"), ("reg.1.srtp.enable", "0")]), Some("off"));
        assert_eq!(srtp(&[("sec.srtp.enable", "1"), ("sec.srtp.offer", "1"), ("sec.srtp.require", "1")]), Some("required"));
    }

    #[test]
    fn a_mailbox_is_dialled_in_one_mode_only() {
        let number = ("msg.mwi.1.callBack", "*97");
        assert_eq!(first(&[SERVER, number]).unwrap().voicemail, None);
        assert_eq!(first(&[SERVER, number, ("msg.mwi.1.callBackMode", "contact")]).unwrap().voicemail.as_deref(), Some("*97"));
    }

    #[test]
    fn a_registration_that_the_phone_does_not_have() {
        assert!(first(&[SERVER, ("reg.2.address", "102")]).is_err());
    }
}

//! Accounts from `account.N.…`.

use super::super::flash::Flash;
use super::super::net::joined;
use super::super::report::Account;
use super::super::words::{Words, push_once};
use super::super::{Facts, Outcome};

pub fn all(flash: &Flash, facts: &Facts) -> Outcome<Vec<Account>> {
    let mut accounts = Vec::new();
    for number in flash.indices("account.", ".enable") {
        if flash.flag(&format!("account.{number}.enable"))? == Some(true) {
            if number == 0 || number > facts.lines {
                return Err(format!("account.{number}: this phone has {} accounts", facts.lines));
            }
            accounts.push(account(flash, number)?);
        }
    }
    Ok(accounts)
}

fn account(flash: &Flash, number: u32) -> Outcome<Account> {
    let at = |name: &str| format!("account.{number}.{name}");
    let need = |name: &str| flash.text(&at(name)).ok_or_else(|| format!("account.{number} is on, but has no {name}"));
    let place = Place::of(flash, number)?;
    let registrar = |rank: u32| {
        let port: Option<u16> = flash.number(&format!("{}.{rank}.port", place.server))?;
        let host = flash.text(&format!("{}.{rank}.address", place.server));
        Outcome::Ok(joined(host, port.filter(|port| *port > 0)))
    };
    let old = joined(flash.text(&at("sip_server_host")), flash.number(&at("sip_server_port"))?);
    let first = format!("{}.1.address", place.server);
    let server = match old.filter(|_| !flash.knows(&first)) {
        Some(old) => old,
        None => registrar(1)?.ok_or_else(|| format!("account.{number} is on, but has no {first}"))?,
    };
    let told = flash.word(&format!("{}.1.transport_type", place.server), TRANSPORTS)?;
    let transport = told.or(flash.word(&at("transport"), TRANSPORTS)?).unwrap_or("udp");
    Ok(Account {
        number,
        label: flash.text(&at("label")),
        display_name: flash.text(&at("display_name")),
        user: need("user_name")?,
        auth_user: flash.text(&at("auth_name")),
        password: flash.text(&at("password")),
        ha1: None,
        domain: server.host.clone(),
        backups: registrar(2)?.into_iter().collect(),
        server,
        transport,
        dns_mode: None,
        outbound_proxy: outbound_proxy(flash, number, &place)?,
        registers: true,
        expires: flash.number(&format!("{}.1.expires", place.server))?,
        voicemail: flash.text(&format!("voice_mail.number.{number}")),
        shared: flash.word(&at("shared_line"), SHARED)?.unwrap_or("off"),
        srtp: flash.word(&at("srtp_encryption"), SRTP)?,
        codecs: codecs(flash, number)?,
        dtmf: dtmf(flash, number)?,
        uses_stun: flash.flag(&at("nat.nat_traversal"))? == Some(true),
    })
}

/// The names of an account's servers: its own, or those of the template that it points to.
struct Place {
    server: String,
    proxy: String,
    proxy_enable: String,
}

impl Place {
    fn of(flash: &Flash, number: u32) -> Outcome<Place> {
        let template: Option<u32> = flash.number(&format!("account.{number}.sip_server.template"))?;
        Ok(match template {
            Some(template) => Place {
                server: format!("template.{template}.sip_server"),
                proxy: format!("template.{template}.outbound"),
                proxy_enable: format!("template.{template}.outbound.enable"),
            },
            None => Place {
                server: format!("account.{number}.sip_server"),
                proxy: format!("account.{number}.outbound_proxy"),
                proxy_enable: format!("account.{number}.outbound_proxy_enable"),
            },
        })
    }
}

fn outbound_proxy(flash: &Flash, number: u32, place: &Place) -> Outcome<Option<super::HostPort>> {
    if flash.flag(&place.proxy_enable)? != Some(true) {
        return Ok(None);
    }
    let new = joined(flash.text(&format!("{}.1.address", place.proxy)), flash.number(&format!("{}.1.port", place.proxy))?);
    let old = joined(flash.text(&format!("account.{number}.outbound_host")), flash.number(&format!("account.{number}.outbound_port"))?);
    new.or(old).map(Some).ok_or_else(|| format!("account.{number}: the outbound proxy is on, but has no address"))
}

/// By priority. Once a file speaks of codecs, those that it leaves out keep what the factory gave them.
fn codecs(flash: &Flash, number: u32) -> Outcome<Vec<&'static str>> {
    let mut ranked: Vec<(u32, bool, &'static str)> = Vec::new();
    let mut told = false;
    for (spelling, codec, factory) in CODECS {
        let at = |what: &str| format!("account.{number}.codec.{spelling}.{what}");
        let enabled = flash.flag(&at("enable"))?;
        let priority: Option<u32> = flash.number(&at("priority"))?;
        told |= enabled.is_some();
        if enabled.unwrap_or(factory.is_some()) {
            let rank = priority.filter(|rank| *rank > 0).or(*factory).ok_or_else(|| format!("{}: on, without a priority", at("enable")))?;
            if let Some((.., other)) = ranked.iter().find(|(known, explicit, _)| *known == rank && *explicit && priority.is_some()) {
                return Err(format!("account.{number}: {other} and {codec} have the same priority {rank}"));
            }
            ranked.push((rank, priority.is_some(), codec));
        }
    }
    ranked.sort_by_key(|(rank, explicit, _)| (*rank, !explicit));
    let mut order = Vec::new();
    for (.., codec) in ranked {
        push_once(&mut order, codec);
    }
    Ok(if told { order } else { Vec::new() })
}

fn dtmf(flash: &Flash, number: u32) -> Outcome<Vec<&'static str>> {
    let name = format!("account.{number}.dtmf.type");
    match flash.text(&name).as_deref() {
        None => Ok(vec![]),
        Some("0") => Ok(vec!["inband"]),
        Some("1") => Ok(vec!["rfc4733"]),
        Some("2") => Ok(vec!["info"]),
        Some("3") => Ok(vec!["rfc4733", "info"]),
        Some(other) => Err(format!("{name}: `{other}` is no value this phone knows")),
    }
}

const TRANSPORTS: Words = &[("0", "udp"), ("1", "tcp"), ("2", "tls"), ("3", "dns-naptr")];
const SHARED: Words = &[("0", "off"), ("1", "sca"), ("2", "bla"), ("3", "bla")];
const SRTP: Words = &[("0", "off"), ("1", "optional"), ("2", "required")];

/// Spelling, canonical name, and the priority of those that are on from the factory.
const CODECS: &[(&str, &str, Option<u32>)] = &[
    ("pcmu", "pcmu", Some(1)),
    ("pcma", "pcma", Some(2)),
    ("g729", "g729", Some(3)),
    ("g722", "g722", Some(4)),
    ("opus", "opus", None),
    ("ilbc", "ilbc", None),
    ("ilbc_13_33kbps", "ilbc", None),
    ("ilbc_15_2kbps", "ilbc", None),
    ("g726_16", "g726-16", None),
    ("g726_24", "g726-24", None),
    ("g726_32", "g726-32", None),
    ("g726_40", "g726-40", None),
    ("g723_53", "g723", None),
    ("g723_63", "g723", None),
    ("g722_1_24kpbs", "g722.1", None),
    ("g722_1c_24kpbs", "g722.1c", None),
    ("g722_1c_32kpbs", "g722.1c", None),
    ("g722_1c_48kpbs", "g722.1c", None),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn flash(settings: &[(&str, &str)]) -> Flash {
        let mut flash = Flash::default();
        let least = [("account.1.enable", "1"), ("account.1.user_name", "101"), ("account.1.sip_server.1.address", "sip.example")];
        for (name, value) in least.iter().chain(settings) {
            flash.set(*name, *value);
        }
        flash
    }

    fn first(settings: &[(&str, &str)]) -> Outcome<Account> {
        all(&flash(settings), &Facts { lines: 2, ..Facts::default() }).map(|mut accounts| accounts.remove(0))
    }

    #[test]
    fn an_account_may_point_to_a_template() {
        let account = first(&[
            ("account.1.sip_server.template", "2"),
            ("template.2.sip_server.1.address", "pbx.example"),
            ("template.2.sip_server.1.port", "0"),
            ("template.2.sip_server.1.transport_type", "2"),
            ("template.2.outbound.enable", "1"),
            ("template.2.outbound.1.address", "edge.example"),
        ])
        .unwrap();
        assert_eq!((account.domain.as_str(), account.server.port), ("pbx.example", None));
        assert_eq!(account.transport, "tls");
        assert_eq!(account.outbound_proxy.unwrap().host, "edge.example");
        assert!(first(&[("account.1.sip_server.template", "2")]).is_err());
    }

    #[test]
    fn codecs_by_priority_with_what_the_factory_left_on() {
        let told = [
            ("account.1.codec.opus.enable", "1"),
            ("account.1.codec.opus.priority", "1"),
            ("account.1.codec.pcmu.enable", "0"),
            ("account.1.codec.pcmu.priority", "0"),
            ("account.1.codec.g729.enable", "0"),
            ("account.1.codec.g722.enable", "1"),
            ("account.1.codec.g722.priority", "2"),
        ];
        assert_eq!(first(&told).unwrap().codecs, ["opus", "g722", "pcma"]);
        assert!(first(&[]).unwrap().codecs.is_empty());
        let twice = [
            ("account.1.codec.opus.enable", "1"),
            ("account.1.codec.opus.priority", "1"),
            ("account.1.codec.pcmu.enable", "1"),
            ("account.1.codec.pcmu.priority", "1"),
        ];
        assert!(first(&twice).unwrap_err().contains("same priority"));
    }

    #[test]
    fn an_outbound_proxy_counts_when_it_is_on() {
        let address = ("account.1.outbound_proxy.1.address", "proxy.example");
        assert_eq!(first(&[address]).unwrap().outbound_proxy, None);
        let on = first(&[address, ("account.1.outbound_proxy_enable", "1"), ("account.1.outbound_proxy.1.port", "5062")]).unwrap();
        assert_eq!(on.outbound_proxy.unwrap().port, Some(5062));
        assert!(first(&[("account.1.outbound_proxy_enable", "1")]).is_err());
    }

    #[test]
    fn words_for_codes() {
        let account = first(&[
            ("account.1.dtmf.type", "3"),
            ("account.1.srtp_encryption", "2"),
            ("account.1.shared_line", "1"),
            ("voice_mail.number.1", "*97"),
        ])
        .unwrap();
        assert_eq!(account.dtmf, ["rfc4733", "info"]);
        assert_eq!((account.srtp, account.shared, account.voicemail.as_deref()), (Some("required"), "sca", Some("*97")));
        assert!(first(&[("account.1.srtp_encryption", "9")]).is_err());
    }

    #[test]
    fn an_account_that_cannot_work_is_loud() {
        let mut flash = flash(&[("account.3.enable", "1"), ("account.3.user_name", "x")]);
        assert!(all(&flash, &Facts { lines: 2, ..Facts::default() }).unwrap_err().contains("has 2 accounts"));
        flash.set("account.1.user_name", "");
        assert!(all(&flash, &Facts::default()).unwrap_err().contains("no user_name"));
    }
}

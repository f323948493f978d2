//! Accounts: a proxy and, by user, its credentials.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::net::{SipAddress, host_port, sip_address};
use super::super::report::Account;
use super::super::words::{Words, find};
use super::{DIGEST_OF, media, stun};

/// Proxies count from 0 and end at the first gap; a blank identity is a gap.
pub fn all(store: &Flash, lines: u32) -> Outcome<Vec<Account>> {
    let mut accounts = Vec::new();
    for index in 0_u32.. {
        let at = |key: &str| format!("proxy_{index}/{key}");
        let (Some(identity), Some(proxy)) = (store.text(&at("reg_identity")), store.text(&at("reg_proxy"))) else {
            break;
        };
        if index >= lines {
            return Err(format!("proxy_{index}: one account too many"));
        }
        accounts.push(account(store, index, &sip_address(&identity)?, &server(&proxy)?)?);
    }
    Ok(accounts)
}

fn account(store: &Flash, index: u32, identity: &SipAddress, proxy: &SipAddress) -> Outcome<Account> {
    let at = |key: &str| format!("proxy_{index}/{key}");
    let user = identity.user.clone().ok_or_else(|| format!("proxy_{index}: an identity without a user"))?;
    let credentials = credentials(store, &user, &identity.host.host);
    let told = proxy.transport.as_deref().unwrap_or("udp");
    Ok(Account {
        number: index + 1,
        label: None,
        display_name: identity.name.clone(),
        auth_user: credentials.auth_user,
        password: credentials.password,
        ha1: credentials.ha1,
        domain: identity.host.host.clone(),
        server: proxy.host.clone(),
        backups: Vec::new(),
        transport: find(told, TRANSPORTS).ok_or_else(|| format!("proxy_{index}: `{told}` is no transport"))?,
        dns_mode: None,
        outbound_proxy: store.text(&at("reg_route")).map(|route| server(&route)).transpose()?.map(|route| route.host),
        registers: store.flag(&at("reg_sendregister"))? != Some(false),
        expires: store.number(&at("reg_expires"))?,
        voicemail: store.text(&at("voicemail_uri")).map(|uri| sip_address(&uri)).transpose()?.and_then(|uri| uri.user),
        shared: "off",
        srtp: media::srtp(store)?,
        codecs: media::codecs(store)?,
        dtmf: media::dtmf(store)?,
        uses_stun: stun::policy(store, &at("nat_policy_ref"))?.is_some(),
        user,
    })
}

/// With or without angle brackets, with or without `sip:`.
fn server(text: &str) -> Outcome<SipAddress> {
    match text.contains("sip:") || text.contains("sips:") {
        true => sip_address(text),
        false => Ok(SipAddress { host: host_port(text)?, ..SipAddress::default() }),
    }
}

#[derive(Default)]
struct Credentials {
    auth_user: Option<String>,
    password: Option<String>,
    ha1: Option<String>,
}

/// The first entry for the user and, where it has one, the domain. A digest goes before a password.
fn credentials(store: &Flash, user: &str, domain: &str) -> Credentials {
    for index in 0_u32.. {
        let text = |key: &str| store.text(&format!("auth_info_{index}/{key}"));
        let known = ["username", "passwd", "ha1"].iter().any(|key| store.knows(&format!("auth_info_{index}/{key}")));
        if !known {
            break;
        }
        if text("username").as_deref() != Some(user) || text("domain").is_some_and(|told| told != domain) {
            continue;
        }
        let (password, ha1) = match text("ha1") {
            Some(digest) => match digest.strip_prefix(DIGEST_OF) {
                Some(password) => (Some(password.to_owned()), None),
                None => (None, Some(digest)),
            },
            None => (text("passwd"), None),
        };
        return Credentials { auth_user: text("userid"), password, ha1 };
    }
    Credentials::default()
}

const TRANSPORTS: Words = &[("udp", "udp"), ("tcp", "tcp"), ("tls", "tls"), ("UDP", "udp"), ("TCP", "tcp"), ("TLS", "tls")];

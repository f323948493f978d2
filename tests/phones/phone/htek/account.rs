//! Accounts: who it is, and the profile that says where it registers and how. The maker's codes follow no rule,
//! so each has its table; those of the fifth and sixth profile are not published.

use super::super::flash::Flash;
use super::super::net::host_port;
use super::super::report::{Account, HostPort};
use super::super::words::{Words, push_once, word};
use super::super::{Facts, Outcome};

pub fn all(flash: &Flash, facts: &Facts) -> Outcome<Vec<Account>> {
    let mut accounts = Vec::new();
    for (index, code) in ACTIVE.iter().enumerate() {
        if flash.flag(code)? == Some(true) {
            if index as u32 >= facts.lines {
                return Err(format!("{code}: this phone has {} accounts", facts.lines));
            }
            accounts.push(account(flash, index)?);
        }
    }
    Ok(accounts)
}

fn account(flash: &Flash, index: usize) -> Outcome<Account> {
    let number = index as u32 + 1;
    let profile = profile(flash, index)?;
    let need = |code: &str, what: &str| flash.text(code).ok_or_else(|| format!("account {number} is on, but has no {what} ({code})"));
    let place = |code: &str| flash.text(code).map(|told| host_port(&told)).transpose();
    let server = host_port(&need(SERVER[profile], "server")?)?;
    Ok(Account {
        number,
        label: flash.text(LABEL[index]),
        display_name: flash.text(DISPLAY_NAME[index]),
        user: need(USER[index], "user")?,
        auth_user: flash.text(AUTH_USER[index]),
        password: flash.text(PASSWORD[index]),
        ha1: None,
        domain: server.host.clone(),
        backups: backups(flash, profile)?,
        server,
        transport: flash.word(TRANSPORT[profile], TRANSPORTS)?.unwrap_or("udp"),
        dns_mode: flash.word(DNS_MODE[profile], DNS_MODES)?,
        outbound_proxy: place(OUTBOUND_PROXY[profile])?,
        registers: flash.flag(REGISTRATION[profile])?.unwrap_or(true),
        expires: flash.number::<u32>(EXPIRATION[profile])?.map(|minutes| minutes * 60),
        voicemail: flash.text(VOICEMAIL[index]),
        shared: if flash.flag(SHARED[index])? == Some(true) { "sca" } else { "off" },
        srtp: flash.word(SRTP[profile], SRTP_MODES)?,
        codecs: codecs(flash, &CHOICES[profile])?,
        dtmf: flash.word(DTMF[profile], DTMF_MODES)?.into_iter().collect(),
        uses_stun: flash.word(NAT[profile], NAT_MODES)? == Some("stun"),
    })
}

/// Which profile an account has, from 0; the first, if it is not told.
fn profile(flash: &Flash, index: usize) -> Outcome<usize> {
    let code = PROFILE[index];
    let told = flash.number::<usize>(code)?.unwrap_or_default();
    if told < SERVER.len() { Ok(told) } else { Err(format!("{code}: profile {told} is not known")) }
}

fn backups(flash: &Flash, profile: usize) -> Outcome<Vec<HostPort>> {
    let told = [FAILOVER[profile], SECOND_FAILOVER[profile]].into_iter().filter_map(|code| flash.text(code));
    told.map(|told| host_port(&told)).collect()
}

/// Six places by preference: one that no file has told keeps a codec of the factory.
fn codecs(flash: &Flash, places: &[&str]) -> Outcome<Vec<&'static str>> {
    let mut codecs = Vec::new();
    if places.iter().any(|place| flash.knows(place)) {
        for place in places {
            match flash.raw(place) {
                Some("") => {}
                Some(code) => push_once(&mut codecs, word(place, code, CODECS)?),
                None => push_once(&mut codecs, "factory"),
            }
        }
    }
    Ok(codecs)
}

const ACTIVE: [&str; 6] = ["P271", "P401", "P501", "P601", "P20360", "P20361"];
const PROFILE: [&str; 6] = ["P24082", "P24083", "P24084", "P24085", "P24086", "P24087"];
const LABEL: [&str; 6] = ["P20000", "P20001", "P20002", "P20003", "P20378", "P20379"];
const USER: [&str; 6] = ["P35", "P735", "P504", "P604", "P1704", "P1804"];
const AUTH_USER: [&str; 6] = ["P36", "P736", "P505", "P605", "P1705", "P1805"];
const PASSWORD: [&str; 6] = ["P34", "P734", "P506", "P606", "P1706", "P1806"];
const DISPLAY_NAME: [&str; 6] = ["P3", "P703", "P507", "P607", "P1707", "P1807"];
const VOICEMAIL: [&str; 6] = ["P33", "P426", "P526", "P626", "P1726", "P1826"];
/// The last two are not published: no account there is shared.
const SHARED: [&str; 6] = ["P8771", "P8772", "P8773", "P8774", "", ""];

const SERVER: [&str; 4] = ["P47", "P747", "P502", "P602"];
const FAILOVER: [&str; 4] = ["P967", "P987", "P988", "P989"];
const SECOND_FAILOVER: [&str; 4] = ["P8851", "P8852", "P8853", "P8854"];
const OUTBOUND_PROXY: [&str; 4] = ["P48", "P748", "P503", "P603"];
const TRANSPORT: [&str; 4] = ["P130", "P830", "P930", "P1030"];
const NAT: [&str; 4] = ["P52", "P730", "P514", "P614"];
const DNS_MODE: [&str; 4] = ["P103", "P702", "P508", "P608"];
const REGISTRATION: [&str; 4] = ["P31", "P731", "P510", "P610"];
const EXPIRATION: [&str; 4] = ["P32", "P732", "P512", "P612"];
const DTMF: [&str; 4] = ["P20166", "P20167", "P20168", "P20169"];
const SRTP: [&str; 4] = ["P183", "P443", "P543", "P643"];
const CHOICES: [[&str; 6]; 4] = [
    ["P57", "P58", "P59", "P60", "P61", "P62"],
    ["P757", "P758", "P759", "P760", "P761", "P762"],
    ["P551", "P552", "P553", "P554", "P555", "P556"],
    ["P651", "P652", "P653", "P654", "P655", "P656"],
];

const TRANSPORTS: Words = &[("0", "udp"), ("1", "tcp"), ("2", "tls"), ("3", "dns-naptr")];
const NAT_MODES: Words = &[("0", "off"), ("1", "stun"), ("2", "keepalive")];
const DNS_MODES: Words = &[("0", "a"), ("1", "srv"), ("2", "naptr+srv")];
const DTMF_MODES: Words = &[("0", "rfc4733"), ("1", "inband"), ("2", "info")];
const SRTP_MODES: Words = &[("0", "off"), ("1", "optional"), ("2", "required")];
const CODECS: Words =
    &[("0", "pcmu"), ("8", "pcma"), ("9", "g722"), ("18", "g729"), ("2", "g726-32"), ("4", "g723"), ("98", "ilbc"), ("120", "opus")];

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(settings: &[(&str, &str)]) -> Outcome<Vec<Account>> {
        let mut flash = Flash::default();
        for (code, value) in [&[("P271", "1"), ("P35", "101"), ("P47", "sip.example:5061")], settings].concat() {
            flash.set(code, value);
        }
        all(&flash, &Facts { lines: 4, ..Facts::default() })
    }

    #[test]
    fn an_account_takes_all_but_itself_from_its_profile() {
        let two = [("P401", "1"), ("P735", "102"), ("P24083", "2"), ("P502", "pbx.example"), ("P930", "2"), ("P512", "2"), ("P543", "1")];
        let found = accounts(&two).unwrap();
        assert_eq!((found[0].server.port, found[0].transport), (Some(5061), "udp"));
        assert_eq!((found[1].domain.as_str(), found[1].transport), ("pbx.example", "tls"));
        assert_eq!((found[1].expires, found[1].srtp), (Some(120), Some("optional")));
        assert!(accounts(&[("P24082", "6")]).is_err());
    }

    #[test]
    fn a_place_that_is_not_told_keeps_its_codec() {
        assert_eq!(accounts(&[("P57", "9"), ("P58", "8")]).unwrap()[0].codecs, ["g722", "pcma", "factory"]);
        let told = [("P57", "9"), ("P58", "8"), ("P59", ""), ("P60", ""), ("P61", ""), ("P62", "")];
        assert_eq!(accounts(&told).unwrap()[0].codecs, ["g722", "pcma"]);
        assert!(accounts(&[]).unwrap()[0].codecs.is_empty());
    }

    #[test]
    fn what_the_phone_does_not_know_is_loud() {
        for wrong in [("P130", "4"), ("P183", "3"), ("P57", "77"), ("P47", ""), ("P35", ""), ("P32", "1h"), ("P20360", "1")] {
            assert!(accounts(&[wrong]).is_err(), "{wrong:?}");
        }
    }
}

//! Accounts: parameters with the number of their line at the end, as in `User_ID_1_`.

use super::super::flash::Flash;
use super::super::net::host_port;
use super::super::report::{Account, HostPort};
use super::super::words::{Words, push_once, word};
use super::super::{Device, Outcome};
use super::{Series, yes};

/// A codec: its name in lists of preference, the word, whether a line can switch it, and how it came.
pub struct Codec {
    pub name: &'static str,
    pub word: &'static str,
    pub switch: bool,
    pub factory: bool,
}

/// A line is in service when it is enabled, as all are from the factory, and has a user.
pub fn all(flash: &Flash, device: &Device, series: &Series) -> Outcome<Vec<Account>> {
    let mut accounts = Vec::new();
    for number in flash.indices("User_ID_", "_") {
        let user = flash.text(&format!("User_ID_{number}_"));
        let enabled = yes(flash, &format!("Line_Enable_{number}_"), true)?;
        let Some(user) = user.filter(|_| enabled) else {
            continue;
        };
        if number == 0 || number > device.facts.lines {
            return Err(format!("line {number}: this phone has {}", device.facts.lines));
        }
        accounts.push(Line { flash, number, series }.account(user, device)?);
    }
    Ok(accounts)
}

struct Line<'l> {
    flash: &'l Flash,
    number: u32,
    series: &'l Series,
}

impl Line<'_> {
    fn account(&self, user: String, device: &Device) -> Outcome<Account> {
        let (domain, server, mut backups) = proxy(&self.need("Proxy")?)?;
        backups.extend(self.text("Alternate_Proxy").map(|told| host_port(&told)).transpose()?);
        Ok(Account {
            number: self.number,
            label: None,
            display_name: self.text("Display_Name"),
            user,
            auth_user: self.guarded("Use_Auth_ID", "Auth_ID")?,
            password: self.text("Password"),
            ha1: None,
            domain,
            server,
            backups,
            transport: self.flash.word(&self.at("SIP_Transport"), self.series.transports)?.unwrap_or("udp"),
            dns_mode: self.dns_mode()?,
            outbound_proxy: self.guarded("Use_Outbound_Proxy", "Outbound_Proxy")?.map(|told| host_port(&told)).transpose()?,
            registers: self.yes("Register", true)?,
            expires: self.flash.number(&self.at("Register_Expires"))?,
            voicemail: self.flash.text("Voice_Mail_Number"),
            shared: self.shared()?,
            srtp: (self.series.srtp)(self.flash, self.number)?,
            codecs: self.codecs((self.series.codecs)(device))?,
            dtmf: self.dtmf()?,
            uses_stun: self.yes("NAT_Mapping_Enable", false)? && yes(self.flash, "STUN_Enable", false)?,
        })
    }

    fn at(&self, name: &str) -> String {
        format!("{name}_{}_", self.number)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.flash.text(&self.at(name))
    }

    fn need(&self, name: &str) -> Outcome<String> {
        self.text(name).ok_or_else(|| format!("line {} is in service, but has no {name}", self.number))
    }

    fn yes(&self, name: &str, factory: bool) -> Outcome<bool> {
        yes(self.flash, &self.at(name), factory)
    }

    /// A value that the series may have a switch for.
    fn guarded(&self, switch: &str, name: &str) -> Outcome<Option<String>> {
        match (self.series.asks_before, self.yes(switch, false)?) {
            (true, false) => Ok(None),
            (true, true) => self.need(name).map(Some),
            (false, _) => Ok(self.text(name)),
        }
    }

    fn dns_mode(&self) -> Outcome<Option<&'static str>> {
        let told = self.text("Use_DNS_SRV").map(|_| self.yes("Use_DNS_SRV", false)).transpose()?;
        Ok(told.map(|srv| if srv { "srv" } else { "a" }))
    }

    /// Who shares a line is told apart from the line's user.
    fn shared(&self) -> Outcome<&'static str> {
        let shared = self.flash.word(&self.at("Share_Ext"), self.series.shared)?.unwrap_or("off");
        if shared != "off" {
            self.need("Shared_User_ID")?;
        }
        Ok(shared)
    }

    /// The preferred ones, and then each that is not switched off, unless only those are to be used.
    fn codecs(&self, known: &[Codec]) -> Outcome<Vec<&'static str>> {
        let words: Vec<(&str, &'static str)> = known.iter().map(|codec| (codec.name, codec.word)).collect();
        let mut codecs = Vec::new();
        for name in ["Preferred_Codec", "Second_Preferred_Codec", "Third_Preferred_Codec"] {
            let Some(told) = self.text(name).filter(|told| told != "Unspecified") else {
                continue;
            };
            let found = words.iter().find(|(known, _)| *known == told).map(|(_, word)| *word);
            push_once(&mut codecs, found.ok_or_else(|| format!("{}: `{told}` is no codec here", self.at(name)))?);
        }
        if codecs.is_empty() || self.yes("Use_Pref_Codec_Only", false)? {
            return Ok(codecs);
        }
        for codec in known {
            if !codec.switch || self.yes(&format!("{}_Enable", codec.name), codec.factory)? {
                push_once(&mut codecs, codec.word);
            } else if codecs.contains(&codec.word) {
                return Err(format!("line {}: {} is preferred, but off", self.number, codec.name));
            }
        }
        Ok(codecs)
    }

    fn dtmf(&self) -> Outcome<Vec<&'static str>> {
        let Some(told) = self.text("DTMF_Tx_Method") else {
            return Ok(Vec::new());
        };
        let single = || word(&self.at("DTMF_Tx_Method"), &told, METHODS).map(|method| vec![method]);
        match told.as_str() {
            "AVT+INFO" => Ok(vec!["rfc4733", "info"]),
            "InBand+INFO" => Ok(vec!["info", "inband"]),
            _ => single(),
        }
    }
}

const METHODS: Words = &[("InBand", "inband"), ("AVT", "rfc4733"), ("INFO", "info"), ("Auto", "auto")];

/// `host:port`, or a name with the answer that the name server would give:
/// `name:SRV=host:port:p=0|host:port:p=1`, the lowest priority first.
fn proxy(text: &str) -> Outcome<(String, HostPort, Vec<HostPort>)> {
    let Some((domain, records)) = text.split_once(":SRV=") else {
        let server = host_port(text)?;
        return Ok((server.host.clone(), server, Vec::new()));
    };
    let mut hosts = Vec::new();
    for record in records.split('|') {
        let (host, priority) = record.rsplit_once(":p=").ok_or_else(|| format!("`{record}` has no priority"))?;
        let priority: u32 = priority.parse().map_err(|_| format!("`{record}` has no priority"))?;
        hosts.push((priority, host_port(host)?));
    }
    hosts.sort_by_key(|(priority, _)| *priority);
    let mut hosts = hosts.into_iter().map(|(_, host)| host);
    let first = hosts.next().ok_or("no host")?;
    Ok((domain.to_owned(), first, hosts.collect()))
}

//! What Cisco's SPA and multiplatform phones share: a flat profile, an XML document with one element
//! for each parameter, that a rule names and whose parameters stay until another profile tells them.

mod account;
mod book;
mod clock;
mod document;
mod function;
mod keys;
mod rule;

use super::flash::Flash;
use super::http::Client;
use super::net::{folder, host_port, resolve};
use super::report::{Account, Entry, HostPort, Report};
use super::words::Words;
use super::{Device, Outcome, Phone};

pub use account::Codec;

/// What one series has otherwise than the other.
pub struct Series {
    /// The profiles that a phone out of its box asks for, below its folder; the last one is its own.
    pub profiles: fn(&Device) -> Vec<String>,
    /// Of the rule's macros `$PN` and `$PSN`.
    pub product: fn(&Device) -> (String, String),
    pub transports: Words,
    pub shared: Words,
    pub codecs: fn(&Device) -> &'static [Codec],
    pub srtp: fn(&Flash, u32) -> Outcome<Option<&'static str>>,
    /// Whether a name for authentication, or an outbound proxy, counts only after a Yes of its own.
    pub asks_before: bool,
    /// Names of functions, sorted and joined by `+`.
    pub functions: Words,
    /// How many key modules are plugged in, where the profile says so.
    pub units: Option<&'static str>,
    pub unit_keys_end: &'static str,
    pub pickup_code: fn(&Flash) -> Option<String>,
    pub zones: &'static [&'static str],
    /// One and the same password where there are several names.
    pub admin_passwords: &'static [&'static str],
    /// The name of the parameter.
    pub language: fn(&Device) -> &'static str,
    pub languages: Words,
}

pub struct FlatPhone {
    device: Device,
    client: Client,
    flash: Flash,
    series: &'static Series,
}

impl FlatPhone {
    pub fn new(device: Device, client: Client, series: &'static Series) -> FlatPhone {
        FlatPhone { device, client, flash: Flash::default(), series }
    }

    /// What the phone looks for before a rule is told: returns the addresses of what was there.
    fn first(&self, base: &str, flash: &mut Flash) -> Outcome<Vec<String>> {
        let mut seen = Vec::new();
        for name in (self.series.profiles)(&self.device) {
            let url = resolve(base, &name);
            if let Some(bytes) = self.client.find(&url)? {
                self.apply(&url, &bytes, flash)?;
                seen.push(url);
            }
        }
        if seen.is_empty() {
            return Err(format!("{base}: nothing here for {} {}", self.device.model, self.device.id));
        }
        Ok(seen)
    }

    fn apply(&self, url: &str, bytes: &[u8], flash: &mut Flash) -> Outcome<()> {
        let parameters = document::parameters(url, bytes)?;
        for (name, value) in parameters {
            flash.set(name, value);
        }
        Ok(())
    }

    fn rule(&self, flash: &Flash, name: &str) -> Outcome<Option<String>> {
        let Some(told) = flash.text(name) else {
            return Ok(None);
        };
        let (product, short) = (self.series.product)(&self.device);
        rule::url(name, &told, &rule::Macros { mac: &self.device.id, product: &product, short: &short }).map(Some)
    }

    fn understand(&self, flash: &Flash) -> Outcome<Report> {
        let mut accounts = account::all(flash, &self.device, self.series)?;
        let keys = keys::all(flash, &self.device, self.series, &accounts)?;
        for account in &mut accounts {
            label(account, flash, self.device.facts.line_keys);
        }
        Ok(Report {
            requests: Vec::new(),
            accounts,
            stun: stun(flash)?,
            keys,
            phonebook: self.phonebook(flash)?,
            ntp: ["Primary_NTP_Server", "Secondary_NTP_Server"].iter().filter_map(|name| flash.text(name)).collect(),
            time: clock::read(flash, self.series.zones)?,
            admin_password: self.admin_password(flash)?,
            provisioning: self.rule(flash, "Profile_Rule")?.map(|url| folder(&url)),
            language: flash.word((self.series.language)(&self.device), self.series.languages)?.map(str::to_owned),
        })
    }

    fn admin_password(&self, flash: &Flash) -> Outcome<Option<String>> {
        let mut told: Vec<String> = self.series.admin_passwords.iter().filter_map(|name| flash.text(name)).collect();
        told.dedup();
        match told.len() {
            0 | 1 => Ok(told.pop()),
            _ => Err(format!("{:?}: not the same password", self.series.admin_passwords)),
        }
    }

    fn phonebook(&self, flash: &Flash) -> Outcome<Vec<Entry>> {
        match flash.text("XML_Directory_Service_URL") {
            Some(url) if flash.text("XML_Directory_Service_Name").is_none() => Err(format!("{url}: no name for the menu")),
            Some(url) => book::parse(&url, &self.client.need(&url)?),
            None => Ok(Vec::new()),
        }
    }
}

impl Phone for FlatPhone {
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let mut flash = self.flash.clone();
        let mut seen = self.first(&folder(url), &mut flash)?;
        for name in ["Profile_Rule", "Profile_Rule_B", "Profile_Rule_C", "Profile_Rule_D"] {
            let Some(rule) = self.rule(&flash, name)? else {
                continue;
            };
            if !seen.contains(&rule) {
                self.apply(&rule, &self.client.need(&rule)?, &mut flash)?;
                seen.push(rule);
            }
        }
        let report = self.understand(&flash)?;
        self.flash = flash;
        Ok(report)
    }

    fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// An account has no label, but the first line key that it is on has one.
fn label(account: &mut Account, flash: &Flash, line_keys: u32) {
    let on = |key: &u32| flash.text(&format!("Extension_{key}_")).as_deref() == Some(account.number.to_string().as_str());
    let first = (1..=line_keys.min(64)).find(on);
    account.label = first.and_then(|key| flash.text(&format!("Short_Name_{key}_")));
}

fn stun(flash: &Flash) -> Outcome<Option<HostPort>> {
    if !yes(flash, "STUN_Enable", false)? {
        return Ok(None);
    }
    let server = flash.text("STUN_Server").ok_or("STUN_Enable: on, but no STUN_Server")?;
    host_port(&server).map(Some)
}

/// Yes or No, or what the phone came with.
fn yes(flash: &Flash, name: &str, factory: bool) -> Outcome<bool> {
    let told = flash.text(name).map(|value| value.to_ascii_lowercase());
    match told.as_deref() {
        None => Ok(factory),
        Some("yes") => Ok(true),
        Some("no") => Ok(false),
        Some(other) => Err(format!("{name}: `{other}` is neither Yes nor No")),
    }
}

/// SRTP with keys in the SDP, as far as both series spell it alike: calls are secure or they are not.
pub fn secure(flash: &Flash) -> Outcome<Option<bool>> {
    let allowed = yes(flash, "Secure_Call_Serv", true)?;
    let wished = flash.text("Secure_Call_Setting").map(|_| yes(flash, "Secure_Call_Setting", false)).transpose()?;
    Ok(wished.map(|wished| wished && allowed))
}

//! Accounts from parameters that end with the number of their line.

use super::super::flash::Flash;
use super::super::net::{joined, sip_address};
use super::super::report::{Account, HostPort};
use super::super::words::Words;
use super::super::{Device, Outcome};
use super::yes;

pub fn all(flash: &Flash, device: &Device) -> Outcome<Vec<Account>> {
    let lines = device.facts.lines;
    let mut accounts = Vec::new();
    for number in flash.indices("LINE_ENABLE_", "") {
        if flash.word(&format!("LINE_ENABLE_{number}"), ENABLED)? == Some("on") {
            if number == 0 || number > lines {
                return Err(format!("LINE_ENABLE_{number}: this phone has {lines} lines"));
            }
            accounts.push(account(&Line { flash, number }, device)?);
        }
    }
    Ok(accounts)
}

fn account(line: &Line, device: &Device) -> Outcome<Account> {
    let server = line.server("SIP_")?.ok_or_else(|| format!("{}: no server", line.name("SIP_RGSTR_ADDR")))?;
    let (user, host) = line.identity()?;
    let domain = host.or_else(|| line.text("SIP_SVCDOMAIN")).unwrap_or_else(|| server.host.clone());
    Ok(Account {
        number: line.number,
        // What the screen shows of a line is the label of its key.
        label: None,
        display_name: line.text("DISPLAY_NAME"),
        user,
        auth_user: line.text("SIP_AUTHID"),
        password: line.text("SIP_PASS"),
        ha1: None,
        domain,
        server,
        backups: line.server("SIP_2ND")?.into_iter().collect(),
        transport: line.word("SIP_TRANSPORT", TRANSPORTS)?.unwrap_or("udp"),
        dns_mode: line.yes("SIP_DNSSRV_ENA")?.map(|srv| if srv { "srv" } else { "a" }),
        outbound_proxy: line.host_port("SIP_OUTPROXY")?,
        registers: true,
        expires: line.flash.number(&line.name("REG_EXPIRE_TIME"))?,
        voicemail: line.text("VM_NUMBER"),
        shared: if line.yes("SHARED_CALL_ENABLE")? == Some(true) { "sca" } else { "off" },
        srtp: None,
        codecs: line.codecs(&device.model)?,
        dtmf: line.yes("OUTBANDDTMF")?.map(|events| if events { "rfc4733" } else { "inband" }).into_iter().collect(),
        uses_stun: super::stun(line.flash)?.is_some(),
    })
}

struct Line<'f> {
    flash: &'f Flash,
    number: u32,
}

impl Line<'_> {
    fn name(&self, name: &str) -> String {
        format!("{name}_{}", self.number)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.flash.text(&self.name(name))
    }

    fn word(&self, name: &str, words: Words) -> Outcome<Option<&'static str>> {
        self.flash.word(&self.name(name), words)
    }

    fn yes(&self, name: &str) -> Outcome<Option<bool>> {
        yes(self.flash, &self.name(name))
    }

    fn host_port(&self, name: &str) -> Outcome<Option<HostPort>> {
        let port: Option<u16> = self.flash.number(&self.name(&format!("{name}_PORT")))?;
        Ok(joined(self.text(&format!("{name}_ADDR")), port))
    }

    /// Calls, registrations and subscriptions have a server each, the reserve's proxy is spelled otherwise:
    /// where they differ the account would be in pieces.
    fn server(&self, prefix: &str) -> Outcome<Option<HostPort>> {
        let proxy = if prefix == "SIP_" { "PRXY" } else { "PROXY" };
        let registrar = self.host_port(&format!("{prefix}RGSTR"))?;
        for other in [proxy, "PRSNC"] {
            let found = self.host_port(&format!("{prefix}{other}"))?;
            if found != registrar {
                return Err(format!("{}: {found:?}, but registers at {registrar:?}", self.name(&format!("{prefix}{other}_ADDR"))));
            }
        }
        Ok(registrar)
    }

    /// The URI may be whole or its user alone; without one the phone number is the user.
    fn identity(&self) -> Outcome<(String, Option<String>)> {
        let number = self.text("PHONE_NUMBER").ok_or_else(|| format!("{}: not told", self.name("PHONE_NUMBER")))?;
        let Some(uri) = self.text("SIP_URI") else {
            return Ok((number, None));
        };
        if !uri.contains('@') {
            return Ok((uri, None));
        }
        let uri = if uri.starts_with("sip") { uri } else { format!("sip:{uri}") };
        let address = sip_address(&uri)?;
        Ok((address.user.ok_or_else(|| format!("`{uri}` has no user"))?, Some(address.host.host)))
    }

    /// By priority, 1 first. What a file leaves out would be on from the factory, so it must speak of each.
    fn codecs(&self, model: &str) -> Outcome<Vec<&'static str>> {
        let mut ranked: Vec<(u32, &'static str)> = Vec::new();
        let mut silent = Vec::new();
        for (code, codec) in CODECS.iter().filter(|(code, _)| model != "KXUT670" || *code != "2") {
            let name = format!("CODEC_ENABLE{code}");
            match self.yes(&name)? {
                None => silent.push(name),
                Some(false) => {}
                Some(true) => {
                    let name = self.name(&format!("CODEC_PRIORITY{code}"));
                    let rank: u32 = self.flash.number(&name)?.ok_or_else(|| format!("{name}: not told"))?;
                    if rank == 0 || ranked.iter().any(|(known, _)| *known == rank) {
                        return Err(format!("{name}: {rank} is 0 or there twice"));
                    }
                    ranked.push((rank, codec));
                }
            }
        }
        if !ranked.is_empty() && !silent.is_empty() {
            return Err(format!("{silent:?} of line {} are left to the factory", self.number));
        }
        ranked.sort_unstable();
        Ok(ranked.into_iter().map(|(_, codec)| codec).collect())
    }
}

const ENABLED: Words = &[("Enabled", "on"), ("Disabled", "off")];
const TRANSPORTS: Words = &[("0", "udp"), ("1", "tcp"), ("2", "tls")];
const CODECS: Words = &[("0", "g722"), ("1", "pcma"), ("2", "g726-32"), ("3", "g729"), ("4", "pcmu")];

/// The number of a line, as a key has it.
pub fn line(name: &str, told: &str, lines: u32) -> Outcome<u32> {
    let number: u32 = told.parse().map_err(|_| format!("{name}: `{told}` is no line"))?;
    (1..=lines).contains(&number).then_some(number).ok_or_else(|| format!("{name}: this phone has {lines} lines"))
}

#[cfg(test)]
mod tests {
    use super::super::super::Facts;
    use super::*;

    fn accounts(model: &str, told: &[(&str, &str)]) -> Outcome<Vec<Account>> {
        let mut flash = Flash::default();
        for (name, value) in [
            ("LINE_ENABLE_1", "Enabled"),
            ("PHONE_NUMBER_1", "101"),
            ("SIP_RGSTR_ADDR_1", "a.example"),
            ("SIP_PRXY_ADDR_1", "a.example"),
            ("SIP_PRSNC_ADDR_1", "a.example"),
        ] {
            flash.set(name, value);
        }
        for (name, value) in told {
            flash.set(*name, *value);
        }
        all(&flash, &Device { id: String::new(), model: model.into(), facts: Facts { lines: 2, ..Facts::default() } })
    }

    #[test]
    fn identities() {
        for (uri, user, domain) in [("", "101", "b.example"), ("102", "102", "b.example"), ("sip:103@c.example", "103", "c.example")] {
            let found = accounts("KXHDV230", &[("SIP_URI_1", uri), ("SIP_SVCDOMAIN_1", "b.example")]).unwrap().remove(0);
            assert_eq!((found.user.as_str(), found.domain.as_str()), (user, domain), "{uri}");
        }
        assert_eq!(accounts("KXHDV230", &[]).unwrap()[0].domain, "a.example");
    }

    #[test]
    fn accounts_in_pieces_are_loud() {
        for wrong in [
            ("SIP_PRXY_ADDR_1", "b.example"),
            ("SIP_PRSNC_PORT_1", "5070"),
            ("SIP_2NDPROXY_ADDR_1", "b.example"),
            ("SIP_RGSTR_ADDR_1", ""),
            ("PHONE_NUMBER_1", ""),
            ("LINE_ENABLE_1", "Y"),
            ("LINE_ENABLE_3", "Enabled"),
            ("SIP_TRANSPORT_1", "3"),
            ("OUTBANDDTMF_1", "1"),
        ] {
            assert!(accounts("KXHDV230", &[wrong]).is_err(), "{wrong:?}");
        }
        assert!(accounts("KXHDV230", &[("LINE_ENABLE_1", "Disabled")]).unwrap().is_empty());
    }

    #[test]
    fn codecs_by_priority() {
        let told = [
            ("CODEC_ENABLE0_1", "Y"),
            ("CODEC_PRIORITY0_1", "2"),
            ("CODEC_ENABLE1_1", "N"),
            ("CODEC_PRIORITY1_1", "1"),
            ("CODEC_ENABLE3_1", "N"),
            ("CODEC_ENABLE4_1", "Y"),
            ("CODEC_PRIORITY4_1", "1"),
        ];
        assert_eq!(accounts("KXUT670", &told).unwrap()[0].codecs, ["pcmu", "g722"]);
        assert!(accounts("KXHDV230", &told).unwrap_err().contains("CODEC_ENABLE2"));
        let twice = [&told[..], &[("CODEC_PRIORITY4_1", "2")]].concat();
        assert!(accounts("KXUT670", &twice).unwrap_err().contains("twice"));
    }
}

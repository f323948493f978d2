//! A Gigaset: a desk phone of the Maxwell line, or a DECT base of the N610, N670, N770, N870 line.

mod book;
mod files;
mod maxwell;
mod nx70;
mod zone;

use super::flash::Flash;
use super::http::Client;
use super::net::joined;
use super::report::{Entry, HostPort, Report};
use super::words::Words;
use super::{Device, Outcome, Phone};

pub struct Gigaset {
    device: Device,
    client: Client,
    flash: Flash,
}

impl Gigaset {
    pub fn new(device: Device, client: Client) -> Gigaset {
        Gigaset { device, client, flash: Flash::default() }
    }

    fn is_maxwell(&self) -> bool {
        self.device.model.starts_with("Maxwell")
    }

    /// The base asks for the list when a handset opens the directory.
    fn phonebook(&self, flash: &Flash) -> Outcome<Vec<Entry>> {
        match flash.text("XMLDir.1.ServerURL").filter(|_| flash.raw("Netdir.1.Activated") == Some("1")) {
            Some(url) => book::parse(&url, &self.client.need(&format!("{url}?command=get_list&type=pb&first=1&count=2048"))?),
            None => Ok(Vec::new()),
        }
    }
}

impl Phone for Gigaset {
    /// One file, at an address with `%MACD` in it or by its name in a folder.
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let url = match url.contains("%MACD") {
            true => url.replace("%MACD", &self.device.id),
            false => format!("{}/{}.xml", url.trim_end_matches('/'), self.device.id),
        };
        let told = files::parse(&url, &self.client.need(&url)?)?;
        let mut flash = self.flash.clone();
        told.write_into(&mut flash);
        let report = if self.is_maxwell() {
            maxwell::understand(&flash, &self.device)?
        } else {
            Report { phonebook: self.phonebook(&flash)?, ..nx70::understand(&flash, &self.device.facts)? }
        };
        self.flash = flash;
        Ok(report)
    }

    fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// An address and its port, which is a parameter of its own.
fn server(flash: &Flash, prefix: &str, address: &str, port: &str) -> Outcome<Option<HostPort>> {
    Ok(joined(flash.text(&format!("{prefix}{address}")), flash.number(&format!("{prefix}{port}"))?))
}

/// Always by the proxy, or never.
fn outbound_proxy(flash: &Flash, mode: &str, proxy: Option<HostPort>) -> Outcome<Option<HostPort>> {
    match flash.word(mode, PROXY_MODES)? {
        Some("always") => proxy.map(Some).ok_or_else(|| format!("{mode}: always, but there is no address")),
        _ => Ok(None),
    }
}

/// On, and whether a call without is taken all the same.
fn srtp(flash: &Flash, enabled: &str, accept: &str) -> Outcome<Option<&'static str>> {
    Ok(match (flash.flag(enabled)?, flash.flag(accept)?) {
        (Some(true), Some(false)) => Some("required"),
        (Some(true), _) => Some("optional"),
        (Some(false), _) => Some("off"),
        (None, _) => None,
    })
}

/// A sum: 1 in the audio, 2 as events, 4 by INFO.
fn dtmf(flash: &Flash, name: &str) -> Outcome<Vec<&'static str>> {
    let Some(sum) = flash.number::<u32>(name)? else {
        return Ok(Vec::new());
    };
    if !(1..8).contains(&sum) {
        return Err(format!("{name}: {sum} is no sum of 1, 2 and 4"));
    }
    let ways = [(2, "rfc4733"), (4, "info"), (1, "inband")];
    Ok(ways.into_iter().filter(|(bit, _)| sum & bit != 0).map(|(_, way)| way).collect())
}

const PROXY_MODES: Words = &[("0", "always"), ("2", "never")];

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::bench::Bench;
    use super::super::report::Area;
    use super::*;

    const BASE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<provisioning version="1.1" productID="e2"><nvm>
<oper name="DeleteNotProvisionedHS"/>
<oper name="add_hs" value="00001"><param name="hs.RegStatus" value="ToReg"/></oper>
<oper name="add_hs" value="00003"><param name="hs.RegStatus" value="ToReg"/></oper>
<param name="SipAccount.00001.AuthName" value="a101"/><param name="SipAccount.00001.AuthPassword" value="p&amp;1"/>
<param name="SipAccount.00001.UserName" value="101"/><param name="SipAccount.00001.ProviderId" value="0"/>
<param name="SipAccount.00003.UserName" value="103"/><param name="SipAccount.00003.ProviderId" value="1"/>
<param name="SipProvider.0.Domain" value="acme.example"/><param name="SipProvider.0.RegServerAddress" value="sip.acme.example"/>
<param name="SipProvider.0.RegServerPort" value="5061"/><param name="SipProvider.0.TransportProtocol" value="3"/>
<param name="SipProvider.1.Domain" value="b.example"/><param name="SipProvider.1.RegServerAddress" value="b.example"/>
<param name="DmGlobal.0.TimeZone" value="Europe/Berlin"/><param name="DmGlobal.0.NtpServer" value="a,b"/>
</nvm></provisioning>"#;

    const DESK: &str = r#"<provisioning version="1.1"><nvm>
<param name="SIP.Account.1.Active" value="1"/><param name="SIP.Account.1.Username" value="102"/>
<param name="SIP.Account.1.Domain" value="acme.example"/><param name="SIP.Account.1.RegistrationServer.Address" value="sip.acme.example"/>
<param name="SIP.TransportProtocol" value="2"/><param name="SIP.ActiveCodecs" value="18,0,8"/>
<param name="PhoneUI.Keys.FunctionKeys.0.Type" value="4"/><param name="PhoneUI.Keys.FunctionKeys.0.PhoneNumber" value="103"/>
<param name="PhoneUI.Keys.SoftKeys.1.Type" value="17"/>
<param name="System.DateAndTime.TimeZone" value="GMT+1.Europe/Amsterdam"/>
</nvm><custom><step type="UnlockAllFunctionKeys"/></custom></provisioning>"#;

    fn phone(model: &str) -> Gigaset {
        let facts = Facts { lines: 20, line_keys: 8, ..Facts::default() };
        Gigaset::new(Device { id: "7c2f80e0d605".into(), model: model.into(), facts }, Client::new())
    }

    #[test]
    fn a_base_has_an_account_for_each_handset() {
        let bench = Bench::new(&[("t/7c2f80e0d605.xml", BASE)]);
        let report = phone("N870IPPRO").provision(&bench.url("t/%MACD.xml")).unwrap();
        assert_eq!(report.requests, [("/t/7c2f80e0d605.xml".to_owned(), 200)]);
        let first = report.account(1).unwrap();
        assert_eq!((first.auth_user.as_deref(), first.password.as_deref()), (Some("a101"), Some("p&1")));
        assert_eq!((first.transport, first.server.port, first.domain.as_str()), ("tls", Some(5061), "acme.example"));
        assert_eq!((report.account(3).unwrap().user.as_str(), report.account(3).unwrap().domain.as_str()), ("103", "b.example"));
        assert_eq!((report.time.unwrap().offset, report.ntp.len()), (3600, 2));
    }

    #[test]
    fn a_handset_that_no_file_names_goes_only_where_that_is_told() {
        let bench = Bench::new(&[("7c2f80e0d605.xml", BASE)]);
        let mut base = phone("N670IPPRO");
        base.provision(&bench.url("")).unwrap();
        let (third, delete) = (
            r#"<oper name="add_hs" value="00003"><param name="hs.RegStatus" value="ToReg"/></oper>"#,
            "<oper name=\"DeleteNotProvisionedHS\"/>",
        );
        bench.put("7c2f80e0d605.xml", BASE.replace(third, "").replace(delete, ""));
        assert_eq!(base.provision(&bench.url("")).unwrap().accounts.len(), 2);
        bench.put("7c2f80e0d605.xml", BASE.replace(third, ""));
        assert_eq!(base.provision(&bench.url("")).unwrap().accounts.len(), 1);
    }

    #[test]
    fn a_desk_phone_counts_from_nothing() {
        let bench = Bench::new(&[("7c2f80e0d605.xml", DESK)]);
        let report = phone("Maxwell3").provision(&bench.url("")).unwrap();
        let second = report.account(2).unwrap();
        assert_eq!((second.transport, second.codecs.as_slice()), ("tls", ["g729", "pcmu", "pcma"].as_slice()));
        assert_eq!(report.key(Area::Line, 1).unwrap().value.as_deref(), Some("103"));
        assert_eq!(report.key(Area::Soft, 2).unwrap().kind, "redial");
    }

    #[test]
    fn a_refused_file_leaves_the_flash_as_it_was() {
        let bench = Bench::new(&[("7c2f80e0d605.xml", DESK)]);
        let mut phone = phone("Maxwell3");
        let before = phone.provision(&bench.url("")).unwrap();
        for (from, to) in
            [("\"18,0,8\"", "\"18,0,99\""), ("TransportProtocol\" value=\"2", "TransportProtocol\" value=\"3"), ("+1.Eu", "+2.Eu")]
        {
            bench.put("7c2f80e0d605.xml", DESK.replace(from, to));
            assert!(phone.provision(&bench.url("")).is_err(), "{to}");
        }
        bench.put("7c2f80e0d605.xml", r#"<provisioning version="1.1"><nvm/></provisioning>"#);
        assert_eq!(phone.provision(&bench.url("")).unwrap(), before);
    }

    #[test]
    fn the_directory_is_asked_for_a_list() {
        let bench = Bench::new(&[(
            "book.xml",
            r#"<list response="get_list" type="pb" total="1" first="1" last="1"><entry><ln>Ann</ln><hm>1</hm></entry></list>"#,
        )]);
        let url = bench.url("book.xml");
        let with_book = format!(r#"<param name="Netdir.1.Activated" value="1"/><param name="XMLDir.1.ServerURL" value="{url}"/></nvm>"#);
        bench.put("7c2f80e0d605.xml", BASE.replace("</nvm>", &with_book));
        assert_eq!(phone("N670IPPRO").provision(&bench.url("")).unwrap().phonebook[0].name, "Ann");
    }
}

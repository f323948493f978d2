//! A Fanvil: the common file of its model, then its own; XML, or modules of padded lines before it.

mod account;
mod book;
mod files;
mod keys;
mod models;
mod names;
mod time;

use super::flash::Flash;
use super::http::Client;
use super::report::{Entry, HostPort, Report};
use super::words::{Words, word};
use super::{Device, Dialect, Outcome, Phone};
use files::Config;

pub struct Fanvil {
    device: Device,
    client: Client,
    flash: Flash,
    /// Of the last configuration of its own.
    version: f64,
}

impl Fanvil {
    pub fn new(device: Device, client: Client) -> Fanvil {
        Fanvil { device, client, flash: Flash::default(), version: 0.0 }
    }

    /// It asks for the common file until it is told not to.
    fn common_file(&self) -> Outcome<Option<&'static str>> {
        let asks = self.flash.flag("ap/DownloadCommonConf")?.unwrap_or(true);
        Ok(models::common_file(&self.device.model).filter(|_| asks))
    }

    /// Named after the MAC, unless the last configuration says otherwise.
    fn own_file(&self) -> String {
        let pattern = self.flash.text("ap/FlashFileName").unwrap_or_else(|| "$mac.cfg".into());
        pattern.replace("$mac", &self.device.id)
    }

    fn parse(&self, name: &str, bytes: &[u8]) -> Outcome<Config> {
        match self.device.facts.dialect {
            Dialect::Lines => files::lines(name, bytes),
            _ => files::xml(name, bytes),
        }
    }

    fn understand(&self, flash: &Flash) -> Outcome<Report> {
        let facts = &self.device.facts;
        account::capabilities(flash, facts.dialect)?;
        Ok(Report {
            requests: Vec::new(),
            accounts: account::all(flash, facts)?,
            stun: stun(flash)?,
            keys: keys::all(flash, &self.device)?,
            phonebook: self.phonebook(flash)?,
            ntp: time::ntp(flash)?,
            time: time::read(flash)?,
            admin_password: admin(flash)?,
            provisioning: provisioning(flash)?,
            language: language(flash, facts.dialect)?,
        })
    }

    fn phonebook(&self, flash: &Flash) -> Outcome<Vec<Entry>> {
        let mut entries = Vec::new();
        for slot in flash.indices("phone/xmlContact/", "/Addr") {
            if let Some(url) = flash.text(&format!("phone/xmlContact/{slot}/Addr")) {
                if !(1..=4).contains(&slot) {
                    return Err(format!("phone/xmlContact/{slot}: there are four"));
                }
                entries.extend(book::read(&url, &self.client.need(&url)?)?);
            }
        }
        Ok(entries)
    }
}

impl Phone for Fanvil {
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let folder = format!("{}/", url.trim_end_matches('/'));
        let own = self.own_file();
        let common = match self.common_file()? {
            Some(name) => self.client.find(&format!("{folder}{name}"))?.map(|bytes| self.parse(name, &bytes)).transpose()?,
            None => None,
        };
        let config = self.parse(&own, &self.client.need(&format!("{folder}{own}"))?)?;
        if config.version < self.version {
            return Err(format!("{own}: version {} after {}: not taken", config.version, self.version));
        }
        let mut flash = self.flash.clone();
        for (path, value) in common.into_iter().flat_map(|common| common.settings).chain(config.settings) {
            flash.set(path, value);
        }
        let report = self.understand(&flash)?;
        (self.flash, self.version) = (flash, config.version);
        Ok(report)
    }

    fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

fn stun(flash: &Flash) -> Outcome<Option<HostPort>> {
    Ok(super::net::joined(flash.text("sip/STUNServer"), flash.number("sip/STUNPort")?))
}

/// The web account of the highest level. The menu's password is typed, so it has digits only.
fn admin(flash: &Flash) -> Outcome<Option<String>> {
    if let Some(menu) = flash.text("phone/MenuPassword").filter(|menu| !menu.bytes().all(|b| b.is_ascii_digit())) {
        return Err(format!("phone/MenuPassword: `{menu}` cannot be typed"));
    }
    let mut password = None;
    for number in flash.indices("web/account/", "/Level") {
        let at = |name: &str| format!("web/account/{number}/{name}");
        if flash.word(&at("Level"), &[("10", "admin"), ("5", "user")])? == Some("admin") {
            let name = flash.text(&at("Name"));
            password = flash.text(&at("Password")).filter(|_| name.is_some());
        }
    }
    Ok(password)
}

/// Where it asks the next time, if it will at all.
fn provisioning(flash: &Flash) -> Outcome<Option<String>> {
    let (Some(server), Some(mode)) = (flash.text("ap/FlashServerIP"), flash.number::<u8>("ap/FlashMode")?) else {
        return Ok(None);
    };
    let scheme = flash.word("ap/FlashProtocol", PROTOCOLS)?.ok_or("ap/FlashProtocol: missing")?;
    let url = match server.split_once("://") {
        Some((told, _)) if told != scheme => return Err(format!("ap/FlashServerIP: `{server}` is not {scheme}")),
        Some(_) => server,
        None => format!("{scheme}://{server}"),
    };
    match mode {
        0 => Ok(None),
        1 | 2 => Ok(Some(url)),
        _ => Err(format!("ap/FlashMode: `{mode}` is no value this phone knows")),
    }
}

fn language(flash: &Flash, dialect: Dialect) -> Outcome<Option<String>> {
    let name = "phone/display/DefaultLanguage";
    let languages = if dialect == Dialect::Lines { LANGUAGES_OF_OLD } else { LANGUAGES };
    let told = flash.text(name).map(|code| word(name, &code, languages)).transpose()?;
    Ok(told.map(str::to_owned))
}

const PROTOCOLS: Words = &[("1", "ftp"), ("2", "tftp"), ("4", "http"), ("5", "https")];

const LANGUAGES: Words = &[
    ("en", "en"),
    ("cn", "zh-Hans"),
    ("tc", "zh-Hant"),
    ("ru", "ru"),
    ("it", "it"),
    ("fr", "fr"),
    ("de", "de"),
    ("he", "he"),
    ("es", "es"),
    ("cat", "ca"),
    ("eus", "eu"),
    ("tr", "tr"),
    ("hr", "hr"),
    ("slo", "sk"),
    ("cz", "cs"),
    ("nl", "nl"),
    ("ko", "ko"),
    ("ua", "uk"),
    ("pt", "pt"),
    ("pl", "pl"),
    ("ar", "ar"),
];

const LANGUAGES_OF_OLD: Words = &[("0", "en"), ("3", "nl"), ("4", "fr"), ("7", "it"), ("10", "es"), ("16", "de")];

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::bench::Bench;
    use super::*;

    const OWN: &str = "<sysConf><Version>2.0000000000</Version><sip><STUNServer>stun.example</STUNServer>
<line index=\"1\"><EnableReg>1</EnableReg><PhoneNumber>101</PhoneNumber><RegisterAddr>sip.example</RegisterAddr><RegisterPswd>p</RegisterPswd></line></sip>
<web><account index=\"1\"><Name>admin</Name><Password>1234</Password><Level>10</Level></account></web>
<ap><DownloadCommonConf>0</DownloadCommonConf><FlashServerIP>https://prov.example/t</FlashServerIP><FlashFileName>$mac.cfg</FlashFileName><FlashProtocol>5</FlashProtocol><FlashMode>2</FlashMode></ap></sysConf>";

    fn phone(dialect: Dialect) -> Fanvil {
        let facts = Facts { lines: 6, line_keys: 60, dialect, ..Facts::default() };
        let model = if dialect == Dialect::Lines { "X4" } else { "X6" };
        Fanvil::new(Device { id: "0c383e123456".into(), model: model.into(), facts }, Client::new())
    }

    fn asked(report: &Report) -> Vec<&str> {
        report.requests.iter().map(|(path, _)| path.as_str()).collect()
    }

    #[test]
    fn asks_for_the_common_file_until_it_is_told_not_to() {
        let bench = Bench::new(&[("t/0c383e123456.cfg", OWN)]);
        let mut phone = phone(Dialect::Current);
        let first = phone.provision(&bench.url("t")).unwrap();
        assert_eq!(asked(&first), ["/t/F0V00X600000.cfg", "/t/0c383e123456.cfg"]);
        assert_eq!(first.admin_password.as_deref(), Some("1234"));
        assert_eq!(first.provisioning.as_deref(), Some("https://prov.example/t"));
        assert_eq!(first.accounts[0].password.as_deref(), Some("p"));
        let second = phone.provision(&bench.url("t/")).unwrap();
        assert_eq!(asked(&second), ["/t/0c383e123456.cfg"]);
    }

    #[test]
    fn what_a_later_file_does_not_mention_stays() {
        let bench = Bench::new(&[("0c383e123456.cfg", OWN)]);
        let mut phone = phone(Dialect::Current);
        phone.provision(&bench.url("")).unwrap();
        bench.put("0c383e123456.cfg", "<sysConf><Version>2.0</Version><sip><STUNServer/></sip></sysConf>");
        let report = phone.provision(&bench.url("")).unwrap();
        assert_eq!((report.accounts.len(), report.stun), (1, None));
        bench.put("0c383e123456.cfg", "<sysConf><Version>1.9</Version></sysConf>");
        assert!(phone.provision(&bench.url("")).unwrap_err().message.contains("not taken"));
    }

    #[test]
    fn each_generation_reads_its_own_form() {
        let lines = "<<VOIP CONFIG FILE>>Version:2.0002\n<MMI CONFIG MODULE>\nAccount1 Name      :admin\nAccount1 Password  :12\nAccount1 Level     :10\n<<END OF FILE>>\n";
        let bench = Bench::new(&[("0c383e123456.cfg", lines)]);
        let report = phone(Dialect::Lines).provision(&bench.url("")).unwrap();
        assert_eq!(asked(&report), ["/f0X4hw1.100.cfg", "/0c383e123456.cfg"]);
        assert_eq!(report.admin_password.as_deref(), Some("12"));
        assert!(phone(Dialect::Current).provision(&bench.url("")).is_err());
        bench.put("0c383e123456.cfg", OWN);
        assert!(phone(Dialect::Lines).provision(&bench.url("")).is_err());
    }

    #[test]
    fn an_address_that_does_not_fit_its_protocol() {
        for (sound, broken) in [("<FlashProtocol>5", "<FlashProtocol>4"), ("<FlashMode>2", "<FlashMode>7"), ("<Level>10", "<Level>3")] {
            let bench = Bench::new(&[("0c383e123456.cfg", &OWN.replace(sound, broken))]);
            assert!(phone(Dialect::Current).provision(&bench.url("")).is_err(), "{broken}");
        }
    }
}

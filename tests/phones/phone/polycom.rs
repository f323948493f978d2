//! A Polycom: a master file, parameters in attributes anywhere, the first occurrence wins.

mod account;
mod directory;
mod files;
mod keys;
mod time;

use image::ImageFormat;

use super::brand;
use super::flash::Flash;
use super::http::Client;
use super::net::{folder, resolve};
use super::report::{HostPort, Report};
use super::words::{Words, find};
use super::{Device, Outcome, Phone};
use directory::Contact;
use files::{Master, Parameters};

pub struct Polycom {
    device: Device,
    client: Client,
    flash: Flash,
    contacts: Vec<Contact>,
}

impl Polycom {
    pub fn new(device: Device, client: Client) -> Polycom {
        Polycom { device, client, flash: Flash::default(), contacts: Vec::new() }
    }

    fn fetch(&self, base: &str) -> Outcome<Fetched> {
        let (mac, client) = (&self.device.id, &self.client);
        let master = self.master(base)?;
        let mut files = vec![master.own];
        for file in &master.files {
            files.push(files::parameters(file, &client.need(&resolve(base, file))?)?);
        }
        let mut overrides = Vec::new();
        for what in ["phone", "web"] {
            let name = format!("{}{mac}-{what}.cfg", master.overrides);
            if let Some(bytes) = client.find(&resolve(base, &name))? {
                overrides.push(files::parameters(&name, &bytes)?);
            }
        }
        let mut contacts = None;
        for owner in [mac.as_str(), "000000000000"] {
            let name = format!("{}{owner}-directory.xml", master.contacts);
            if let Some(bytes) = client.find(&resolve(base, &name))? {
                contacts = Some(directory::parse(&name, &bytes)?);
                break;
            }
        }
        Ok(Fetched { parameters: first_of_each(overrides.into_iter().chain(files)), contacts })
    }

    fn master(&self, base: &str) -> Outcome<Master> {
        for name in [format!("{}.cfg", self.device.id), "000000000000.cfg".to_owned()] {
            if let Some(bytes) = self.client.find(&resolve(base, &name))? {
                return files::master(&name, &bytes, &self.device);
            }
        }
        Err(format!("{base}: nothing here for {} {}", self.device.model, self.device.id))
    }

    /// A picture is shown when its place is chosen, and backgrounds are on.
    fn brand(&self, flash: &Flash) -> Outcome<()> {
        let Some(url) = flash.text("bg.color.bm.1.name") else { return Ok(()) };
        brand::picture(&self.client, &url, &[ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Bmp], &self.device)?;
        let switches = [flash.text("bg.color.selection"), flash.text("bg.background.enabled")];
        match switches.each_ref().map(Option::as_deref) {
            [Some("2,1"), Some("1")] => Ok(()),
            _ => Err(format!("bg.color.selection, bg.background.enabled: {switches:?} show no picture")),
        }
    }

    fn understand(&self, flash: &Flash, contacts: &[Contact]) -> Outcome<Report> {
        self.brand(flash)?;
        let accounts = account::all(flash, &self.device.facts)?;
        Ok(Report {
            requests: Vec::new(),
            stun: stun(flash)?,
            keys: keys::all(flash, contacts, &accounts, &self.device.facts)?,
            accounts,
            phonebook: contacts.iter().map(|contact| contact.entry.clone()).collect(),
            ntp: flash.text("tcpIpApp.sntp.address").into_iter().collect(),
            time: time::read(flash)?,
            admin_password: flash.text("device.auth.localAdminPassword"),
            provisioning: provisioning(flash)?,
            language: language(flash)?,
        })
    }
}

struct Fetched {
    parameters: Parameters,
    /// `None`: no file, so the phone keeps the directory that it has.
    contacts: Option<Vec<Contact>>,
}

impl Phone for Polycom {
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let mut flash = self.flash.clone();
        let fetched = self.fetch(&folder(url))?;
        for (name, value) in accepted(fetched.parameters) {
            match value.as_str() {
                "" | "Null" => flash.reset(&name),
                _ => flash.set(name, value),
            }
        }
        let contacts = fetched.contacts.unwrap_or_else(|| self.contacts.clone());
        let report = self.understand(&flash, &contacts)?;
        self.flash = flash;
        self.contacts = contacts;
        Ok(report)
    }

    fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

fn first_of_each(files: impl Iterator<Item = Parameters>) -> Parameters {
    let mut known = std::collections::BTreeSet::new();
    files.flatten().filter(|(name, _)| known.insert(name.clone())).collect()
}

/// Parameters of the device itself count only with `device.set` and their own `.set` switched on.
fn accepted(parameters: Parameters) -> Parameters {
    let on = |name: &str| parameters.iter().any(|(known, value)| known == name && value == "1");
    let device = on("device.set");
    let counts = |name: &str| match name.strip_prefix("device.") {
        None => true,
        Some(rest) => device && rest != "set" && !rest.ends_with(".set") && on(&format!("{name}.set")),
    };
    parameters.iter().filter(|(name, _)| counts(name)).cloned().collect()
}

/// By the switch of UC Software 5.9, or with ICE.
fn stun(flash: &Flash) -> Outcome<Option<HostPort>> {
    let (server, port) = if flash.flag("feature.nat.stun.enabled")? == Some(true) {
        ("nat.stun.server", "nat.stun.port")
    } else if flash.text("tcpIpApp.ice.mode").is_some_and(|mode| mode != "Disabled") {
        ("tcpIpApp.ice.stun.server", "tcpIpApp.ice.stun.udpPort")
    } else {
        return Ok(None);
    };
    let port = flash.number(port)?;
    Ok(flash.text(server).map(|host| HostPort { host, port }))
}

fn provisioning(flash: &Flash) -> Outcome<Option<String>> {
    let Some(name) = flash.text("device.prov.serverName") else {
        return Ok(None);
    };
    if name.contains("://") {
        return Ok(Some(name));
    }
    let kind = flash.text("device.prov.serverType").unwrap_or_else(|| "FTP".into());
    match kind.as_str() {
        "FTP" | "TFTP" | "HTTP" | "HTTPS" | "FTPS" => Ok(Some(format!("{}://{name}", kind.to_lowercase()))),
        other => Err(format!("device.prov.serverType: `{other}` is no protocol")),
    }
}

fn language(flash: &Flash) -> Outcome<Option<String>> {
    let Some(told) = flash.text("lcl.ml.lang") else {
        return Ok(None);
    };
    match find(&told, LANGUAGES) {
        Some(tag) => Ok(Some(tag.to_owned())),
        None => Err(format!("lcl.ml.lang: `{told}` is no language of this phone")),
    }
}

const LANGUAGES: Words = &[
    ("Chinese_China", "zh-CN"),
    ("Chinese_Taiwan", "zh-TW"),
    ("Danish_Denmark", "da-DK"),
    ("Dutch_Netherlands", "nl-NL"),
    ("English_Canada", "en-CA"),
    ("English_United_Kingdom", "en-GB"),
    ("English_United_States", "en-US"),
    ("French_France", "fr-FR"),
    ("German_Germany", "de-DE"),
    ("Italian_Italy", "it-IT"),
    ("Japanese_Japan", "ja-JP"),
    ("Korean_Korea", "ko-KR"),
    ("Norwegian_Norway", "nb-NO"),
    ("Polish_Poland", "pl-PL"),
    ("Portuguese_Portugal", "pt-PT"),
    ("Russian_Russia", "ru-RU"),
    ("Slovenian_Slovenia", "sl-SI"),
    ("Spanish_Spain", "es-ES"),
    ("Swedish_Sweden", "sv-SE"),
];

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::bench::Bench;
    use super::super::report::Area;
    use super::*;

    const MASTER: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<APPLICATION APP_FILE_PATH="sip.ld" CONFIG_FILES="[PHONE_MAC_ADDRESS]-own.cfg, common.cfg" MISC_FILES="" LOG_FILE_DIRECTORY="" OVERRIDES_DIRECTORY="" CONTACTS_DIRECTORY=""/>
"#;
    const OWN: &str = r#"<PHONE_CONFIG>
<reg reg.1.address="101@acme.example" reg.1.label="Ann" reg.1.displayName="Ann &quot;A&quot; Lee" reg.1.auth.userId="a101" reg.1.auth.password="s&lt;3" reg.1.server.1.address="sip.acme.example" reg.1.server.1.port="5061" reg.1.server.1.transport="TLS" reg.1.server.1.expires="600"/>
<lineKey lineKey.reassignment.enabled="1" lineKey.1.category="Line" lineKey.1.index="1" lineKey.2.category="BLF" lineKey.2.index="0" lineKey.3.category="SpeedDial" lineKey.3.index="4" lineKey.4.category="Unassigned"/>
<attendant attendant.reg="1" attendant.resourceList.1.address="103@acme.example" attendant.resourceList.1.label="Bob" attendant.resourceList.1.type="automata"/>
<device device.set="1" device.auth.localAdminPassword="secret" device.auth.localAdminPassword.set="1" device.prov.serverName="prov.example/t" device.prov.serverName.set="1" device.prov.serverType="HTTPS"/>
<lcl lcl.ml.lang="German_Germany"/>
</PHONE_CONFIG>
"#;
    const COMMON: &str = r#"<c reg.1.label="Common" tcpIpApp.sntp.address="pool.ntp.org" tcpIpApp.ice.mode="Standard" tcpIpApp.ice.stun.server="stun.example.net" tcpIpApp.ice.stun.udpPort="3478"/>"#;
    const DIRECTORY: &str =
        "<directory><item_list><item><ln>Lee</ln><fn>Cy</fn><ct>200</ct><sd>4</sd><lb>Cy</lb></item></item_list></directory>";

    fn phone() -> Polycom {
        let facts = Facts { lines: 12, line_keys: 48, ..Facts::default() };
        Polycom::new(Device { id: "64167faabbcc".into(), model: "VVX450".into(), facts }, Client::new())
    }

    fn bench() -> Bench {
        Bench::new(&[
            ("64167faabbcc.cfg", MASTER),
            ("64167faabbcc-own.cfg", OWN),
            ("common.cfg", COMMON),
            ("64167faabbcc-directory.xml", DIRECTORY),
        ])
    }

    #[test]
    fn follows_its_master_file() {
        let bench = bench();
        let report = phone().provision(&bench.url("")).unwrap();
        let asked: Vec<_> = report.requests.iter().map(|(path, status)| (path.as_str(), *status)).collect();
        assert_eq!(
            asked,
            [
                ("/64167faabbcc.cfg", 200),
                ("/64167faabbcc-own.cfg", 200),
                ("/common.cfg", 200),
                ("/64167faabbcc-phone.cfg", 404),
                ("/64167faabbcc-web.cfg", 404),
                ("/64167faabbcc-directory.xml", 200),
            ]
        );
        let ann = &report.accounts[0];
        assert_eq!(ann.label.as_deref(), Some("Ann"), "the file to the left wins");
        assert_eq!((ann.user.as_str(), ann.domain.as_str(), ann.transport), ("101", "acme.example", "tls"));
        assert_eq!((ann.password.as_deref(), ann.display_name.as_deref()), (Some("s<3"), Some("Ann \"A\" Lee")));
        assert_eq!(report.ntp, ["pool.ntp.org"]);
        assert_eq!(report.stun.as_ref().unwrap().port, Some(3478));
        assert_eq!(report.admin_password.as_deref(), Some("secret"));
        assert_eq!(report.language.as_deref(), Some("de-DE"));
        assert_eq!(report.phonebook[0].name, "Cy Lee");
        let keys: Vec<_> = report.keys.iter().map(|key| (key.position, key.kind, key.value.as_deref())).collect();
        assert_eq!(keys, [(1, "line", None), (2, "blf", Some("103")), (3, "speed_dial", Some("200"))]);
        assert_eq!(report.key(Area::Line, 2).unwrap().label.as_deref(), Some("Bob"));
    }

    #[test]
    fn device_parameters_need_two_switches() {
        let bench = bench();
        assert_eq!(
            phone().provision(&bench.url("")).unwrap().provisioning.as_deref(),
            Some("ftp://prov.example/t"),
            "the type has no .set"
        );
        bench.put("64167faabbcc-own.cfg", OWN.replace("device.set=\"1\"", "device.set=\"0\""));
        assert_eq!(phone().provision(&bench.url("")).unwrap().admin_password, None);
    }

    #[test]
    fn a_file_of_its_own_may_hold_the_parameters() {
        let bench = Bench::new(&[("64167faabbcc.cfg", OWN), ("64167faabbcc-directory.xml", DIRECTORY)]);
        assert_eq!(phone().provision(&bench.url("")).unwrap().accounts.len(), 1);
    }

    #[test]
    fn falls_back_to_the_common_master_file() {
        let bench = bench();
        std::fs::remove_file(bench.folder_path().join("64167faabbcc.cfg")).unwrap();
        bench.put("000000000000.cfg", MASTER);
        assert_eq!(phone().provision(&bench.url("")).unwrap().requests[0].1, 404);
    }

    #[test]
    fn what_the_user_changed_wins() {
        let bench = bench();
        bench.put("64167faabbcc-phone.cfg", "<o lcl.ml.lang=\"French_France\"/>");
        assert_eq!(phone().provision(&bench.url("")).unwrap().language.as_deref(), Some("fr-FR"));
    }

    #[test]
    fn a_blank_address_removes_an_account_and_silence_does_not() {
        let bench = bench();
        let mut phone = phone();
        phone.provision(&bench.url("")).unwrap();
        bench.put("64167faabbcc-own.cfg", "<c/>");
        assert_eq!(phone.provision(&bench.url("")).unwrap().accounts.len(), 1);
        bench.put("64167faabbcc-own.cfg", "<c reg.1.address=\"\" lineKey.1.category=\"Unassigned\"/>");
        assert!(phone.provision(&bench.url("")).unwrap().accounts.is_empty());
    }

    #[test]
    fn a_file_of_the_list_that_is_missing_is_loud() {
        let bench = bench();
        std::fs::remove_file(bench.folder_path().join("common.cfg")).unwrap();
        assert!(phone().provision(&bench.url("")).unwrap_err().message.contains("common.cfg"));
    }
}

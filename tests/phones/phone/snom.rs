//! A Snom desk phone: XML settings, one element a setting, accounts told apart by `idx`.

mod account;
mod book;
mod files;
mod keys;
mod time;

use image::ImageFormat;

use super::brand;
use super::flash::Flash;
use super::http::Client;
use super::net::{folder, host_port, resolve};
use super::report::{Account, Entry, HostPort, Report};
use super::words::Words;
use super::{Device, Outcome, Phone};
use files::Contents;

pub struct Snom {
    device: Device,
    client: Client,
    flash: Flash,
    book: Vec<Entry>,
}

impl Snom {
    pub fn new(device: Device, client: Client) -> Snom {
        Snom { device, client, flash: Flash::default(), book: Vec::new() }
    }

    /// An address with `{mac}` in it is that of one file; a folder has one file for the model and one for the phone.
    fn fetch(&self, url: &str) -> Outcome<Vec<Contents>> {
        let mut contents = Vec::new();
        if !url.ends_with('/') {
            let url = url.replace("{mac}", &self.mac());
            self.read(&url, &self.client.need(&url)?, &mut contents)?;
            return Ok(contents);
        }
        let model = self.device.model.trim_start_matches("snom");
        for name in [format!("snom{model}.htm"), format!("snom{model}-{}.htm", self.mac())] {
            let url = resolve(url, &name);
            if let Some(bytes) = self.client.find(&url)? {
                self.read(&url, &bytes, &mut contents)?;
            }
        }
        if contents.is_empty() { Err(format!("{url}: nothing here for {model} {}", self.mac())) } else { Ok(contents) }
    }

    /// A file and then the files that it lists, each of which may list more.
    fn read(&self, url: &str, bytes: &[u8], into: &mut Vec<Contents>) -> Outcome<()> {
        let contents = files::parse(url, bytes)?;
        let listed = contents.files.clone();
        into.push(contents);
        if into.len() > 32 {
            return Err(format!("{url}: the files list each other without end"));
        }
        for file in listed {
            let file = resolve(&folder(url), &file.replace("{mac}", &self.mac()));
            self.read(&file, &self.client.need(&file)?, into)?;
        }
        Ok(())
    }

    fn mac(&self) -> String {
        self.device.id.to_ascii_uppercase()
    }

    /// A colour that is not wholly transparent lies over the picture.
    fn brand(&self, flash: &Flash) -> Outcome<()> {
        let Some(url) = flash.text("custom_bg_image_url") else { return Ok(()) };
        brand::picture(&self.client, &url, &[ImageFormat::Png], &self.device)?;
        match flash.text("background_color") {
            Some(colour) if colour.ends_with(" 0") => Ok(()),
            colour => Err(format!("background_color: {colour:?} hides the picture")),
        }
    }

    fn understand(&self, flash: &Flash, book: &[Entry]) -> Outcome<Report> {
        self.brand(flash)?;
        let accounts = account::all(flash, &self.device.facts)?;
        Ok(Report {
            requests: Vec::new(),
            stun: stun(flash, &accounts)?,
            accounts,
            keys: keys::all(flash, &self.device.facts)?,
            phonebook: book.to_vec(),
            ntp: flash.text("ntp_server").into_iter().collect(),
            time: time::read(flash)?,
            admin_password: admin_password(flash)?,
            provisioning: flash.text("setting_server"),
            language: flash.word("language", LANGUAGES)?.map(str::to_owned),
        })
    }
}

impl Phone for Snom {
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let (mut flash, mut entries) = (self.flash.clone(), self.book.clone());
        for contents in self.fetch(url)? {
            for (name, value) in contents.settings {
                flash.set(name, value);
            }
            if let Some(book) = contents.book {
                book.write_into(&mut entries);
            }
        }
        let report = self.understand(&flash, &entries)?;
        (self.flash, self.book) = (flash, entries);
        Ok(report)
    }

    fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// Each account has a server of its own; that of the first one stands for all.
fn stun(flash: &Flash, accounts: &[Account]) -> Outcome<Option<HostPort>> {
    let told = accounts.iter().find_map(|account| flash.text(&format!("stun_server {}", account.number)));
    told.map(|server| host_port(&server)).transpose()
}

/// The password is told twice, as it is typed on the phone.
fn admin_password(flash: &Flash) -> Outcome<Option<String>> {
    let password = flash.text("admin_mode_password");
    match flash.text("admin_mode_password_confirm") {
        Some(again) if Some(&again) != password.as_ref() => Err("admin_mode_password_confirm: another password".into()),
        _ => Ok(password),
    }
}

/// `on` or `off`; some settings are `true` or `false`.
fn switch(flash: &Flash, name: &str) -> Outcome<Option<bool>> {
    flash
        .text(name)
        .map(|told| match told.as_str() {
            "on" | "true" => Ok(true),
            "off" | "false" => Ok(false),
            _ => Err(format!("{name}: `{told}` is neither on nor off")),
        })
        .transpose()
}

const LANGUAGES: Words = &[
    ("Bosanski", "bs"),
    ("Čeština", "cs"),
    ("Dansk", "da"),
    ("Deutsch", "de"),
    ("English", "en"),
    ("English(UK)", "en-GB"),
    ("Español", "es"),
    ("Français", "fr"),
    ("Italiano", "it"),
    ("Lietuvių", "lt"),
    ("Magyar", "hu"),
    ("Nederlands", "nl"),
    ("Norsk", "no"),
    ("Polski", "pl"),
    ("Português", "pt"),
    ("Русский", "ru"),
    ("Slovenščina", "sl"),
    ("Suomi", "fi"),
    ("Svenska", "sv"),
    ("Traditional Chinese", "zh-Hant"),
    ("Türkçe", "tr"),
];

#[cfg(test)]
mod tests {
    use super::super::bench::Bench;
    use super::super::report::Area;
    use super::super::{Facts, net};
    use super::*;

    const OWN: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<settings>
  <phone-settings e="2">
    <user_active idx="1" perm="RW">on</user_active>
    <user_realname idx="1" perm="RW">Ann Lee</user_realname>
    <user_name idx="1" perm="RW">101</user_name>
    <user_pass idx="1" perm="R">p&lt;1&amp;</user_pass>
    <user_host idx="1" perm="">acme.example</user_host>
    <user_outbound idx="1">edge.acme.example:5061;transport=tls</user_outbound>
    <stun_server idx="1">stun.example.net:3478</stun_server>
    <language perm="">Deutsch</language>
    <ntp_server>pool.ntp.org</ntp_server>
    <admin_mode_password>1234</admin_mode_password>
    <admin_mode_password_confirm>1234</admin_mode_password_confirm>
    <setting_server perm="R">https://prov.example/{mac}.xml</setting_server>
  </phone-settings>
  <functionKeys e="2">
    <fkey idx="0" context="1" label="" perm="">line</fkey>
    <fkey idx="1" context="active" label="Bob &amp; co" perm="">blf 102|*8</fkey>
  </functionKeys>
</settings>"#;

    fn phone() -> Snom {
        let facts = Facts { lines: 12, line_keys: 24, modules: 1, module_keys: 18, ..Facts::default() };
        Snom::new(Device { id: "000413a11fa7".into(), model: "D785".into(), facts }, Client::new())
    }

    fn asked(report: &Report) -> Vec<(&str, u16)> {
        report.requests.iter().map(|(path, status)| (path.as_str(), *status)).collect()
    }

    #[test]
    fn asks_for_one_file_by_its_address_in_upper_case() {
        let bench = Bench::new(&[("t/000413A11FA7.xml", OWN)]);
        let report = phone().provision(&bench.url("t/{mac}.xml")).unwrap();
        assert_eq!(asked(&report), [("/t/000413A11FA7.xml", 200)]);
        let ann = report.account(1).unwrap();
        assert_eq!((ann.password.as_deref(), ann.transport), (Some("p<1&"), "tls"));
        assert_eq!(ann.outbound_proxy, Some(net::host_port("edge.acme.example:5061").unwrap()));
        assert_eq!(report.stun, Some(net::host_port("stun.example.net:3478").unwrap()));
        assert_eq!((report.language.as_deref(), report.admin_password.as_deref()), (Some("de"), Some("1234")));
        let bob = report.key(Area::Line, 2).unwrap();
        assert_eq!((bob.kind, bob.label.as_deref(), bob.pickup.as_deref()), ("blf", Some("Bob & co"), Some("*8")));
    }

    #[test]
    fn in_a_folder_the_file_of_the_phone_comes_after_that_of_the_model() {
        let model = "<settings><phone-settings><language>English</language><timezone>GER+1</timezone></phone-settings></settings>";
        let bench = Bench::new(&[("snomD785.htm", model), ("snomD785-000413A11FA7.htm", OWN)]);
        let report = phone().provision(&bench.url("")).unwrap();
        assert_eq!(asked(&report), [("/snomD785.htm", 200), ("/snomD785-000413A11FA7.htm", 200)]);
        assert_eq!((report.language.as_deref(), report.time.unwrap().offset), (Some("de"), 3600));
    }

    #[test]
    fn fetches_what_a_list_names_in_its_order() {
        let bench = Bench::new(&[("own.xml", OWN), ("more.xml", "<phone-settings><language>Dansk</language></phone-settings>")]);
        let list = format!(r#"<setting-files><file url="{}"/><file url="more.xml"/></setting-files>"#, bench.url("own.xml"));
        bench.put("000413A11FA7.xml", list);
        let report = phone().provision(&bench.url("{mac}.xml")).unwrap();
        assert_eq!(asked(&report), [("/000413A11FA7.xml", 200), ("/own.xml", 200), ("/more.xml", 200)]);
        assert_eq!(report.language.as_deref(), Some("da"));
        bench.put("000413A11FA7.xml", r#"<setting-files><file url="000413A11FA7.xml"/></setting-files>"#);
        assert!(phone().provision(&bench.url("{mac}.xml")).unwrap_err().message.contains("without end"));
    }

    #[test]
    fn what_a_later_file_does_not_mention_stays() {
        let bench = Bench::new(&[("000413A11FA7.xml", OWN)]);
        let mut phone = phone();
        let before = phone.provision(&bench.url("{mac}.xml")).unwrap();
        bench.put("000413A11FA7.xml", "<settings><phone-settings/></settings>");
        assert_eq!(phone.provision(&bench.url("{mac}.xml")).unwrap().accounts, before.accounts);
        bench.put(
            "000413A11FA7.xml",
            r#"<settings><phone-settings><user_active idx="1">off</user_active></phone-settings><function-keys><fkey idx="1" context="active" label="">line</fkey></function-keys></settings>"#,
        );
        let report = phone.provision(&bench.url("{mac}.xml")).unwrap();
        assert_eq!((report.accounts.len(), report.keys.len(), report.stun), (0, 1, None));
    }

    #[test]
    fn a_refused_file_leaves_the_flash_as_it_was() {
        let bench = Bench::new(&[("000413A11FA7.xml", OWN)]);
        let mut phone = phone();
        let before = phone.provision(&bench.url("{mac}.xml")).unwrap();
        bench.put("000413A11FA7.xml", OWN.replace("Deutsch", "Klingon"));
        assert!(phone.provision(&bench.url("{mac}.xml")).unwrap_err().message.contains("Klingon"));
        bench.put("000413A11FA7.xml", OWN.replace("password_confirm>1234", "password_confirm>4321"));
        assert!(phone.provision(&bench.url("{mac}.xml")).unwrap_err().message.contains("another password"));
        bench.put("000413A11FA7.xml", "<settings/>");
        assert_eq!(phone.provision(&bench.url("{mac}.xml")).unwrap(), before);
    }

    #[test]
    fn nothing_at_all_is_a_failure() {
        let bench = Bench::new(&[]);
        assert!(phone().provision(&bench.url("")).unwrap_err().message.contains("nothing here"));
        assert!(phone().provision(&bench.url("{mac}.xml")).is_err());
    }
}

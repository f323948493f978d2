//! A Yealink: boot files, lines of `name = value`, `%NULL%` to go back to the factory.

mod account;
mod book;
mod files;
mod keys;
mod time;

use image::ImageFormat;

use super::brand;
use super::flash::Flash;
use super::http::Client;
use super::net::{folder, resolve};
use super::report::{Entry, HostPort, Report};
use super::words::{Words, find};
use super::{Device, Dialect, Outcome, Phone};
use files::{Boot, Settings};

pub struct Yealink {
    device: Device,
    client: Client,
    flash: Flash,
    keeps_blank: bool,
}

impl Yealink {
    pub fn new(device: Device, client: Client) -> Yealink {
        Yealink { device, client, flash: Flash::default(), keeps_blank: false }
    }

    /// A firmware that takes a blank value as "as before": only `%NULL%` clears.
    pub fn keeping_blank_values(mut self) -> Yealink {
        self.keeps_blank = true;
        self
    }

    /// Everything that the server says, in the order in which it counts, and whether it is all there is.
    fn fetch(&self, url: &str) -> Outcome<(Settings, bool)> {
        let base = folder(url);
        let mut settings = Settings::new();
        let boot = self.boot(&base)?;
        let overwrite = boot.as_ref().is_some_and(|boot| boot.overwrite);
        match boot {
            Some(boot) => {
                for file in boot.includes {
                    settings.extend(files::settings(&file, &self.client.need(&resolve(&base, &file))?)?);
                }
            }
            None => settings.extend(self.common_then_own(&base)?),
        }
        if asks_for_local(&settings, &self.flash) {
            let local = format!("{}-local.cfg", self.device.id);
            if let Some(bytes) = self.client.find(&resolve(&base, &local))? {
                settings.extend(files::settings(&local, &bytes)?);
            }
        }
        Ok((settings, overwrite))
    }

    fn boot(&self, base: &str) -> Outcome<Option<Boot>> {
        for name in [format!("{}.boot", self.device.id), "y000000000000.boot".to_owned()] {
            if let Some(bytes) = self.client.find(&resolve(base, &name))? {
                return files::boot(&name, &bytes, &self.device.model).map(Some);
            }
        }
        Ok(None)
    }

    fn common_then_own(&self, base: &str) -> Outcome<Settings> {
        let common = match files::common_code(&self.device.model) {
            Some(code) => self.read(base, &format!("y{code:012}.cfg"))?,
            None => None,
        };
        let own = self.read(base, &format!("{}.cfg", self.device.id))?;
        if common.is_none() && own.is_none() {
            return Err(format!("{base}: nothing here for {} {}", self.device.model, self.device.id));
        }
        Ok(common.into_iter().chain(own).flatten().collect())
    }

    fn read(&self, base: &str, name: &str) -> Outcome<Option<Settings>> {
        let bytes = self.client.find(&resolve(base, name))?;
        bytes.map(|bytes| files::settings(name, &bytes)).transpose()
    }

    /// Pictures and rings: a picture is shown when its name is chosen.
    fn brand(&self, flash: &Flash) -> Outcome<()> {
        if let Some(url) = flash.text("wallpaper_upload.url") {
            brand::picture(&self.client, &url, &[ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Bmp], &self.device)?;
            let (chosen, wanted) = (flash.text("phone_setting.backgrounds"), format!("Config:{}", brand::name(&url)));
            if chosen.as_deref() != Some(wanted.as_str()) {
                return Err(format!("phone_setting.backgrounds: {chosen:?} shows no {wanted}"));
            }
        }
        if let Some(url) = flash.text("lcd_logo.url") {
            brand::dob(&self.client, &url)?;
        }
        flash.text("ringtone.url").map_or(Ok(()), |url| brand::ring(&self.client, &url))
    }

    fn understand(&self, flash: &Flash) -> Outcome<Report> {
        self.brand(flash)?;
        Ok(Report {
            requests: Vec::new(),
            accounts: account::all(flash, &self.device.facts)?,
            stun: stun(flash)?,
            keys: keys::all(flash, &self.device)?,
            phonebook: self.phonebook(flash)?,
            ntp: ["local_time.ntp_server1", "local_time.ntp_server2"].iter().filter_map(|name| flash.text(name)).collect(),
            time: time::read(flash)?,
            admin_password: flash.text(&self.fixed("security.user_password#admin")),
            provisioning: flash.text(&self.fixed("auto_provision.server.url")),
            language: language(flash)?,
        })
    }

    /// A name that V81 keeps apart from what a user may reset.
    fn fixed(&self, name: &str) -> String {
        match self.device.facts.dialect {
            Dialect::BeforeV81 => name.to_owned(),
            _ => format!("static.{name}"),
        }
    }

    fn phonebook(&self, flash: &Flash) -> Outcome<Vec<Entry>> {
        let mut entries = Vec::new();
        if let Some(url) = flash.text("local_contact.data.url") {
            entries.extend(book::local(&url, &self.client.need(&url)?)?);
        }
        for slot in flash.indices("remote_phonebook.data.", ".url") {
            if let Some(url) = flash.text(&format!("remote_phonebook.data.{slot}.url")) {
                if slot > 5 {
                    return Err(format!("remote_phonebook.data.{slot}: there are five"));
                }
                entries.extend(book::remote(&url, &self.client.need(&url)?)?);
            }
        }
        Ok(entries)
    }
}

impl Phone for Yealink {
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let (settings, overwrite) = self.fetch(url)?;
        let mut flash = if overwrite { Flash::default() } else { self.flash.clone() };
        for (name, value) in settings {
            match value.as_str() {
                "%NULL%" => flash.reset(&name),
                "" if self.keeps_blank => {}
                _ => flash.set(name, value),
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

fn asks_for_local(settings: &Settings, flash: &Flash) -> bool {
    ["protect", "sync"].iter().any(|what| {
        let name = format!("static.auto_provision.custom.{what}");
        let told = settings.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        told.or_else(|| flash.raw(&name)) == Some("1")
    })
}

fn stun(flash: &Flash) -> Outcome<Option<HostPort>> {
    for prefix in ["static.sip.nat_stun", "sip.nat_stun"] {
        if flash.flag(&format!("{prefix}.enable"))? == Some(true) {
            let host = flash.text(&format!("{prefix}.server")).ok_or_else(|| format!("{prefix}: on, but no server"))?;
            return Ok(Some(HostPort { host, port: flash.number(&format!("{prefix}.port"))? }));
        }
    }
    match flash.text("account.1.nat.stun_server") {
        Some(host) => Ok(Some(HostPort { host, port: flash.number("account.1.nat.stun_port")? })),
        None => Ok(None),
    }
}

fn language(flash: &Flash) -> Outcome<Option<String>> {
    let Some(told) = flash.text("lang.gui") else {
        return Ok(None);
    };
    match find(&told, LANGUAGES) {
        Some(tag) => Ok(Some(tag.to_owned())),
        None => Err(format!("lang.gui: `{told}` is no language of this phone")),
    }
}

const LANGUAGES: Words = &[
    ("English", "en"),
    ("Chinese_S", "zh-Hans"),
    ("Chinese_T", "zh-Hant"),
    ("Danish", "da"),
    ("Dutch", "nl"),
    ("French", "fr"),
    ("French_CA", "fr-CA"),
    ("German", "de"),
    ("Italian", "it"),
    ("Polish", "pl"),
    ("Portuguese", "pt"),
    ("Portuguese_LA", "pt-BR"),
    ("Russian", "ru"),
    ("Spanish", "es"),
    ("Spanish_LA", "es-419"),
    ("Turkish", "tr"),
];

#[cfg(test)]
mod tests {
    use super::super::bench::Bench;
    use super::super::report::{Area, Number};
    use super::super::{Facts, net};
    use super::*;

    const OWN: &str = "#!version:1.0.0.1
## a comment
account.1.enable = 1
account.1.label=Ann
account.1.display_name = Ann Lee
account.1.user_name = 101
account.1.auth_name = a101
account.1.password = s#cr=t 1
account.1.sip_server.1.address = sip.acme.example
account.1.sip_server.1.port = 5061
account.1.sip_server.1.transport_type = 2
account.1.nat.nat_traversal = 1
account.2.enable = 1
account.2.user_name = 102
account.2.sip_server.1.address = sip.acme.example
static.sip.nat_stun.enable = 1
static.sip.nat_stun.server = stun.example.net
static.sip.nat_stun.port = 3478
static.security.user_password = admin:pa:ss
static.security.user_password = user:other
static.auto_provision.server.url = https://prov.example/t/
linekey.1.type = 16
linekey.1.value = 103
linekey.1.line = 1
linekey.1.label = Bob
linekey.1.extension = *8
linekey.2.type = 0
lang.gui = German
local_time.ntp_server1 = pool.ntp.org
";

    fn phone() -> Yealink {
        let facts = Facts { lines: 16, line_keys: 27, ..Facts::default() };
        Yealink::new(Device { id: "805ec0123456".into(), model: "T54W".into(), facts }, Client::new())
    }

    #[test]
    fn reads_its_own_file_after_three_names_that_are_not_there() {
        let bench = Bench::new(&[("t/805ec0123456.cfg", OWN)]);
        let report = phone().provision(&bench.url("t/")).unwrap();
        let asked: Vec<_> = report.requests.iter().map(|(path, status)| (path.as_str(), *status)).collect();
        assert_eq!(
            asked,
            [("/t/805ec0123456.boot", 404), ("/t/y000000000000.boot", 404), ("/t/y000000000096.cfg", 404), ("/t/805ec0123456.cfg", 200)]
        );
        let ann = report.account(1).unwrap();
        assert_eq!((ann.password.as_deref(), ann.transport), (Some("s#cr=t 1"), "tls"));
        assert_eq!(ann.server, net::host_port("sip.acme.example:5061").unwrap());
        assert!(ann.uses_stun);
        assert_eq!(report.stun, Some(net::host_port("stun.example.net:3478").unwrap()));
        assert_eq!(report.admin_password.as_deref(), Some("pa:ss"));
        assert_eq!(report.language.as_deref(), Some("de"));
        assert_eq!(report.keys.len(), 1);
        let bob = report.key(Area::Line, 1).unwrap();
        assert_eq!((bob.kind, bob.value.as_deref(), bob.pickup.as_deref()), ("blf", Some("103"), Some("*8")));
    }

    #[test]
    fn a_boot_file_names_the_files_and_the_later_one_wins() {
        let boot = "#!version:1.0.0.1\ninclude:config \"common.cfg\"\ninclude:config <own.cfg>\n[T46S,T48S]include:config \"other.cfg\"\noverwrite_mode = 1\n";
        let bench = Bench::new(&[
            ("805ec0123456.boot", boot),
            ("common.cfg", "#!version:1.0.0.1\nlang.gui = French\nlocal_time.ntp_server1 = a\n"),
            ("own.cfg", "#!version:1.0.0.1\nlang.gui = German\n"),
        ]);
        let mut phone = phone();
        let report = phone.provision(&bench.url("")).unwrap();
        assert_eq!(report.requests.len(), 3);
        assert_eq!((report.language.as_deref(), report.ntp.len()), (Some("de"), 1));
        bench.put("common.cfg", "#!version:1.0.0.1\n");
        assert_eq!(phone.provision(&bench.url("")).unwrap().ntp.len(), 0, "overwrite mode forgets");
    }

    #[test]
    fn what_a_later_file_does_not_mention_stays() {
        let bench = Bench::new(&[("805ec0123456.cfg", OWN)]);
        let mut phone = phone();
        assert_eq!(phone.provision(&bench.url("")).unwrap().accounts.len(), 2);
        bench.put("805ec0123456.cfg", "#!version:1.0.0.1\nlang.gui = French\n");
        assert_eq!(phone.provision(&bench.url("")).unwrap().accounts.len(), 2);
        bench.put("805ec0123456.cfg", "#!version:1.0.0.1\naccount.2.enable = 0\naccount.1.label = %NULL%\n");
        let report = phone.provision(&bench.url("")).unwrap();
        assert_eq!(report.accounts.len(), 1);
        assert_eq!(report.accounts[0].label, None);
    }

    #[test]
    fn a_blank_value_clears_or_keeps() {
        let bench = Bench::new(&[("805ec0123456.cfg", OWN)]);
        let (mut clearing, mut keeping) = (phone(), phone().keeping_blank_values());
        for phone in [&mut clearing, &mut keeping] {
            phone.provision(&bench.url("")).unwrap();
        }
        bench.put("805ec0123456.cfg", "#!version:1.0.0.1\naccount.1.label =\n");
        assert_eq!(clearing.provision(&bench.url("")).unwrap().accounts[0].label, None);
        assert_eq!(keeping.provision(&bench.url("")).unwrap().accounts[0].label.as_deref(), Some("Ann"));
    }

    #[test]
    fn a_refused_file_leaves_the_flash_as_it_was() {
        let bench = Bench::new(&[("805ec0123456.cfg", OWN)]);
        let mut phone = phone();
        let before = phone.provision(&bench.url("")).unwrap();
        bench.put("805ec0123456.cfg", "account.1.enable = 0\n");
        let refusal = phone.provision(&bench.url("")).unwrap_err();
        assert!(refusal.message.contains("first line"), "{refusal}");
        assert_eq!(refusal.requests.len(), 4);
        bench.put("805ec0123456.cfg", "#!version:1.0.0.1\n");
        assert_eq!(phone.provision(&bench.url("")).unwrap(), before);
    }

    #[test]
    fn an_old_phone_reads_no_static_names() {
        let bench = Bench::new(&[("805ec0123456.cfg", OWN)]);
        let mut phone = phone();
        phone.device.facts.dialect = Dialect::BeforeV81;
        let report = phone.provision(&bench.url("")).unwrap();
        assert_eq!((report.admin_password, report.provisioning), (None, None));
    }

    #[test]
    fn asks_for_what_its_user_changed_when_told_to() {
        let bench = Bench::new(&[("805ec0123456.cfg", &format!("{OWN}static.auto_provision.custom.protect = 1\n"))]);
        bench.put("805ec0123456-local.cfg", "#!version:1.0.0.1\nlang.gui = Italian\n");
        assert_eq!(phone().provision(&bench.url("")).unwrap().language.as_deref(), Some("it"));
    }

    #[test]
    fn fetches_its_phone_books() {
        let bench = Bench::new(&[(
            "book.xml",
            "<YealinkIPPhoneDirectory><DirectoryEntry><Name>J &amp; S</Name><Telephone>1</Telephone></DirectoryEntry></YealinkIPPhoneDirectory>",
        )]);
        let url = bench.url("book.xml");
        bench.put("805ec0123456.cfg", format!("{OWN}remote_phonebook.data.1.url = {url}\nremote_phonebook.data.1.name = All\n"));
        let book = phone().provision(&bench.url("")).unwrap().phonebook;
        assert_eq!(book[0].name, "J & S");
        assert_eq!(book[0].numbers, [Number { kind: None, number: "1".into() }]);
    }

    #[test]
    fn nothing_at_all_is_a_failure() {
        let bench = Bench::new(&[]);
        assert!(phone().provision(&bench.url("")).unwrap_err().message.contains("nothing here"));
    }
}

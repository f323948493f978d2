//! A Grandstream: one XML file of P-codes or of named items, the first one that is there.

mod account;
mod book;
mod files;
mod keys;
mod spelling;

use super::flash::Flash;
use super::http::Client;
use super::net::{folder, host_port, resolve};
use super::report::{Account, Dst, Entry, HostPort, Report, Time};
use super::words::{Words, find};
use super::{Device, Dialect, Outcome, Phone, posix};
use files::Settings;

pub struct Grandstream {
    device: Device,
    client: Client,
    flash: Flash,
}

impl Grandstream {
    pub fn new(device: Device, client: Client) -> Grandstream {
        Grandstream { device, client, flash: Flash::default() }
    }

    fn fetch(&self, url: &str) -> Outcome<Settings> {
        let base = folder(url);
        let (mac, model) = (&self.device.id, self.device.model.to_lowercase());
        let binary = format!("cfg{mac}");
        if let Some(bytes) = self.client.find(&resolve(&base, &binary))? {
            return files::binary(&binary, &bytes, mac);
        }
        for name in [format!("cfg{mac}.xml"), format!("cfg{model}.xml"), "cfg.xml".to_owned()] {
            if let Some(bytes) = self.client.find(&resolve(&base, &name))? {
                return files::xml(&name, &bytes, &self.device);
            }
        }
        Err(format!("{base}: nothing here for {} {mac}", self.device.model))
    }

    fn understand(&self, flash: &Flash) -> Outcome<Report> {
        let accounts = match self.device.facts.dialect {
            Dialect::Ata => account::ports(flash, &self.device.facts)?,
            _ => account::all(flash, &self.device.facts)?,
        };
        Ok(Report {
            requests: Vec::new(),
            stun: stun(flash, &accounts)?,
            keys: keys::all(flash, &self.device.facts)?,
            accounts,
            phonebook: self.phonebook(flash)?,
            ntp: [("dateTime.ntp.server.1", "P30"), ("dateTime.ntp.server.2", "P8333")]
                .into_iter()
                .filter_map(|(item, code)| either(flash, item, code))
                .collect(),
            time: time(flash)?,
            admin_password: either(flash, "users.admin.password", "P2"),
            provisioning: provisioning(flash)?,
            language: either(flash, "language.gui", "P1362"),
        })
    }

    fn phonebook(&self, flash: &Flash) -> Outcome<Vec<Entry>> {
        let mode = either(flash, "phonebook.download.mode", "P330");
        let scheme = match mode.as_deref() {
            None | Some("0" | "Disabled") => return Ok(Vec::new()),
            Some("2" | "EnabledUseHTTP") => "http",
            Some("3" | "EnabledUseHTTPS") => "https",
            Some(other) => {
                return Err(format!("phone book download mode `{other}`: not over HTTP"));
            }
        };
        let path = either(flash, "phonebook.download.server", "P331").ok_or("phone book download without a path")?;
        let url = format!("{scheme}://{}/phonebook.xml", without_scheme("P331", &path)?.trim_end_matches('/'));
        book::parse(&url, &self.client.need(&url)?)
    }
}

impl Phone for Grandstream {
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let mut flash = self.flash.clone();
        for (name, value) in self.fetch(url)? {
            flash.set(name, value);
        }
        let report = self.understand(&flash)?;
        self.flash = flash;
        Ok(report)
    }

    fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// The item's value, or the P-code's where there is no item.
fn either(flash: &Flash, item: &str, code: &str) -> Option<String> {
    if flash.knows(item) { flash.text(item) } else { flash.text(code) }
}

/// A server that no account asks is no use.
fn stun(flash: &Flash, accounts: &[Account]) -> Outcome<Option<HostPort>> {
    let server = either(flash, "network.stunServer", "P76").map(|server| host_port(&server)).transpose()?;
    match accounts.iter().find(|account| account.uses_stun) {
        Some(account) if server.is_none() => Err(format!("account {} wants STUN, but there is no server", account.number)),
        _ => Ok(server),
    }
}

fn provisioning(flash: &Flash) -> Outcome<Option<String>> {
    let Some(path) = either(flash, "provisioning.config.serverPath", "P237") else {
        return Ok(None);
    };
    let told = either(flash, "provisioning.config.protocol", "P212").unwrap_or_else(|| "1".into());
    let scheme = find(&told, SCHEMES).ok_or_else(|| format!("P212: `{told}` is no protocol"))?;
    Ok(Some(format!("{scheme}://{}", without_scheme("P237", &path)?)))
}

fn without_scheme<'a>(name: &str, path: &'a str) -> Outcome<&'a str> {
    if path.contains("://") { Err(format!("{name}: `{path}` has a scheme, which the phone keeps elsewhere")) } else { Ok(path) }
}

/// A preset, or `customize` and a POSIX zone of at most 32 characters.
fn time(flash: &Flash) -> Outcome<Option<Time>> {
    let Some(preset) = either(flash, "dateTime.timezone", "P64") else {
        return Ok(None);
    };
    if preset == "auto" {
        return Ok(Some(Time { offset: 0, zone: Some(preset), dst: Dst::Automatic }));
    }
    if preset != "customize" {
        let known = PRESETS.contains(&preset.as_str());
        return if known { posix::parse(&preset).map(Some) } else { Err(format!("P64: `{preset}` is no preset of this phone")) };
    }
    let named = flash.text("dateTime.timezone.customize");
    let custom = named.or_else(|| either(flash, "dateTime.timezone.custom", "P246")).ok_or("P64 is customize, but P246 is missing")?;
    if custom.len() > 32 {
        return Err(format!("P246: `{custom}` is longer than 32 characters"));
    }
    posix::parse(&custom).map(Some)
}

const SCHEMES: Words =
    &[("0", "tftp"), ("1", "http"), ("2", "https"), ("3", "ftp"), ("4", "ftps"), ("TFTP", "tftp"), ("HTTP", "http"), ("HTTPS", "https")];

#[rustfmt::skip]
const PRESETS: &[&str] = &[
    "TZA+12", "TZB+11", "HAW10", "AKST9AKDT", "PST8PDT", "PST8PDT,M4.1.0,M10.5.0", "MST7MDT", "MST7",
    "MST7MDT,M4.1.0,M10.5.0", "CST6CDT", "CST+6", "CST6CDT,M4.1.0,M10.5.0", "EST5EDT", "EST5", "TZf+4:30",
    "AST4ADT", "AST4ADT,M4.1.0/00:01:00,M10.5.0/00:01:00",
    "NST+3:30NDT+2:30,M4.1.0/00:01:00,M10.5.0/00:01:00", "TZK+3", "BRST+3BRDT+2,M10.3.0,M2.3.0", "UTC+3",
    "TZL+2", "TZM+1", "TZN+0", "GMT+0BST-1,M3.5.0/01:00:00,M10.5.0/02:00:00",
    "WET-0WEST-1,M3.5.0/01:00:00,M10.5.0/02:00:00", "GMT+0IST-1,M3.5.0/01:00:00,M10.5.0/02:00:00", "TZO-1",
    "CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00", "TZP-2",
    "EET-2EEST-3,M3.5.0/03:00:00,M10.5.0/04:00:00", "EET-2EEST,M3.5.0/3,M10.5.0/4", "TZQ-3",
    "MSK-3MSD,M3.5.0/2,M10.5.0/3", "MST-3MDT,M3.5.0/2,M10.5.0/3", "TZR-4", "TZS-5", "TZT-5:30", "TZU-5:45",
    "TZV-6", "TZW-6:30", "TZX-7", "WIB-7", "TZY-8", "SGT-8", "ULAT-8", "WST-8", "TZZ-9",
    "CST-9:30CDT-10:30,M10.5.0/02:00:00,M3.5.0/03:00:00", "CST-9:30", "TZb-10",
    "EST-10EDT-11,M10.1.0/02:00:00,M3.5.0/03:00:00", "EST-10EDT-11,M10.5.0/02:00:00,M3.5.0/03:00:00",
    "EST-10", "TZc-11", "NZST-12NZDT-13,M10.1.0/02:00:00,M3.3.0/03:00:00", "TZd-12", "TZe-13",
];

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::bench::Bench;
    use super::super::report::Area;
    use super::*;

    const CODES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gs_provision version="1">
  <mac>000b82aabbcc</mac>
  <config version="1">
    <!-- first account -->
    <P271>1</P271><P270>Ann</P270><P3>Ann &amp; Lee</P3><P35>101</P35><P36>a101</P36><P34>s&lt;3</P34>
    <P47>sip.acme.example:5061</P47><P130>2</P130><P32>60</P32><P52>1</P52><P1347>*8</P1347>
    <P57>123</P57><P58>9</P58><P59>8</P59><P60></P60><P61></P61><P62></P62>
    <P401>0</P401>
    <P76>stun.example.net:3478</P76><P2>admin-secret</P2><P30>pool.ntp.org</P30>
    <P64>CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00</P64>
    <P212>2</P212><P237>prov.example/t</P237>
    <P1363>0</P1363><P1364>0</P1364>
    <P1365>11</P1365><P1366>0</P1366><P1467>Bob</P1467><P1468>103</P1468>
  </config>
</gs_provision>
"#;

    fn phone(model: &str, dialect: Dialect) -> Grandstream {
        let facts = Facts { lines: 4, line_keys: 8, memory_keys: 24, modules: 4, dialect, ..Facts::default() };
        Grandstream::new(Device { id: "000b82aabbcc".into(), model: model.into(), facts }, Client::new())
    }

    #[test]
    fn reads_p_codes() {
        let bench = Bench::new(&[("cfg000b82aabbcc.xml", CODES)]);
        let report = phone("GXP1628", Dialect::Vpk).provision(&bench.url("")).unwrap();
        let asked: Vec<_> = report.requests.iter().map(|(path, status)| (path.as_str(), *status)).collect();
        assert_eq!(asked, [("/cfg000b82aabbcc", 404), ("/cfg000b82aabbcc.xml", 200)]);
        let ann = &report.accounts[0];
        assert_eq!((ann.password.as_deref(), ann.display_name.as_deref()), (Some("s<3"), Some("Ann & Lee")));
        assert_eq!((ann.transport, ann.expires, ann.server.port), ("tls", Some(3600), Some(5061)));
        assert_eq!(ann.codecs, ["opus", "g722", "pcma"]);
        assert_eq!(report.accounts.len(), 1);
        assert_eq!(report.stun.as_ref().unwrap().port, Some(3478));
        assert_eq!(report.provisioning.as_deref(), Some("https://prov.example/t"));
        assert_eq!(report.time.as_ref().unwrap().offset, 3600);
        let bob = report.key(Area::Line, 2).unwrap();
        assert_eq!((bob.kind, bob.line, bob.value.as_deref(), bob.pickup.as_deref()), ("blf", Some(1), Some("103"), Some("*8")));
    }

    #[test]
    fn falls_back_to_its_models_file_and_to_the_common_one() {
        let common = CODES.replace("<mac>000b82aabbcc</mac>", "");
        let bench = Bench::new(&[("cfg.xml", &common)]);
        let mut phone = phone("GXP1628", Dialect::Vpk);
        assert_eq!(phone.provision(&bench.url("")).unwrap().requests.len(), 4);
        bench.put("cfggxp1628.xml", &common);
        assert_eq!(phone.provision(&bench.url("")).unwrap().requests.len(), 3);
    }

    #[test]
    fn a_file_for_another_phone_is_refused() {
        let bench = Bench::new(&[("cfg000b82aabbcc.xml", &CODES.replace("aabbcc</mac>", "aabbcd</mac>"))]);
        assert!(phone("GXP1628", Dialect::Vpk).provision(&bench.url("")).unwrap_err().message.contains("000b82aabbcd"));
    }

    #[test]
    fn codes_that_a_later_file_leaves_out_stay() {
        let bench = Bench::new(&[("cfg000b82aabbcc.xml", CODES)]);
        let mut phone = phone("GXP1628", Dialect::Vpk);
        let before = phone.provision(&bench.url("")).unwrap();
        bench.put("cfg000b82aabbcc.xml", "<gs_provision version=\"1\"><config version=\"1\"><P401>0</P401></config></gs_provision>");
        assert_eq!(phone.provision(&bench.url("")).unwrap(), before);
        bench.put("cfg000b82aabbcc.xml", "<gs_provision version=\"1\"><config version=\"1\"><P271>0</P271></config></gs_provision>");
        assert!(phone.provision(&bench.url("")).unwrap().accounts.is_empty());
    }

    #[test]
    fn reads_named_items() {
        let items = r#"<gs_provision version="1"><config version="2">
            <item name="account.1.enable">Yes</item><item name="account.1.sip.userid">101</item>
            <item name="account.1.sip.server.1.address">sip.example</item>
            <item name="account.1.codec.choice"><part name="1">OPUS</part><part name="2">PCMA</part></item>
            <item name="account.1.dtmf.sendInRtp">Yes</item><item name="account.1.dtmf.sendInSip">No</item>
            <item name="dateTime.timezone">customize</item><item name="dateTime.timezone.custom">CET-1CEST,M3.5.0,M10.5.0/3</item>
            <item name="provisioning.config.protocol">HTTPS</item><item name="provisioning.config.serverPath">p.example/t</item>
            <item name="pks.vpk.1.keyMode">Line</item><item name="pks.vpk.1.account">0</item>
            <item name="pks.mpk.2.keyMode">SpeedDial</item><item name="pks.mpk.2.account">Account1</item><item name="pks.mpk.2.value">200</item>
        </config></gs_provision>"#;
        let bench = Bench::new(&[("cfg000b82aabbcc.xml", items)]);
        let report = phone("GRP2614", Dialect::Items).provision(&bench.url("")).unwrap();
        assert_eq!(report.accounts[0].codecs, ["opus", "pcma"]);
        assert_eq!(report.accounts[0].dtmf, ["rfc4733"]);
        assert!(matches!(report.time.unwrap().dst, Dst::Rule { .. }));
        assert_eq!(report.provisioning.as_deref(), Some("https://p.example/t"));
        assert_eq!(
            report.keys.iter().map(|key| (key.area, key.kind, key.line)).collect::<Vec<_>>(),
            [(Area::Line, "line", Some(1)), (Area::Memory, "speed_dial", Some(1))]
        );
        assert!(phone("GXP1628", Dialect::Vpk).provision(&bench.url("")).unwrap_err().message.contains("items"));
    }

    #[test]
    fn an_adapter_has_ports() {
        let ports = "<gs_provision version=\"1\"><config version=\"1\"><P35>101</P35><P47>sip.example</P47><P735>102</P735><P747>sip.example:5070</P747><P734>pw</P734></config></gs_provision>";
        let bench = Bench::new(&[("cfg000b82aabbcc.xml", ports)]);
        let report = phone("HT802", Dialect::Ata).provision(&bench.url("")).unwrap();
        assert_eq!(report.accounts.iter().map(|account| account.user.as_str()).collect::<Vec<_>>(), ["101", "102"]);
        assert_eq!(report.accounts[1].server.port, Some(5070));
    }

    #[test]
    fn fetches_its_phone_book() {
        let book = "<AddressBook><Contact><FirstName>Ann</FirstName><Phone type=\"Work\"><phonenumber>101</phonenumber><accountindex>1</accountindex></Phone></Contact></AddressBook>";
        let bench = Bench::new(&[("t/phonebook.xml", book)]);
        let path = bench.url("t").replace("http://", "");
        bench.put("cfg000b82aabbcc.xml", CODES.replace("<P401>0", &format!("<P330>2</P330><P331>{path}</P331><P401>0")));
        assert_eq!(phone("GXP1628", Dialect::Vpk).provision(&bench.url("")).unwrap().phonebook[0].name, "Ann");
    }

    #[test]
    fn zones_are_presets_or_customized() {
        let time = |preset: &str, custom: &str| {
            let mut flash = Flash::default();
            flash.set("P64", preset);
            flash.set("P246", custom);
            time(&flash)
        };
        assert!(time("CET-1CEST,M3.5.0,M10.5.0/3", "").unwrap_err().contains("no preset"));
        assert!(time("customize", "").is_err());
        assert!(time("customize", "CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00").unwrap_err().contains("32"));
        for preset in PRESETS {
            time(preset, "").unwrap();
        }
    }
}

//! A Panasonic that reads the standard format file: KX-UT and KX-HDV.

mod account;
mod files;
mod keys;
mod time;

use super::flash::Flash;
use super::http::Client;
use super::report::{HostPort, Report};
use super::words::Words;
use super::{Device, Outcome, Phone};
use files::Settings;

pub struct Panasonic {
    device: Device,
    client: Client,
    flash: Flash,
}

impl Panasonic {
    pub fn new(device: Device, client: Client) -> Panasonic {
        Panasonic { device, client, flash: Flash::default() }
    }

    /// The phone's own file, its model's and that of all: the first one to say something counts.
    fn fetch(&self, url: &str) -> Outcome<Settings> {
        let own = self.client.need(&self.expanded(url))?;
        let mut bytes = own.len();
        let mut settings = files::read(url, &own)?;
        for name in ["CFG_PRODUCT_FILE_PATH", "CFG_MASTER_FILE_PATH"] {
            let told = settings.get(name).map(String::as_str).or_else(|| self.flash.raw(name));
            let Some(url) = told.filter(|url| !url.is_empty()).map(|url| self.expanded(url)) else {
                continue;
            };
            if let Some(file) = self.client.find(&url)? {
                bytes += file.len();
                for (name, value) in files::read(&url, &file)? {
                    settings.entry(name).or_insert(value);
                }
            }
        }
        if bytes > files::MOST_BYTES {
            return Err(format!("{url}: {bytes} bytes of files, the phone takes {}", files::MOST_BYTES));
        }
        Ok(settings)
    }

    /// An address with what the phone knows of itself.
    fn expanded(&self, url: &str) -> String {
        let model = self.device.model.replacen("KX", "KX-", 1);
        url.replace("{MAC}", &self.device.id.to_ascii_uppercase()).replace("{mac}", &self.device.id).replace("{MODEL}", &model)
    }

    fn understand(&self, flash: &Flash) -> Outcome<Report> {
        Ok(Report {
            requests: Vec::new(),
            accounts: account::all(flash, &self.device)?,
            stun: stun(flash)?,
            keys: keys::all(flash, &self.device)?,
            phonebook: Vec::new(),
            ntp: flash.text("NTP_ADDR").into_iter().collect(),
            time: time::read(flash)?,
            admin_password: flash.text("ADMIN_PASS"),
            provisioning: flash.text("CFG_STANDARD_FILE_PATH").map(|url| self.expanded(&url)),
            language: flash.word("DEFAULT_LANGUAGE", LANGUAGES)?.map(str::to_owned),
        })
    }
}

impl Phone for Panasonic {
    /// `url` is that of the phone's own file: it is told whole addresses of files, not of a folder.
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

fn stun(flash: &Flash) -> Outcome<Option<HostPort>> {
    let port: Option<u16> = flash.number("STUN_SERV_PORT")?;
    Ok(flash.text("STUN_SERV_ADDR").map(|host| HostPort { host, port }))
}

fn yes(flash: &Flash, name: &str) -> Outcome<Option<bool>> {
    const WORDS: Words = &[("Y", "yes"), ("N", "no")];
    Ok(flash.word(name, WORDS)?.map(|word| word == "yes"))
}

/// Of the others no list is public.
const LANGUAGES: Words = &[("en-US", "en")];

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::bench::Bench;
    use super::*;

    const HEAD: &str = "# Panasonic SIP Phone Standard Format File # DO NOT CHANGE THIS LINE!\r\n";

    fn file(lines: &[&str]) -> String {
        lines.iter().fold(HEAD.to_owned(), |text, line| text + line + "\r\n")
    }

    fn phone() -> Panasonic {
        let facts = Facts { lines: 6, line_keys: 24, modules: 1, ..Facts::default() };
        Panasonic::new(Device { id: "bcc342ab0001".into(), model: "KXHDV230".into(), facts }, Client::new())
    }

    #[test]
    fn its_own_file_counts_over_the_models_and_that_over_the_master() {
        let bench = Bench::new(&[]);
        let (product, master) = (bench.url("{MODEL}.cfg"), bench.url("all.cfg"));
        let paths = [format!("CFG_PRODUCT_FILE_PATH=\"{product}\""), format!("CFG_MASTER_FILE_PATH=\"{master}\"")];
        bench.put("ConfigBCC342AB0001.cfg", file(&[&paths[0], &paths[1], "ADMIN_PASS=\"own\""]));
        bench.put("KX-HDV230.cfg", file(&["ADMIN_PASS=\"model\"", "NTP_ADDR=\"model.example\""]));
        bench.put("all.cfg", file(&["NTP_ADDR=\"all.example\"", "STUN_SERV_ADDR=\"stun.example\""]));
        let report = phone().provision(&bench.url("Config{MAC}.cfg")).unwrap();
        let asked: Vec<_> = report.requests.iter().map(|(path, status)| (path.as_str(), *status)).collect();
        assert_eq!(asked, [("/ConfigBCC342AB0001.cfg", 200), ("/KX-HDV230.cfg", 200), ("/all.cfg", 200)]);
        assert_eq!(report.admin_password.as_deref(), Some("own"));
        assert_eq!(report.ntp, ["model.example"]);
        assert_eq!(report.stun.unwrap().host, "stun.example");
    }

    #[test]
    fn what_a_later_file_does_not_mention_stays() {
        let bench = Bench::new(&[("c.cfg", &file(&["ADMIN_PASS=\"a\"", "NTP_ADDR=\"ntp.example\""]))]);
        let mut phone = phone();
        phone.provision(&bench.url("c.cfg")).unwrap();
        bench.put("c.cfg", file(&["NTP_ADDR=\"\""]));
        let report = phone.provision(&bench.url("c.cfg")).unwrap();
        assert_eq!((report.admin_password.as_deref(), report.ntp.len()), (Some("a"), 0));
        bench.put("c.cfg", "ADMIN_PASS=\"b\"\r\n");
        assert!(phone.provision(&bench.url("c.cfg")).is_err());
        bench.put("c.cfg", HEAD);
        assert_eq!(phone.provision(&bench.url("c.cfg")).unwrap().admin_password.as_deref(), Some("a"));
    }

    #[test]
    fn its_own_file_must_be_there_and_all_must_fit() {
        let bench = Bench::new(&[]);
        assert!(phone().provision(&bench.url("c.cfg")).is_err());
        bench.put("c.cfg", HEAD.repeat(2000));
        assert!(phone().provision(&bench.url("c.cfg")).unwrap_err().message.contains("bytes of files"));
    }
}

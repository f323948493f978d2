//! A Mitel of Aastra's line: three files of `name: value`, the common one, the model's and its own.

mod account;
mod book;
mod files;
mod keys;
mod time;

use super::flash::Flash;
use super::http::Client;
use super::net::{folder, resolve};
use super::report::{Entry, HostPort, Report};
use super::words::{Words, find};
use super::{Device, Outcome, Phone};

/// Nothing stays in its flash of what the server said before: the configuration last downloaded
/// takes the place of the one before it, below it is the factory's and above it the user's.
pub struct Mitel {
    device: Device,
    client: Client,
}

impl Mitel {
    pub fn new(device: Device, client: Client) -> Mitel {
        Mitel { device, client }
    }

    /// A later file counts over an earlier one.
    fn fetch(&self, base: &str) -> Outcome<Flash> {
        let names = [common(&self.device.model), &format!("{}.cfg", self.device.model), &self.own()];
        let mut said = Flash::default();
        let mut found = false;
        for name in names {
            if let Some(bytes) = self.client.find(&resolve(base, name))? {
                files::read(name, &bytes, &mut said)?;
                found = true;
            }
        }
        if !found {
            return Err(format!("{base}: nothing here for {} {}", self.device.model, self.device.id));
        }
        Ok(said)
    }

    fn own(&self) -> String {
        format!("{}.cfg", self.device.id.to_ascii_uppercase())
    }

    fn phonebook(&self, base: &str, said: &Flash) -> Outcome<Vec<Entry>> {
        let mut entries = Vec::new();
        if said.flag("directory disabled")? == Some(true) {
            return Ok(entries);
        }
        for name in ["directory 1", "directory 2"] {
            if let Some(file) = said.text(name) {
                let url = resolve(base, &file);
                entries.extend(book::read(&url, &self.client.need(&url)?)?);
            }
        }
        Ok(entries)
    }
}

impl Phone for Mitel {
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let base = folder(url);
        let said = self.fetch(&base)?;
        Ok(Report {
            requests: Vec::new(),
            accounts: account::all(&said)?,
            stun: stun(&said)?,
            keys: keys::all(&said, &self.device)?,
            phonebook: self.phonebook(&base, &said)?,
            ntp: ntp(&said)?,
            time: time::read(&said)?,
            admin_password: said.text("admin password"),
            provisioning: provisioning(&said)?,
            language: language(&said)?,
        })
    }

    fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// The name of the common file, until the firmware of the 68xx gave it another one.
fn common(model: &str) -> &'static str {
    if model.starts_with("68") || model.starts_with("69") { "startup.cfg" } else { "aastra.cfg" }
}

/// A host, unless it is the factory's 0.0.0.0.
fn host(said: &Flash, name: &str) -> Option<String> {
    said.text(name).filter(|host| host != "0.0.0.0")
}

fn stun(said: &Flash) -> Outcome<Option<HostPort>> {
    let port: Option<u16> = said.number("sip stun port")?;
    Ok(host(said, "sip stun ip").map(|host| HostPort { host, port }))
}

fn ntp(said: &Flash) -> Outcome<Vec<String>> {
    if said.flag("time server disabled")? == Some(true) {
        return Ok(Vec::new());
    }
    Ok((1..=3).filter_map(|rank| host(said, &format!("time server{rank}"))).collect())
}

/// Where the phone fetches next time, of the parts of a URL.
fn provisioning(said: &Flash) -> Outcome<Option<String>> {
    let Some(protocol) = said.text("download protocol") else {
        return Ok(None);
    };
    let scheme = find(&protocol, PROTOCOLS).ok_or_else(|| format!("download protocol: `{protocol}` is no value this phone knows"))?;
    let name = format!("{scheme} server");
    let server = host(said, &name).ok_or_else(|| format!("{name}: not told, but the phone fetches by {protocol}"))?;
    let port: Option<u16> = said.number(&format!("{scheme} port"))?;
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let path = said.text(&format!("{scheme} path")).unwrap_or_default();
    Ok(Some(format!("{scheme}://{server}{port}/{}", path.trim_start_matches('/'))))
}

/// English is in the phone; four more are files, and `language` is the number of one of them.
fn language(said: &Flash) -> Outcome<Option<String>> {
    let file = match said.number::<u32>("language")? {
        None => return Ok(None),
        Some(0) => return Ok(Some("en".to_owned())),
        Some(place @ 1..=4) => said.text(&format!("language {place}")).ok_or_else(|| format!("language {place}: no file"))?,
        Some(other) => return Err(format!("language: {other} is not between 0 and 4")),
    };
    let tag = find(&file, LANGUAGES).ok_or_else(|| format!("`{file}` is no language of this phone"))?;
    Ok(Some(tag.to_owned()))
}

const PROTOCOLS: Words = &[("TFTP", "tftp"), ("FTP", "ftp"), ("HTTP", "http"), ("HTTPS", "https")];

const LANGUAGES: Words = &[
    ("lang_de.txt", "de"),
    ("lang_es.txt", "es"),
    ("lang_es_mx.txt", "es-MX"),
    ("lang_fr.txt", "fr"),
    ("lang_fr_ca.txt", "fr-CA"),
    ("lang_it.txt", "it"),
    ("lang_nl_nl.txt", "nl"),
];

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::bench::Bench;
    use super::super::report::Area;
    use super::*;

    const OWN: &str = "sip line1 screen name: \"Ann\"
sip line1 user name: \"101\"
sip line1 auth name: \"a101\"
sip line1 password: \"s:e#c\"
sip line1 proxy ip: sip.acme.example
sip line1 proxy port: 5061
sip line1 registrar ip: sip.acme.example
sip line1 registrar port: 5061
sip transport protocol: 4
topsoftkey2 type: speeddial
topsoftkey2 value: \"555\"
admin password: 12345
download protocol: HTTPS
https server: prov.example
https path: /t
language: 2
language 2: lang_it.txt
";

    fn phone(model: &str) -> Mitel {
        Mitel::new(Device { id: "1400e9ab0001".into(), model: model.into(), facts: Facts::default() }, Client::new())
    }

    #[test]
    fn three_files_and_the_later_one_counts() {
        let bench = Bench::new(&[("t/startup.cfg", "admin password: 1\ntime server1: ntp.example\n"), ("t/1400E9AB0001.cfg", OWN)]);
        let report = phone("6867i").provision(&bench.url("t/")).unwrap();
        let asked: Vec<_> = report.requests.iter().map(|(path, status)| (path.as_str(), *status)).collect();
        assert_eq!(asked, [("/t/startup.cfg", 200), ("/t/6867i.cfg", 404), ("/t/1400E9AB0001.cfg", 200)]);
        assert_eq!(report.admin_password.as_deref(), Some("12345"));
        assert_eq!(report.ntp, ["ntp.example"]);
        let ann = report.account(1).unwrap();
        assert_eq!((ann.password.as_deref(), ann.transport, ann.server.port), (Some("s:e#c"), "tls", Some(5061)));
        assert_eq!(report.key(Area::Line, 2).unwrap().value.as_deref(), Some("555"));
        assert_eq!(report.provisioning.as_deref(), Some("https://prov.example/t"));
        assert_eq!(report.language.as_deref(), Some("it"));
    }

    #[test]
    fn what_the_server_no_longer_says_is_the_factorys_again() {
        let bench = Bench::new(&[("1400E9AB0001.cfg", OWN)]);
        let mut phone = phone("6867i");
        assert_eq!(phone.provision(&bench.url("")).unwrap().accounts.len(), 1);
        bench.put("1400E9AB0001.cfg", "language: 0\n");
        let report = phone.provision(&bench.url("")).unwrap();
        assert_eq!((report.accounts.len(), report.keys.len(), report.language.as_deref()), (0, 0, Some("en")));
    }

    #[test]
    fn an_older_phone_asks_for_an_older_name() {
        let bench = Bench::new(&[]);
        let refusal = phone("6757i").provision(&bench.url("")).unwrap_err();
        let asked: Vec<_> = refusal.requests.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(asked, ["/aastra.cfg", "/6757i.cfg", "/1400E9AB0001.cfg"]);
        assert!(refusal.message.contains("nothing here"));
    }

    #[test]
    fn a_directory_is_a_url_or_beside_the_files() {
        let bench = Bench::new(&[("list.csv", "\"Ann\",\"101\",1\n")]);
        for place in ["list.csv".to_owned(), bench.url("list.csv")] {
            bench.put("1400E9AB0001.cfg", format!("{OWN}directory 1: \"{place}\"\n"));
            assert_eq!(phone("6867i").provision(&bench.url("")).unwrap().phonebook[0].name, "Ann");
        }
    }

    #[test]
    fn parts_of_a_url_that_do_not_fit_are_loud() {
        for told in ["download protocol: HTTP\n", "download protocol: SFTP\n", "language: 5\n", "language: 1\n"] {
            let bench = Bench::new(&[("1400E9AB0001.cfg", told)]);
            assert!(phone("6867i").provision(&bench.url("")).is_err(), "{told}");
        }
    }
}

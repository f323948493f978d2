//! An Htek of the UC800 and UC900 series: the common file of its model, then its own, both of P codes.

mod account;
mod files;
mod keys;

use roxmltree::Node;

use super::flash::Flash;
use super::http::Client;
use super::net::{folder, host_port, resolve};
use super::report::{Dst, Entry, Number, Report, Time};
use super::words::Words;
use super::xml::{document, elements, name, text, unknown};
use super::{Device, Outcome, Phone};
use files::Settings;

pub struct Htek {
    device: Device,
    client: Client,
    flash: Flash,
}

impl Htek {
    pub fn new(device: Device, client: Client) -> Htek {
        Htek { device, client, flash: Flash::default() }
    }

    fn fetch(&self, base: &str) -> Outcome<Settings> {
        let mut settings = Settings::new();
        if let Some(code) = files::common_code(&self.device.model) {
            let common = format!("cfg{code:04}.xml");
            if let Some(bytes) = self.client.find(&resolve(base, &common))? {
                settings.extend(files::settings(&common, &bytes)?);
            }
        }
        let own = format!("cfg{}.xml", self.device.id);
        settings.extend(files::settings(&own, &self.client.need(&resolve(base, &own))?)?);
        Ok(settings)
    }

    fn understand(&self, flash: &Flash) -> Outcome<Report> {
        let facts = &self.device.facts;
        Ok(Report {
            requests: Vec::new(),
            accounts: account::all(flash, facts)?,
            stun: flash.text("P76").map(|told| host_port(&told)).transpose()?,
            keys: keys::all(flash, facts)?,
            phonebook: self.phonebook(flash)?,
            ntp: ["P30", "P8622"].iter().filter_map(|code| flash.text(code)).collect(),
            time: time(flash)?,
            admin_password: flash.text("P2").filter(|_| flash.knows("P8681")),
            provisioning: provisioning(flash)?,
            language: flash.word("P8621", LANGUAGES)?.map(str::to_owned),
        })
    }

    fn phonebook(&self, flash: &Flash) -> Outcome<Vec<Entry>> {
        let mut entries = Vec::new();
        for url in BOOKS.iter().filter_map(|code| flash.text(code)) {
            entries.extend(book(&url, &self.client.need(&url)?)?);
        }
        Ok(entries)
    }
}

impl Phone for Htek {
    fn run(&mut self, url: &str) -> Outcome<Report> {
        let mut flash = self.flash.clone();
        for (code, value) in self.fetch(&folder(url))? {
            flash.set(code, value);
        }
        let report = self.understand(&flash)?;
        self.flash = flash;
        Ok(report)
    }

    fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// A zone is a place in the maker's list, and summer time follows the zone.
fn time(flash: &Flash) -> Outcome<Option<Time>> {
    let Some(code) = flash.number::<u32>("P64")? else {
        return Ok(None);
    };
    let minutes = ZONES.iter().find(|(known, _)| *known == code).map(|(_, minutes)| *minutes);
    let minutes: i32 = minutes.ok_or_else(|| format!("P64: `{code}` is no zone whose offset is known"))?;
    let dst = match flash.text("P75").as_deref() {
        None | Some("0") => Dst::Off,
        Some("2") => Dst::Automatic,
        Some(other) => return Err(format!("P75: `{other}` is neither off nor automatic")),
    };
    Ok(Some(Time { offset: minutes * 60, zone: None, dst }))
}

/// Where it asks the next time: the way is told apart from the address, and must not contradict it.
fn provisioning(flash: &Flash) -> Outcome<Option<String>> {
    let Some(path) = flash.text("P237") else {
        return Ok(None);
    };
    let scheme = flash.word("P212", SCHEMES)?.ok_or("P212: missing")?;
    match path.split_once("://") {
        Some((told, _)) if told != scheme => Err(format!("P237: `{path}` is not {scheme}")),
        Some(_) => Ok(Some(path)),
        None => Ok(Some(format!("{scheme}://{path}"))),
    }
}

fn book(file: &str, bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "PhoneDirectory" {
        return Err(unknown(file, root));
    }
    elements(file, root)?.into_iter().map(|node| entry(file, node)).collect()
}

fn entry(file: &str, node: Node) -> Outcome<Entry> {
    if name(node) != "DirectoryEntry" {
        return Err(unknown(file, node));
    }
    let mut entry = Entry::default();
    for part in elements(file, node)? {
        match name(part) {
            "Name" => entry.name = text(file, part)?,
            "Telephone" => entry.numbers.push(Number { kind: None, number: text(file, part)? }),
            _ => return Err(unknown(file, part)),
        }
    }
    let complete = !entry.name.is_empty() && (1..=3).contains(&entry.numbers.len());
    if complete { Ok(entry) } else { Err(format!("{file}: no name, or not one to three numbers: {entry:?}")) }
}

const BOOKS: [&str; 5] = ["P4401", "P4402", "P4403", "P4404", "P4405"];
const SCHEMES: Words = &[("0", "tftp"), ("1", "http"), ("3", "https")];
const LANGUAGES: Words = &[
    ("0", "en"),
    ("1", "fr"),
    ("2", "de"),
    ("3", "es"),
    ("4", "pt"),
    ("5", "ru"),
    ("6", "it"),
    ("7", "pl"),
    ("8", "tr"),
    ("9", "zh"),
    ("10", "nl"),
];

/// Places in the list of zones whose offset is published, in minutes.
#[rustfmt::skip]
const ZONES: &[(u32, i32)] = &[
    (2, -600), (3, -540), (6, -480), (10, -420), (13, -360), (14, -360), (18, -300), (19, -270), (20, -240), (26, -210), (30, -180),
    (31, -120), (32, -60), (33, 0), (39, 0), (49, 60), (50, 60), (52, 60), (57, 120), (73, 180), (74, 210), (77, 240), (83, 300),
    (84, 330), (85, 360), (88, 420), (89, 480), (93, 540), (94, 570), (96, 600), (100, 630), (101, 660), (102, 720), (103, 765),
    (104, 780), (105, -660),
];

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::bench::Bench;
    use super::*;

    fn phone() -> Htek {
        let facts = Facts { lines: 6, line_keys: 36, ..Facts::default() };
        Htek::new(Device { id: "001fc1123456".into(), model: "UC926".into(), facts }, Client::new())
    }

    fn file(body: &str) -> String {
        format!("<hl_provision version=\"1\"><config version=\"1\">{body}</config></hl_provision>")
    }

    const ANN: &str = "<P271>1</P271><P35>101</P35><P34>p</P34><P47>sip.example</P47><P130>2</P130>";

    #[test]
    fn the_own_file_wins_over_the_common_one() {
        let bench = Bench::new(&[
            ("t/cfg0010.xml", &file("<P30>common.example</P30><P8622>other.example</P8622>")),
            ("t/cfg001fc1123456.xml", &file(&format!("{ANN}<P30>own.example</P30><P64>39</P64><P75>2</P75>"))),
        ]);
        let report = phone().provision(&bench.url("t/")).unwrap();
        let asked: Vec<_> = report.requests.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(asked, ["/t/cfg0010.xml", "/t/cfg001fc1123456.xml"]);
        assert_eq!(report.ntp, ["own.example", "other.example"]);
        assert_eq!(report.time, Some(Time { offset: 0, zone: None, dst: Dst::Automatic }));
        assert_eq!((report.accounts[0].password.as_deref(), report.accounts[0].transport), (Some("p"), "tls"));
    }

    #[test]
    fn what_a_later_file_does_not_mention_stays() {
        let bench = Bench::new(&[("cfg001fc1123456.xml", &file(ANN))]);
        let mut phone = phone();
        phone.provision(&bench.url("")).unwrap();
        bench.put("cfg001fc1123456.xml", file("<P35>102</P35>"));
        assert_eq!(phone.provision(&bench.url("")).unwrap().accounts[0].user, "102");
        bench.put("cfg001fc1123456.xml", file("<P271>0</P271>"));
        assert!(phone.provision(&bench.url("")).unwrap().accounts.is_empty());
    }

    #[test]
    fn what_the_phone_does_not_know_is_loud() {
        for wrong in ["<P64>1</P64>", "<P64>39</P64><P75>1</P75>", "<P8621>99</P8621>", "<P212>1</P212><P237>https://p.example</P237>"] {
            let bench = Bench::new(&[("cfg001fc1123456.xml", &file(wrong))]);
            assert!(phone().provision(&bench.url("")).is_err(), "{wrong}");
        }
        assert!(phone().provision(&Bench::new(&[]).url("")).is_err());
    }

    #[test]
    fn books() {
        let told = |body: &str| book("b", format!("<PhoneDirectory>{body}</PhoneDirectory>").as_bytes());
        let two = told("<DirectoryEntry><Name>R&amp;D</Name><Telephone>1</Telephone><Telephone>2</Telephone></DirectoryEntry>").unwrap();
        assert_eq!((two[0].name.as_str(), two[0].numbers.len()), ("R&D", 2));
        assert!(told("<DirectoryEntry><Name>A</Name></DirectoryEntry>").is_err());
        assert!(told("<Unit/>").is_err());
    }
}

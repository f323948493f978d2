//! The example fleet as its phones see it: each fetches what was built for it and reports what it
//! understood, which must be what the TOML says.

mod compare;
mod facts;
mod fleet;
mod lives;
mod phone;
mod sabotage;
mod spelling;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use fleet::Resolved;
use phone::http::{Client, Server};
use phone::report::Report;
use phone::{Device, Phone, Refusal};
use tempfile::TempDir;

const VENDORS: [&str; 13] = [
    "aastra",
    "cisco-mpp",
    "cisco-spa",
    "fanvil",
    "gigaset",
    "grandstream",
    "htek",
    "linphone",
    "mitel",
    "panasonic",
    "polycom",
    "snom",
    "yealink",
];

/// A fleet's site behind the phones' own server.
struct Site {
    out: TempDir,
    server: Server,
}

impl Site {
    fn of(root: &Path) -> Site {
        let out = tempfile::tempdir().expect("a folder");
        fleet::build(root, out.path());
        let server = Server::start(&out.path().join("site")).expect("a server");
        Site { out, server }
    }

    /// Builds again into the same folder.
    fn update(&self, root: &Path) {
        fleet::build(root, self.out.path());
    }
}

/// The phone that a device is, out of its box.
fn phone(of: &Resolved, site: &Site) -> Box<dyn Phone> {
    let mut client = Client::new();
    client.route(of.base_url, &site.server.origin());
    let device = Device { id: of.compiled.id.to_string(), model: of.model.name.replace([' ', '-'], ""), facts: facts::of(of) };
    phone::of(of.vendor, device, client).expect("a phone of every vendor")
}

/// What differs, how often, and at which device first.
#[derive(Default)]
struct Tally {
    differences: BTreeMap<String, (usize, String)>,
    devices: BTreeMap<String, usize>,
}

impl Tally {
    fn take(&mut self, of: &Resolved, outcome: &Result<Report, Refusal>) {
        *self.devices.entry(of.vendor.to_owned()).or_default() += 1;
        let lines = match outcome {
            Ok(report) => compare::differences(of.vendor, &spelling::spelled(of), report),
            Err(refusal) => vec![format!("refused: {}", refusal.message)],
        };
        for line in lines.into_iter().collect::<BTreeSet<_>>() {
            let found = format!("{}: {line}", of.model.id);
            let entry = self.differences.entry(found).or_insert_with(|| (0, of.compiled.id.to_string()));
            entry.0 += 1;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted: Vec<_> = self.differences.iter().collect();
        sorted.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for (line, (count, first)) in sorted {
            writeln!(f, "{count:4} × {line} (as on {first})")?;
        }
        write!(f, "devices: {:?}", self.devices)
    }
}

/// Every phone of the fleet at `root`, fresh, against the site.
fn provision_all(root: &Path, site: &Site) -> Tally {
    let mut tally = Tally::default();
    fleet::each(root, |of| {
        // Phones of other vendors are held by their packs' goldens and round trips.
        if !VENDORS.contains(&of.vendor) {
            return;
        }
        let outcome = phone(of, site).provision(&of.url);
        tally.take(of, &outcome);
    });
    tally
}

#[test]
fn every_phone_understands_what_the_fleet_says() {
    let root = fleet::repository();
    let site = Site::of(root);
    let tally = provision_all(root, &site);
    assert!(tally.differences.is_empty(), "\n{tally}");
    let seen: Vec<&str> = tally.devices.keys().map(String::as_str).collect();
    assert_eq!(seen, VENDORS);
    assert!(tally.devices.values().sum::<usize>() >= 250, "{tally}");
    let brand: BTreeSet<String> = site.server.seen().into_iter().map(|seen| seen.path).filter(|path| path.starts_with("/a/")).collect();
    let ends = |end: &str| brand.iter().filter(|path| path.ends_with(end)).count();
    assert_eq!((ends(".png"), ends(".dob"), ends(".wav")), (2, 1, 1), "{brand:?}");
}

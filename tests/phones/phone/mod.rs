//! Virtual phones: they know a provisioning URL and their own identity, fetch and read files
//! as their makers' phones do, and report what they understood in canonical words.
//!
//! Written from the makers' published facts, independent of the packs that they judge.

#![allow(dead_code, reason = "a test compares only the facts that it is about")]

pub mod brand;
pub mod cisco_mpp;
pub mod cisco_spa;
pub mod fanvil;
pub mod flash;
pub mod flat_profile;
pub mod gigaset;
pub mod grandstream;
pub mod htek;
pub mod http;
pub mod linphone;
pub mod mitel;
pub mod net;
pub mod panasonic;
pub mod polycom;
pub mod posix;
pub mod report;
pub mod snom;
pub mod vcard;
pub mod words;
pub mod xml;
pub mod yealink;

use std::fmt;

use http::Client;
use report::Report;

/// A phone keeps its flash between two provisionings: what a later file does not mention stays.
pub trait Phone {
    /// Fetches and reads as the maker's phone does.
    fn run(&mut self, url: &str) -> Outcome<Report>;

    /// The phone's way to the network, to be pointed at another server.
    fn client(&mut self) -> &mut Client;

    fn provision(&mut self, url: &str) -> Result<Report, Refusal> {
        let outcome = self.run(url);
        let requests = self.client().take_requests();
        match outcome {
            Ok(report) => Ok(Report { requests, ..report }),
            Err(message) => Err(Refusal { message, requests }),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Twelve lower-case hex digits; a soft client may have any identity.
    pub id: String,
    /// The maker's name of the model, as in `T54W`, `GRP2614`, `VVX450`.
    pub model: String,
    pub facts: Facts,
}

/// What a model has. An index above a count is something that the phone would never show: it fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub lines: u32,
    pub line_keys: u32,
    pub memory_keys: u32,
    pub programmable_keys: u32,
    pub modules: u32,
    pub module_keys: u32,
    /// Pixels of a picture behind everything, where they are known.
    pub wallpaper: Option<(u32, u32)>,
    pub dialect: Dialect,
}

impl Default for Facts {
    fn default() -> Facts {
        Facts {
            lines: u32::MAX,
            line_keys: u32::MAX,
            memory_keys: u32::MAX,
            programmable_keys: u32::MAX,
            modules: u32::MAX,
            module_keys: 40,
            wallpaper: None,
            dialect: Dialect::Current,
        }
    }
}

/// How a model spells what its siblings spell otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Yealink from firmware V81 on (`static.` names); the only one of Polycom and Linphone.
    Current,
    /// Yealink before V81: no `static.` names.
    BeforeV81,
    /// Grandstream P-codes, line keys are virtual multi-purpose keys.
    Vpk,
    /// Grandstream P-codes, multi-purpose keys only.
    Mpk,
    /// Grandstream P-codes, with both sets of keys.
    VpkAndMpk,
    /// Grandstream named items; understands P-codes too.
    Items,
    /// Grandstream adapter: ports instead of accounts, no keys.
    Ata,
    /// Fanvil's first generation: modules of lines instead of XML.
    Lines,
}

/// Why a phone did not take what it was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub message: String,
    pub requests: Vec<(String, u16)>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (asked for {:?})", self.message, self.requests)
    }
}

impl std::error::Error for Refusal {}

/// What the readers below fail with, before the requests are added.
pub type Outcome<T> = Result<T, String>;

pub fn of(vendor: &str, device: Device, client: Client) -> Option<Box<dyn Phone>> {
    match vendor {
        "fanvil" => Some(Box::new(fanvil::Fanvil::new(device, client))),
        "htek" => Some(Box::new(htek::Htek::new(device, client))),
        "yealink" => Some(Box::new(yealink::Yealink::new(device, client))),
        "grandstream" => Some(Box::new(grandstream::Grandstream::new(device, client))),
        "panasonic" => Some(Box::new(panasonic::Panasonic::new(device, client))),
        "polycom" => Some(Box::new(polycom::Polycom::new(device, client))),
        "aastra" | "mitel" => Some(Box::new(mitel::Mitel::new(device, client))),
        "cisco-mpp" => Some(Box::new(cisco_mpp::new(device, client))),
        "cisco-spa" => Some(Box::new(cisco_spa::new(device, client))),
        "linphone" => Some(Box::new(linphone::Linphone::new(device, client))),
        "gigaset" => Some(Box::new(gigaset::Gigaset::new(device, client))),
        "snom" => Some(Box::new(snom::Snom::new(device, client))),
        _ => None,
    }
}

/// A folder on a loopback server, for the phones' own tests.
#[cfg(test)]
pub mod bench {
    use super::http::Server;
    use std::path::Path;

    pub struct Bench {
        folder: tempfile::TempDir,
        pub server: Server,
    }

    impl Bench {
        pub fn new(files: &[(&str, &str)]) -> Bench {
            let folder = tempfile::tempdir().unwrap();
            let server = Server::start(folder.path()).unwrap();
            let bench = Bench { folder, server };
            for (path, text) in files {
                bench.put(path, text);
            }
            bench
        }

        pub fn put(&self, path: &str, text: impl AsRef<[u8]>) {
            let file = self.folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap_or(Path::new("/"))).unwrap();
            std::fs::write(file, text).unwrap();
        }

        pub fn folder_path(&self) -> &Path {
            self.folder.path()
        }

        pub fn url(&self, path: &str) -> String {
            format!("{}/{path}", self.server.origin())
        }
    }
}

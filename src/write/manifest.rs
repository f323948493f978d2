//! The list of every file of the site: a shard for each customer, and a root that names the shards by their hash.
//!
//! Both are canonical JSON: sorted keys, no whitespace, one line break at the end. Equal content has an equal root.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::damage::Damage;
use super::hex;
use super::path::OutPath;
use super::shard_name::shard_path;
use crate::settings::Sensitivity;

/// The version of both forms.
pub const SCHEMA: u32 = 1;

/// One file of the site. The fields stand in the order of their names, as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// How long it may be cached, and by whom.
    pub cache_control: Arc<str>,
    /// The media type.
    pub content_type: Arc<str>,
    /// The device that fetches it; none where several do.
    pub device: Option<Arc<str>>,
    /// What it is to the phone, such as `config` or `phonebook`.
    pub kind: Arc<str>,
    /// Where it lies in the site.
    pub path: OutPath,
    /// The highest sensitivity of what it holds.
    pub sensitivity: Sensitivity,
    /// The hash of its bytes.
    #[serde(with = "hex")]
    pub sha256: [u8; 32],
    /// How many bytes it has.
    pub size: u64,
}

/// The root of the manifest. The fields stand in the order of their names, as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// The day for which the fleet was compiled.
    pub as_of: String,
    /// The commit that was compiled.
    pub commit: Option<String>,
    /// The version of sipress.
    pub compiler: String,
    /// The shards.
    pub customers: BTreeMap<String, Customer>,
    /// Whether there were changes that no commit has.
    pub dirty: bool,
    /// The release before this one; a build has none.
    pub parent: Option<String>,
    /// The hash over the customers and the hashes of their shards.
    pub root: String,
    /// The version of this form.
    pub schema: u32,
    /// The version of the time zone database.
    pub tzdata: String,
}

/// A customer's shard, as the root names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// How many devices the customer has.
    pub devices: u64,
    /// How many files the shard lists.
    pub files: u64,
    /// The hash of the shard's bytes.
    #[serde(with = "hex")]
    pub sha256: [u8; 32],
    /// The shard's path from the output folder.
    pub shard: String,
}

/// What a manifest tells of the build that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The day for which the fleet was compiled.
    pub as_of: String,
    /// The commit that was compiled.
    pub commit: Option<String>,
    /// Whether there were changes that no commit has.
    pub dirty: bool,
    /// The version of the time zone database.
    pub tzdata: String,
}

impl Root {
    /// The root over these shards.
    pub fn new(stamp: &Stamp, customers: BTreeMap<String, Customer>) -> Root {
        Root {
            as_of: stamp.as_of.clone(),
            commit: stamp.commit.clone(),
            compiler: super::COMPILER.to_owned(),
            root: root_hash(&customers),
            customers,
            dirty: stamp.dirty,
            parent: None,
            schema: SCHEMA,
            tzdata: stamp.tzdata.clone(),
        }
    }

    /// The bytes of `manifest.json`.
    pub fn to_json(&self) -> Vec<u8> {
        json_line(self)
    }

    /// Reads what [`Root::to_json`] wrote. The error says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Root, String> {
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let version: Version = parse_json(bytes)?;
        if version.schema != SCHEMA {
            return Err(format!("it has schema {} where {SCHEMA} is known", version.schema));
        }
        let root: Root = parse_json(bytes)?;
        if root.root != root_hash(&root.customers) {
            return Err("its root is not the hash of its customers".to_owned());
        }
        let misplaced = root.customers.iter().find(|(name, customer)| shard_path(name).as_ref() != Ok(&customer.shard));
        match misplaced {
            Some((name, _)) => Err(format!("it names a wrong shard for the customer {name:?}")),
            None => Ok(root),
        }
    }

    /// The root in this output folder, if a run has finished there.
    pub fn read(out: &Path) -> Result<Option<Root>, Damage> {
        let file = super::ROOT_FILE;
        match std::fs::read(out.join(file)) {
            Ok(bytes) => Root::parse(&bytes).map(Some).map_err(|problem| Damage::new(file, problem)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Damage::new(file, error)),
        }
    }

    /// The files of one customer; none of a customer that the root does not name.
    pub fn read_shard(&self, out: &Path, customer: &str) -> Result<Vec<Entry>, Damage> {
        let Some(customer) = self.customers.get(customer) else {
            return Ok(Vec::new());
        };
        let file = customer.shard.as_str();
        let bytes = std::fs::read(out.join(file)).map_err(|error| Damage::new(file, error))?;
        if <[u8; 32]>::from(Sha256::digest(&bytes)) != customer.sha256 {
            return Err(Damage::new(file, "its hash is not the one that the root names"));
        }
        parse_shard(&bytes).map_err(|problem| Damage::new(file, problem))
    }
}

/// The hash over the sorted lines `customer NUL shard-sha256 LF`.
fn root_hash(customers: &BTreeMap<String, Customer>) -> String {
    let mut hash = Sha256::new();
    for (name, customer) in customers {
        hash.update(name);
        hash.update([0]);
        hash.update(hex::encode(&customer.sha256));
        hash.update(b"\n");
    }
    hex::encode(&hash.finalize().into())
}

/// The bytes of a shard. The entries must be sorted by path.
pub fn shard_json(entries: &[Entry]) -> Vec<u8> {
    debug_assert!(entries.is_sorted_by(|a, b| a.path < b.path));
    json_line(entries)
}

/// Reads what [`shard_json`] wrote. The error says what is wrong.
pub fn parse_shard(bytes: &[u8]) -> Result<Vec<Entry>, String> {
    let entries: Vec<Entry> = parse_json(bytes)?;
    match entries.is_sorted_by(|a, b| a.path < b.path) {
        true => Ok(entries),
        false => Err("its files are not sorted by path".to_owned()),
    }
}

fn json_line<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(value).expect("texts, numbers and maps by text always have a JSON form");
    bytes.push(b'\n');
    bytes
}

fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stamp() -> Stamp {
        Stamp { as_of: "2026-12-01".to_owned(), commit: None, dirty: false, tzdata: "2026b".to_owned() }
    }

    fn entry(path: &str, device: Option<&str>) -> Entry {
        Entry {
            cache_control: "no-store".into(),
            content_type: "text/plain".into(),
            device: device.map(Into::into),
            kind: "config".into(),
            path: OutPath::new(path).unwrap(),
            sensitivity: Sensitivity::Secret,
            sha256: [0xab; 32],
            size: 9,
        }
    }

    fn customer(name: &str, byte: u8) -> (String, Customer) {
        let shard = shard_path(name).unwrap();
        (name.to_owned(), Customer { devices: 1, files: 2, sha256: [byte; 32], shard })
    }

    #[test]
    fn a_shard_is_canonical() {
        let entries = [entry("a/x.cfg", Some("805ec0123456")), entry("b.cfg", None)];
        let hash = "ab".repeat(32);
        let line = |device: &str, path: &str| {
            format!(
                r#"{{"cache_control":"no-store","content_type":"text/plain","device":{device},"kind":"config","path":"{path}","sensitivity":"secret","sha256":"{hash}","size":9}}"#
            )
        };
        let expected = format!("[{},{}]\n", line(r#""805ec0123456""#, "a/x.cfg"), line("null", "b.cfg"));
        assert_eq!(String::from_utf8(shard_json(&entries)).unwrap(), expected);
        assert_eq!(parse_shard(expected.as_bytes()).unwrap(), entries);
    }

    #[test]
    fn the_root_has_the_form_of_the_design() {
        let root = Root::new(&stamp(), BTreeMap::from([customer("northwind/bakery", 2), customer("acme", 1)]));
        let lines = format!("acme\0{}\nnorthwind/bakery\0{}\n", "01".repeat(32), "02".repeat(32));
        assert_eq!(root.root, hex::encode(&Sha256::digest(lines).into()));
        let expected = format!(
            r#"{{"as_of":"2026-12-01","commit":null,"compiler":"{}","customers":{{"acme":{{"devices":1,"files":2,"sha256":"{}","shard":"manifest/acme.json"}},"northwind/bakery":{{"devices":1,"files":2,"sha256":"{}","shard":"manifest/northwind/bakery.json"}}}},"dirty":false,"parent":null,"root":"{}","schema":1,"tzdata":"2026b"}}"#,
            super::super::COMPILER,
            "01".repeat(32),
            "02".repeat(32),
            root.root
        );
        assert_eq!(String::from_utf8(root.to_json()).unwrap(), expected + "\n");
        assert_eq!(Root::parse(&root.to_json()).unwrap(), root);
    }

    #[test]
    fn damage_is_a_value() {
        let good = Root::new(&stamp(), BTreeMap::from([customer("acme", 1)])).to_json();
        let text = String::from_utf8(good.clone()).unwrap();
        for bad in [
            text.replace("\"schema\":1", "\"schema\":2"),
            text.replace("acme.json", "../../etc/passwd"),
            text.replace("0101", "0102"),
            text.replace("0101", "01zz"),
            text.replace("\"acme\":", "\"acmf\":"),
            "[".repeat(100_000),
            "null".to_owned(),
        ] {
            assert!(Root::parse(bad.as_bytes()).is_err(), "{bad:.100}");
            assert!(parse_shard(bad.as_bytes()).is_err(), "{bad:.100}");
        }
        for end in 0..good.len() - 1 {
            assert!(Root::parse(&good[..end]).is_err());
        }
        let swapped = serde_json::to_vec(&[entry("b", None), entry("a", None)]).unwrap();
        assert!(parse_shard(&swapped).unwrap_err().contains("sorted"));
    }

    #[test]
    fn a_shard_with_another_hash_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Root::read(folder.path()), Ok(None));
        std::fs::create_dir(folder.path().join("manifest")).unwrap();
        let bytes = shard_json(&[entry("a", None)]);
        std::fs::write(folder.path().join("manifest/acme.json"), &bytes).unwrap();
        let (name, mut good) = customer("acme", 0);
        good.sha256 = Sha256::digest(&bytes).into();
        let root = Root::new(&stamp(), BTreeMap::from([(name, good)]));
        std::fs::write(folder.path().join("manifest.json"), root.to_json()).unwrap();

        assert_eq!(Root::read(folder.path()), Ok(Some(root.clone())));
        assert_eq!(root.read_shard(folder.path(), "acme").unwrap().len(), 1);
        assert_eq!(root.read_shard(folder.path(), "nobody"), Ok(Vec::new()));
        std::fs::write(folder.path().join("manifest/acme.json"), "[]\n").unwrap();
        assert!(root.read_shard(folder.path(), "acme").unwrap_err().problem.contains("hash"));
    }

    proptest! {
        #[test]
        fn any_text_reads_back(kind: String, device: Option<String>, content_type in "\\PC*") {
            let mut one = entry("a", device.as_deref());
            one.kind = kind.into();
            one.content_type = content_type.into();
            let bytes = shard_json(std::slice::from_ref(&one));
            let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(value.to_string() + "\n", String::from_utf8(bytes.clone()).unwrap());
            prop_assert_eq!(parse_shard(&bytes).unwrap(), vec![one]);
        }

        #[test]
        fn reading_rubbish_never_panics(bytes: Vec<u8>) {
            let _ = (Root::parse(&bytes), parse_shard(&bytes));
        }
    }
}

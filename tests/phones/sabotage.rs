//! A pack that is wrong on purpose must not get past the phones.

use std::fs;

use toml::{Table, Value};

use super::{Site, VENDORS, provision_all};
use crate::fleet;

#[derive(Clone, Copy, Debug)]
enum Damage {
    TlsSpelledAsUdp,
    UserAndPasswordSwapped,
    PasswordDropped,
}

/// A fleet's own `parameters.toml` that takes the place of the rows which the damage is to.
fn rows(vendor: &str, damage: Damage) -> String {
    let pack = Pack::read(table_of(vendor));
    let groups = pack.parameters["group"].as_array().expect("groups");
    let mut damaged = Vec::new();
    for group in groups.iter().filter_map(Value::as_table) {
        let rows = group["rows"].as_array().expect("rows");
        let rows: Vec<Value> = rows.iter().filter_map(|row| pack.damaged(row.as_table()?, damage).map(Value::Table)).collect();
        if !rows.is_empty() {
            let mut group = group.clone();
            group.insert("rows".into(), Value::Array(rows));
            damaged.push(Value::Table(group));
        }
    }
    assert!(!damaged.is_empty(), "{vendor} has no row for {damage:?}");
    Table::from_iter([("group".to_owned(), Value::Array(damaged))]).to_string()
}

/// The vendor whose table this vendor's phones are told from.
fn table_of(vendor: &str) -> &str {
    match vendor {
        "aastra" => "mitel",
        own => own,
    }
}

struct Pack {
    parameters: Table,
    maps: Table,
}

impl Pack {
    fn read(vendor: &str) -> Pack {
        let table = |file: &str| -> Table {
            let path = fleet::repository().join("vendors").join(vendor).join(file);
            let text = fs::read_to_string(path).expect("a pack");
            text.parse().expect("TOML")
        };
        let maps = table("vendor.toml").remove("map");
        Pack {
            parameters: table("parameters.toml"),
            maps: match maps {
                Some(Value::Table(maps)) => maps,
                _ => Table::new(),
            },
        }
    }

    /// The row with the damage, if it is one of those.
    fn damaged(&self, row: &Table, damage: Damage) -> Option<Table> {
        let setting = row.get("setting").and_then(Value::as_str);
        let mut row = row.clone();
        match (damage, setting) {
            (Damage::TlsSpelledAsUdp, Some("line.transport")) => {
                let values = self.as_udp(row.get("values")?)?;
                row.insert("values".into(), values);
            }
            (Damage::TlsSpelledAsUdp, None) => {
                let format = row.get("format")?.as_str()?;
                let plain = format.replace("{line.transport|transport}", "udp").replace("{line.transport}", "udp");
                if plain == format {
                    return None;
                }
                row.insert("format".into(), Value::String(plain));
            }
            (Damage::UserAndPasswordSwapped, Some("line.password")) => {
                row.insert("setting".into(), Value::String("line.auth_user".into()));
            }
            (Damage::UserAndPasswordSwapped, Some("line.auth_user")) => {
                row.insert("setting".into(), Value::String("line.password".into()));
            }
            (Damage::PasswordDropped, Some("line.password")) => {
                row.remove("setting");
                row.insert("constant".into(), Value::String(String::new()));
            }
            _ => return None,
        }
        Some(row)
    }

    /// The codes of transports, those of TLS replaced; a table of tables has them by kind of model.
    fn as_udp(&self, values: &Value) -> Option<Value> {
        let mut codes = match values {
            Value::String(map) => self.maps.get(map)?.as_table()?.clone(),
            other => other.as_table()?.clone(),
        };
        if codes.values().any(Value::is_table) {
            for (_, inner) in codes.iter_mut() {
                *inner = self.as_udp(inner)?;
            }
        } else {
            let udp = codes.get("udp")?.clone();
            codes.insert("tls".into(), udp);
        }
        Some(Value::Table(codes))
    }
}

#[test]
fn a_wrong_pack_is_noticed_by_every_vendors_phones() {
    for (damage, expected) in [
        (Damage::TlsSpelledAsUdp, ["account transport: wanted \"tls\", found \"udp\""].as_slice()),
        (Damage::UserAndPasswordSwapped, &["account auth_user: ", "account password: "]),
        (Damage::PasswordDropped, &["account password: "]),
    ] {
        let root = tempfile::tempdir().expect("a folder");
        fleet::copy(&fleet::repository().join("devices"), &root.path().join("devices"));
        for vendor in VENDORS {
            let path = format!("vendors/{vendor}/parameters.toml");
            fleet::write(root.path(), &path, &rows(vendor, damage));
        }
        let tally = provision_all(root.path(), &Site::of(root.path()));
        for vendor in VENDORS {
            for expected in expected {
                let noticed = tally.differences.keys().any(|line| line.starts_with(vendor) && line.contains(expected));
                assert!(noticed, "{vendor} after {damage:?} lacks `{expected}`:\n{tally}");
            }
        }
    }
}

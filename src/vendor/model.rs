//! Models and firmware versions.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::asset::{Assets, Size};

/// A row of models.toml with all that it takes from its family.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// `yealink/t54w`.
    pub id: String,
    /// The maker's name.
    pub name: String,
    /// Other spellings, without the vendor.
    pub aliases: Vec<String>,
    /// Its family and the families above, nearest first.
    pub families: Vec<String>,
    /// Class.
    pub class: String,
    /// `lines`, `keys.line`, `modules`, `module_keys`, `common_code` …
    pub numbers: BTreeMap<String, i64>,
    /// Expansion module's name.
    pub module: Option<String>,
    /// Capabilities.
    pub capabilities: Vec<String>,
    /// The firmware assumed where nobody names one.
    pub firmware: Option<String>,
    /// Where the facts come from.
    pub source: Option<String>,
    /// How sure they are: 2+, 1 or bg.
    pub confidence: Option<String>,
    /// Most contacts that its directory takes, where that differs from the file's limit.
    pub contacts: Option<usize>,
    /// What else is known of it.
    pub facts: Facts,
}

/// What is known of a model beside what it is told. Empty where no source tells.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its screen.
    pub screen: Option<Size>,
    /// Codecs that it plays, by their canonical names, where that is less than its vendor spells.
    pub codecs: Vec<String>,
    /// SIP transports: udp, tcp, tls.
    pub transports: Vec<String>,
    /// How it shows who it is when it fetches: basic, digest, client-certificate.
    pub login: Vec<String>,
    /// Schemes of encrypted files that it opens.
    pub encryption: Vec<String>,
    /// The redirect service that sends a new phone to its provider.
    pub redirect: Option<String>,
    /// The firmware versions that exist for it, as a gate: `>= 8.7`.
    pub firmware_range: Vec<String>,
    /// Pictures and rings that it takes.
    pub assets: Assets,
}

impl Model {
    /// The id without the vendor.
    pub fn short(&self) -> &str {
        self.id.split_once('/').map_or(self.id.as_str(), |(_, short)| short)
    }

    /// A number of the model, 0 where it has none.
    pub fn number(&self, name: &str) -> i64 {
        self.numbers.get(name).copied().unwrap_or(0)
    }

    /// A number as indices name it: `keys_line` is `keys.line`.
    pub fn index_number(&self, name: &str) -> Option<i64> {
        self.numbers.get(name).or_else(|| self.numbers.get(&name.replacen('_', ".", 1))).copied()
    }

    /// Most lines.
    pub fn lines(&self) -> u16 {
        self.number("lines").clamp(0, 1000) as u16
    }

    /// Keys of an area.
    pub fn keys(&self, area: &str) -> u16 {
        match area {
            "expansion" => (self.number("modules") * self.number("module_keys")).clamp(0, 10000) as u16,
            _ => self.number(&format!("keys.{area}")).clamp(0, 10000) as u16,
        }
    }
}

impl Facts {
    /// Reads the facts of a merged row. The error says which fact is none.
    pub fn read(row: &toml::Table) -> Result<Facts, String> {
        let list = |name: &str| row.get(name).map(|value| super::gate::texts(value).map(str::to_owned).collect()).unwrap_or_default();
        let text = |name: &str| row.get(name).and_then(toml::Value::as_str);
        let screen = text("screen").map(|text| Size::parse(text).ok_or_else(|| format!("screen `{text}` is not WIDTHxHEIGHT in pixels")));
        let assets = row.get("assets").cloned().map(toml::Value::try_into).transpose();
        let facts = Facts {
            screen: screen.transpose()?,
            codecs: list("codecs"),
            transports: list("transports"),
            login: list("login"),
            encryption: list("encryption"),
            redirect: text("redirect").map(str::to_owned),
            firmware_range: list("firmware_range"),
            assets: assets.map_err(|error| format!("assets: {}", error.message()))?.unwrap_or_default(),
        };
        facts.sound().map(|()| facts)
    }

    fn sound(&self) -> Result<(), String> {
        let among = |setting: &str, words: &[String]| {
            let known = &crate::settings::Registry::get().known(setting).values;
            words.iter().find(|word| !known.contains(word)).map_or(Ok(()), |word| Err(format!("`{word}` is not a value of {setting}")))
        };
        among("media.codecs", &self.codecs)?;
        among("line.transport", &self.transports)?;
        const LOGIN: [&str; 3] = ["basic", "digest", "client-certificate"];
        if let Some(word) = self.login.iter().find(|word| !LOGIN.contains(&word.as_str())) {
            return Err(format!("login `{word}` is none of {}", LOGIN.join(", ")));
        }
        let any = Version(vec![0]);
        let bad = self.firmware_range.iter().find(|condition| any.meets(condition).is_none());
        bad.map_or(Ok(()), |condition| Err(format!("firmware_range `{condition}` is no condition such as \">= 8.7\"")))
    }
}

/// A firmware version: dotted numbers, compared one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(Vec<u64>);

impl Version {
    /// Reads a version as a vendor writes it; `prefix` leading parts that name the hardware are dropped from a full one.
    pub fn parse(text: &str, prefix: usize) -> Version {
        let mut parts: Vec<u64> = text.split(|character: char| !character.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
        if parts.len() >= prefix + 3 {
            parts.drain(..prefix);
        }
        Version(parts)
    }

    /// Whether it meets a condition such as `>= 81` or `< 5.9`. Only the parts that the condition names are compared.
    pub fn meets(&self, condition: &str) -> Option<bool> {
        let condition = condition.trim();
        let at = condition.find(|character: char| character.is_ascii_digit())?;
        let (operator, number) = condition.split_at(at);
        if !number.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_')) {
            return None;
        }
        let wanted = Version::parse(number, usize::MAX - 3);
        let own = &self.0[..self.0.len().min(wanted.0.len())];
        let order = own.cmp(wanted.0.as_slice());
        Some(match operator.trim() {
            ">=" => order != Ordering::Less,
            ">" => order == Ordering::Greater,
            "<" => order == Ordering::Less,
            "<=" => order != Ordering::Greater,
            "=" | "==" => order == Ordering::Equal,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let version = Version::parse("96.86.0.100", 1);
        assert_eq!(version.meets(">= 81"), Some(true));
        assert_eq!(version.meets("< 86"), Some(false));
        assert_eq!(Version::parse("86", 1).meets(">= 86"), Some(true));
        assert_eq!(Version::parse("5.9.1", 0).meets(">= 5.10"), Some(false));
        assert_eq!(version.meets("about 3"), None);
        assert_eq!(version.meets(">= 81, < 90"), None, "two conditions are a list");
    }
}

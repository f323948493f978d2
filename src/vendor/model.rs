//! Models and firmware versions.

use std::cmp::Ordering;
use std::collections::BTreeMap;

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
    }
}

//! Which customers a build makes.

use bumpalo::Bump;
use globset::{GlobBuilder, GlobMatcher};
use sha2::{Digest, Sha256};

use crate::compile::Context;
use crate::model::{DeviceId, Suggest};
use crate::resolve::Unit;

/// What is built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// The whole fleet.
    #[default]
    All,
    /// The customers that these patterns mean; the others stay as the last build left them.
    Only(Vec<String>),
    /// The customers of one shard; the others are left out, for `merge` to join.
    Shard(Shard),
}

/// One of several parts of a fleet, split by customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// Reads `2/5`.
    pub fn parse(text: &str) -> Option<Shard> {
        let (index, of) = text.split_once('/')?;
        Shard { index: index.parse().ok()?, of: of.parse().ok()? }.sound()
    }

    /// The shard, where there is one of this number.
    pub fn sound(self) -> Option<Shard> {
        (1..=self.of).contains(&self.index).then_some(self)
    }

    /// Whether a customer is of this shard. The same customer is of the same shard wherever and whenever it is asked.
    pub fn has(&self, customer: &str) -> bool {
        let hash: [u8; 32] = Sha256::digest(customer).into();
        let number = u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]]);
        number % u64::from(self.of) == u64::from(self.index - 1)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl Selection {
    /// Whether each unit is built. The error says which pattern means nothing, and what perhaps is meant.
    pub fn choose(&self, context: &Context<'_>, units: &[Unit<'_>]) -> Result<Vec<bool>, String> {
        match self {
            Selection::All => Ok(vec![true; units.len()]),
            Selection::Shard(shard) => Ok(units.iter().map(|unit| shard.has(&unit.customer)).collect()),
            Selection::Only(patterns) => {
                let mut chosen = vec![false; units.len()];
                for pattern in patterns {
                    let own = meant(pattern, context, units)?;
                    chosen.iter_mut().zip(own).for_each(|(chosen, own)| *chosen |= own);
                }
                Ok(chosen)
            }
        }
    }
}

/// The units that a pattern means: customers by their path, an MSP by its folder, else the customer of a device.
fn meant(pattern: &str, context: &Context<'_>, units: &[Unit<'_>]) -> Result<Vec<bool>, String> {
    let glob = GlobBuilder::new(pattern.trim_matches('/')).literal_separator(true).build();
    let glob = glob.map_err(|error| format!("\"{}\" is no pattern: {}", pattern.escape_debug(), error.kind()))?.compile_matcher();
    let by_path: Vec<bool> = units.iter().map(|unit| is_below(&glob, &unit.customer)).collect();
    if by_path.contains(&true) {
        return Ok(by_path);
    }
    let of_device: Vec<bool> = units.iter().map(|unit| device_of(unit, context, pattern).is_some()).collect();
    if of_device.contains(&true) {
        return Ok(of_device);
    }
    let near = Suggest::among(units.iter().map(|unit| unit.customer.as_str())).closest(pattern);
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    Err(format!("no customer, service provider or device is \"{}\"{near}", pattern.escape_debug()))
}

fn is_below(glob: &GlobMatcher, customer: &str) -> bool {
    let ends = customer.match_indices('/').map(|(at, _)| at).chain([customer.len()]);
    ends.into_iter().any(|end| glob.is_match(&customer[..end]))
}

/// Whether a label is the one that is meant: case never matters.
pub fn is_label(label: &str, name: &str) -> bool {
    label.to_lowercase() == name.to_lowercase()
}

/// The identifier of a unit's device of this name: any spelling of the identifier, or the label.
pub fn device_of(unit: &Unit<'_>, context: &Context<'_>, name: &str) -> Option<String> {
    let arena = Bump::new();
    let (id, label) = (DeviceId::parse(name), crate::known!("device.label").id);
    let docs = unit.read(context.tree, &context.fleet, &arena, &mut Vec::new());
    docs.devices.iter().find_map(|(doc, _)| {
        let own = doc.id.as_ref()?.value;
        let is_labelled = || {
            doc.layer.settings.iter().any(|(setting, slot)| *setting == label && slot.value.str().is_some_and(|own| is_label(own, name)))
        };
        (id == Some(own) || is_labelled()).then(|| own.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_customer_is_of_one_shard() {
        for of in [1, 2, 7] {
            let shards: Vec<Shard> = (1..=of).map(|index| Shard { index, of }).collect();
            for customer in ["acme", "northwind/bakery", "stock", "ü"] {
                assert_eq!(shards.iter().filter(|shard| shard.has(customer)).count(), 1, "{customer} of {of}");
            }
        }
    }

    #[test]
    fn shards_are_read() {
        assert_eq!(Shard::parse("2/5"), Some(Shard { index: 2, of: 5 }));
        for wrong in ["0/5", "6/5", "1", "1/0", "a/b", "-1/2"] {
            assert_eq!(Shard::parse(wrong), None, "{wrong}");
        }
    }
}

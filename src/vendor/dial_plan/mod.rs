//! Digit maps as makers write them. A dialect that cannot say something refuses it, and what is written reads back as the map that it
//! was made from.

mod digit_map;
mod expressions;
mod repetition;
mod substitution;
mod templates;
mod transformed;

pub use digit_map::Dialect;
pub use templates::dial_templates;

use crate::settings::digit_map::Alternative;

/// A codec of dial plans.
#[derive(Clone, Debug)]
pub enum DialPlan {
    /// A digit map in a dialect of its own.
    Map(Dialect),
    /// A digit map, and behind it what is taken from and put before the numbers of each place.
    Transformed,
    /// Regular expressions, each with the address that it gives.
    Expressions,
}

impl DialPlan {
    /// The codec of this name: `match`, `regex`, or the words of a dialect parted by commas.
    pub fn find(name: &str) -> Option<Self> {
        Some(match name {
            "match" => DialPlan::Transformed,
            "regex" => DialPlan::Expressions,
            words => DialPlan::Map(Dialect::find(words)?),
        })
    }

    /// Canonical to vendor. The error says what this phone cannot say.
    pub fn write(&self, map: &str) -> Result<String, String> {
        match self {
            DialPlan::Map(dialect) => dialect.write(map),
            DialPlan::Transformed => Ok(transformed::write(map)),
            DialPlan::Expressions => Ok(expressions::write(map)),
        }
    }

    /// Vendor to canonical.
    pub fn read(&self, text: &str) -> Option<String> {
        match self {
            DialPlan::Map(dialect) => dialect.read(text),
            DialPlan::Transformed => transformed::read(text),
            DialPlan::Expressions => expressions::read(text),
        }
    }
}

/// The alternatives of a map.
fn alternatives(map: &str) -> impl Iterator<Item = Alternative<'_>> {
    map.split('|').map(Alternative::parse)
}

/// Asserts that a codec writes a map so, and reads it back.
#[cfg(test)]
#[track_caller]
fn turns_round(name: &str, map: &str, written: &str) {
    assert_eq!(crate::settings::digit_map::fault(map), None, "{map}");
    let codec = DialPlan::find(name).expect("a codec");
    assert_eq!(codec.write(map).as_deref(), Ok(written), "{name} writes {map}");
    assert_eq!(codec.read(written).as_deref(), Some(map), "{name} reads {written}");
}

/// Asserts that a codec refuses a map, and that it says so.
#[cfg(test)]
#[track_caller]
fn refuses(name: &str, map: &str, why: &str) {
    assert_eq!(crate::settings::digit_map::fault(map), None, "{map}");
    let refusal = DialPlan::find(name).expect("a codec").write(map);
    assert!(refusal.as_ref().is_err_and(|told| told.contains(why)), "{name} and {map}: {refusal:?}");
}

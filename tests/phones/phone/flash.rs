//! What a phone remembers: named values that stay until a file changes them.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use super::Outcome;
use super::words::{Words, word};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flash(BTreeMap<String, String>);

impl Flash {
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    pub fn reset(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub fn knows(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The value as it is, blank or not.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value, unless it is blank.
    pub fn text(&self, name: &str) -> Option<String> {
        self.raw(name).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    pub fn number<T: FromStr>(&self, name: &str) -> Outcome<Option<T>> {
        self.text(name).map(|value| value.parse().map_err(|_| format!("{name}: `{value}` is no number here"))).transpose()
    }

    pub fn word(&self, name: &str, words: Words) -> Outcome<Option<&'static str>> {
        self.text(name).map(|value| word(name, &value, words)).transpose()
    }

    pub fn flag(&self, name: &str) -> Outcome<Option<bool>> {
        self.text(name)
            .map(|value| match value.as_str() {
                "1" => Ok(true),
                "0" => Ok(false),
                _ => Err(format!("{name}: `{value}` is neither 0 nor 1")),
            })
            .transpose()
    }

    /// Every number N for which a name `<before>N<after>` is remembered.
    pub fn indices(&self, before: &str, after: &str) -> BTreeSet<u32> {
        self.names_after(before).filter_map(|rest| rest.strip_suffix(after)?.parse().ok()).collect()
    }

    /// What follows `before` in every name that begins with it.
    pub fn names_after<'a>(&'a self, before: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.range(before.to_owned()..).map_while(move |(name, _)| name.strip_prefix(before))
    }
}

#[cfg(test)]
mod tests {
    use super::Flash;

    #[test]
    fn indices_are_numbers_between_two_fixed_parts() {
        let mut flash = Flash::default();
        for name in ["account.10.enable", "account.2.enable", "account.2.label", "accounts", "account.x.enable"] {
            flash.set(name, "1");
        }
        assert_eq!(flash.indices("account.", ".enable").into_iter().collect::<Vec<_>>(), [2, 10]);
    }

    #[test]
    fn a_blank_value_is_known_but_has_no_text() {
        let mut flash = Flash::default();
        flash.set("a", "");
        assert!(flash.knows("a"));
        assert_eq!(flash.text("a"), None);
        assert!(flash.number::<u16>("a").unwrap().is_none());
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_loud() {
        let mut flash = Flash::default();
        flash.set("port", "50x");
        flash.set("on", "yes");
        assert!(flash.number::<u16>("port").is_err());
        assert!(flash.flag("on").is_err());
    }
}

//! Which inputs of a customer changed since the last build.

use std::collections::{BTreeMap, BTreeSet};

use super::super::fingerprint::{Contents, DAY};

/// An input that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// A file's path, or what is not in a file: the day, the key, sipress itself.
    pub name: String,
    /// In what way.
    pub change: Change,
}

/// How an input changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    New,
    /// It is no more.
    Gone,
    /// It holds something else.
    Content,
    /// It was written again, and holds the same.
    Touched,
    /// It is another, from and to these.
    Value(String, String),
}

/// The inputs that differ: those of the last build by name, with what was seen of each and what it held, against those of this
/// one. `days` are those of both builds.
pub fn changes(last: &BTreeMap<&str, (u64, u64)>, numbers: &[u64], now: &Contents, days: &(String, String)) -> Vec<Input> {
    let mut changed = Vec::new();
    let mut seen = BTreeSet::new();
    for ((name, content), number) in now.inputs.iter().zip(numbers) {
        seen.insert(name.as_str());
        let change = match last.get(name.as_str()) {
            None => Change::New,
            Some((known, _)) if known == number => continue,
            Some(_) if name == DAY => Change::Value(days.0.clone(), days.1.clone()),
            Some((_, known)) if known == content => Change::Touched,
            Some(_) => Change::Content,
        };
        changed.push(Input { name: name.clone(), change });
    }
    let gone = last.keys().filter(|name| !seen.contains(**name));
    changed.extend(gone.map(|name| Input { name: (*name).to_owned(), change: Change::Gone }));
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_has_its_word() {
        let last = BTreeMap::from([("same", (1, 1)), ("touched", (2, 2)), ("other", (3, 3)), ("gone", (4, 4)), (DAY, (5, 5))]);
        let inputs = [("same", 1), ("touched", 2), ("other", 30), ("new", 6), (DAY, 50)].map(|(name, content)| (name.to_owned(), content));
        let days = ("monday".to_owned(), "tuesday".to_owned());
        let found = changes(&last, &[1, 20, 31, 60, 50], &Contents { inputs: inputs.into() }, &days);
        let expected = [
            ("touched", Change::Touched),
            ("other", Change::Content),
            ("new", Change::New),
            (DAY, Change::Value("monday".to_owned(), "tuesday".to_owned())),
            ("gone", Change::Gone),
        ];
        assert_eq!(found, expected.map(|(name, change)| Input { name: name.to_owned(), change }));
    }
}

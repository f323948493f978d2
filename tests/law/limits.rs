//! The page of what each vendor's files cannot hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use sipress::kit::law::Verdict;
use sipress::kit::plan;
use sipress::settings::{Registry, SettingId};
use sipress::vendor::Pack;

/// What cannot be told, by setting.
type Limits = BTreeMap<String, BTreeSet<String>>;

/// The page, a section a vendor.
pub fn page(tried: &[(&Arc<Pack>, Verdict)]) -> String {
    let mut page = "<!-- Made by `SIPRESS_BLESS=1 cargo test --test law`; do not edit. -->\n\n# What phones cannot be told\n\n".to_owned();
    page.push_str(
        "What a vendor's files have no word or no room for, by setting. Some models of a vendor may be told more than others. sipress refuses \
         such a value (`vendor::unspellable`, `format::cannot-carry`), or leaves out what does not fit of a list (`setting::entry-lost`), and \
         points to where it is written. Words and lengths of lists are read off the packs; the rest was found with devices that were made up \
         of hostile values, so that a character that is missing here may still be refused. Settings that a vendor has no parameter for are \
         told by `sipress vendors --matrix VENDOR`.\n",
    );
    for (pack, verdict) in tried {
        let limits = limits(pack, verdict);
        if limits.is_empty() {
            continue;
        }
        let _ = write!(page, "\n## {}\n\n| setting | what |\n|---|---|\n", pack.id);
        for (setting, what) in limits {
            let what: Vec<&str> = what.iter().map(String::as_str).collect();
            let _ = writeln!(page, "| `{setting}` | {} |", what.join("; ").replace('|', "\\|"));
        }
    }
    page
}

fn limits(pack: &Arc<Pack>, verdict: &Verdict) -> Limits {
    let mut found = Found::default();
    for (setting, why) in &verdict.refused {
        found.refusal(setting, why);
    }
    for plan in pack.models.values().map(|model| plan(pack, model, &mut Vec::new())) {
        plan.list_lengths().for_each(|(setting, length)| _ = found.lengths.entry(name(setting)).or_default().insert(length));
        plan.list_gaps().for_each(|(setting, word)| _ = found.words.entry(name(setting)).or_default().insert(format!("`{word}`")));
    }
    found.told()
}

/// What was found of a vendor, by setting.
#[derive(Default)]
struct Found {
    characters: BTreeMap<String, BTreeSet<String>>,
    words: BTreeMap<String, BTreeSet<String>>,
    lengths: BTreeMap<String, BTreeSet<u16>>,
    others: Limits,
}

impl Found {
    fn refusal(&mut self, settings: &str, why: &str) {
        // Of several settings in one value, the complaint names the one that it is about.
        let (setting, why) = match why.strip_prefix('`').and_then(|rest| rest.split_once("` ")) {
            Some((setting, rest)) => (setting, format!("it {rest}")),
            None => (settings, why.to_owned()),
        };
        let entry =
            |map: &mut BTreeMap<String, BTreeSet<String>>, what: String| _ = map.entry(setting.to_owned()).or_default().insert(what);
        if let Some(word) = why.strip_prefix("the phone has no word for ") {
            let known = Registry::get().find(setting);
            match known.is_some_and(|setting| !setting.values.is_empty()) {
                true if known.is_some_and(|setting| setting.list) && word.contains('+') => {
                    entry(&mut self.others, "only some combinations of its values".to_owned())
                }
                true => entry(&mut self.words, word.to_owned()),
                false => entry(&mut self.others, "only the words or numbers that its phones have".to_owned()),
            }
        } else if let Some((character, _)) = why.strip_prefix("it holds ").and_then(|rest| rest.split_once(", which ")) {
            entry(&mut self.characters, character.replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\"));
        } else {
            entry(&mut self.others, without_number(&why));
        }
    }

    fn told(self) -> Limits {
        let mut limits = self.others;
        let mut add = |setting: String, what: String| _ = limits.entry(setting).or_default().insert(what);
        let listed = |set: BTreeSet<String>| set.into_iter().collect::<Vec<String>>().join(", ");
        for (setting, lengths) in self.lengths {
            let (Some(least), Some(most)) = (lengths.first(), lengths.last()) else { continue };
            add(setting, if least == most { format!("entries: {most}") } else { format!("entries: {least} to {most}, by model") });
        }
        self.words.into_iter().for_each(|(setting, words)| add(setting, format!("no word for {}", listed(words))));
        self.characters.into_iter().for_each(|(setting, characters)| add(setting, format!("may not hold {}", listed(characters))));
        limits
    }
}

fn name(setting: SettingId) -> String {
    Registry::get().setting(setting).name.clone()
}

/// A complaint about one number stands for all like it.
fn without_number(why: &str) -> String {
    let rest = why.trim_start_matches(|character: char| character.is_ascii_digit() || character == '-');
    match rest.strip_prefix(" is ") {
        Some(rest) if rest.len() + 4 < why.len() => format!("a number that is {rest}"),
        _ => why.to_owned(),
    }
}

//! Where packs come from: the binary, and a fleet's own `vendors/` folder.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use include_dir::{Dir, include_dir};

use super::Pack;
use super::pack::bad_at;
use crate::diagnostic::Diagnostic;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/vendors");

/// One file of a pack.
#[derive(Clone, Debug)]
pub struct PackSource {
    /// `vendors/yealink/vendor.toml`.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

/// A pack, if it is sound, and what is wrong with it.
type Loaded = (Option<Arc<Pack>>, Vec<Diagnostic>);

/// All packs, each loaded when it is first asked for.
pub struct Packs {
    sources: BTreeMap<String, Vec<PackSource>>,
    loaded: BTreeMap<String, OnceLock<Loaded>>,
}

impl Packs {
    /// The packs of the binary, extended by a fleet's own files. A folder of the fleet whose `vendor.toml` has an `id` is a pack of
    /// its own and takes the place of ours; without one it extends ours.
    pub fn new(own: Vec<PackSource>) -> Packs {
        let mut sources: BTreeMap<String, Vec<PackSource>> = BTreeMap::new();
        for (vendor, source) in embedded() {
            sources.entry(vendor).or_default().push(source);
        }
        let mut owned: BTreeMap<String, Vec<PackSource>> = BTreeMap::new();
        for source in own {
            if let Some(vendor) = source.path.split('/').nth(1) {
                owned.entry(vendor.to_owned()).or_default().push(source);
            }
        }
        for (vendor, files) in owned {
            let place = sources.entry(vendor).or_default();
            if files.iter().any(is_whole_pack) {
                place.clear();
            }
            place.extend(files);
        }
        let loaded = sources.keys().map(|vendor| (vendor.clone(), OnceLock::new())).collect();
        Packs { sources, loaded }
    }

    /// The vendors' ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// The pack of this vendor, if there is one and it is sound.
    pub fn get(&self, vendor: &str) -> Option<&Arc<Pack>> {
        self.load(vendor)?.0.as_ref()
    }

    /// What is wrong with the packs that were asked for.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.loaded.values().filter_map(OnceLock::get).flat_map(|(_, diagnostics)| diagnostics.iter().cloned()).collect()
    }

    /// The text of a file of a pack, for findings.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        let files = self.sources.get(path.split('/').nth(1)?)?;
        files.iter().rev().find(|file| &*file.path == path).map(|file| file.text.clone())
    }

    /// The files of a vendor, ours before the fleet's.
    pub fn files(&self, vendor: &str) -> &[PackSource] {
        self.sources.get(vendor).map_or(&[], Vec::as_slice)
    }

    fn load(&self, vendor: &str) -> Option<&Loaded> {
        let cell = self.loaded.get(vendor)?;
        Some(cell.get_or_init(|| {
            let mut diagnostics = Vec::new();
            let inherited = self.inherited(vendor, &mut diagnostics);
            let pack = Pack::load(vendor, &inherited, self.files(vendor), &mut diagnostics);
            (pack.filter(|_| diagnostics.is_empty()).map(Arc::new), diagnostics)
        }))
    }

    /// The files of the packs that one extends, the farthest first.
    fn inherited(&self, vendor: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<PackSource> {
        let mut chain = vec![vendor.to_owned()];
        while let Some((above, path)) = extended(self.files(&chain[chain.len() - 1])) {
            if chain.contains(&above) || !self.sources.contains_key(&above) {
                let why = if chain.contains(&above) { "extends itself" } else { "is not there" };
                diagnostics.push(bad_at(&path, 0..0, format!("the vendor `{above}` that this one extends {why}")));
                break;
            }
            chain.push(above);
        }
        chain.iter().skip(1).rev().flat_map(|above| self.files(above)).cloned().collect()
    }
}

/// The vendor that a pack extends, and the file that says so.
fn extended(files: &[PackSource]) -> Option<(String, Arc<str>)> {
    files.iter().rev().filter(|file| file.path.ends_with("/vendor.toml")).find_map(|file| {
        let table: toml::Table = file.text.parse().ok()?;
        Some((table.get("extends")?.as_str()?.to_owned(), file.path.clone()))
    })
}

fn is_whole_pack(source: &PackSource) -> bool {
    source.path.ends_with("/vendor.toml") && source.text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("id"))
}

fn embedded() -> Vec<(String, PackSource)> {
    let mut found = Vec::new();
    for vendor in EMBEDDED.dirs() {
        let id = vendor.path().to_string_lossy().into_owned();
        collect(vendor, &id, &mut found);
    }
    found
}

fn collect(dir: &Dir<'static>, vendor: &str, found: &mut Vec<(String, PackSource)>) {
    for file in dir.files() {
        if let Some(text) = file.contents_utf8() {
            let path = format!("vendors/{}", file.path().to_string_lossy().replace('\\', "/"));
            found.push((vendor.to_owned(), PackSource { path: path.into(), text: text.into() }));
        }
    }
    dir.dirs().for_each(|inner| collect(inner, vendor, found));
}

//! A unit of work: a customer with all its files, or the stock.

use crate::known;
use std::collections::BTreeMap;
use std::sync::Arc;

use bumpalo::Bump;
use toml::de::DeTable;

use super::device::DeviceDoc;
use super::extensions::Extension;
use super::fields::{CUSTOMER, SITE};
use super::fleet::{Fleet, member, parse, read, texts};
use super::layer::Scope;
use super::layouts;
use crate::diagnostic::{Code, Diagnostic};
use crate::load::phonebook::{self, Located};
use crate::load::{FileEntry, FileKind, Folder, Tree, content};
use crate::model::phonebook::Contact;
use crate::settings::{FileId, MAX_NAME, Parser};

/// The files of a unit, not yet read.
#[derive(Debug)]
pub struct Unit<'t> {
    /// `acme`, `northwind/bakery`, or `stock`.
    pub customer: String,
    /// Devices that no customer has.
    pub is_stock: bool,
    /// Folders of the MSPs above, outermost first.
    pub msps: Vec<String>,
    /// Its folders: one with all below for a customer, the loose ones for the stock.
    folders: Vec<(&'t Folder, bool)>,
}

/// The name of the unit of devices that no customer has.
pub const STOCK: &str = "stock";

/// A phone book's sources.
#[derive(Debug)]
pub struct Book {
    /// The name by which settings choose it: the folder that holds it.
    pub name: String,
    /// Contacts.
    pub contacts: Vec<Located<Contact>>,
}

/// A scope of a unit and the one above it.
#[derive(Debug)]
pub struct Place<'u> {
    /// Folder below `devices/`.
    pub path: String,
    /// What it says.
    pub scope: Scope<'u>,
    /// The scope above; `None` for that of the customer.
    pub above: Option<usize>,
    /// The book in this folder.
    pub book: Option<usize>,
}

/// A unit, read.
#[derive(Debug, Default)]
pub struct Docs<'u> {
    /// The customer's name.
    pub name: &'u str,
    /// Where customer.toml is.
    pub path: Option<Arc<str>>,
    /// Country of the customer, if it says so.
    pub country: Option<&'u str>,
    /// Packages of the customer itself.
    pub packages: Vec<(&'u str, std::ops::Range<usize>)>,
    /// Scopes, each after the one above it.
    pub places: Vec<Place<'u>>,
    /// Extensions.
    pub extensions: Vec<Extension<'u>>,
    /// Books.
    pub books: Vec<Book>,
    /// The files that were read, and what each held as a number.
    pub contents: Vec<(FileId, u64)>,
    /// Devices with the index of their place.
    pub devices: Vec<(DeviceDoc<'u>, usize)>,
}

impl<'t> Unit<'t> {
    /// The units of a tree, by name.
    pub fn all(tree: &'t Tree) -> Vec<Unit<'t>> {
        let mut units = Vec::new();
        let mut loose = Vec::new();
        collect(&tree.devices, &[], &mut units, &mut loose);
        if loose.iter().any(|(folder, _): &(&Folder, bool)| folder.files.iter().any(|file| file.kind == FileKind::Device)) {
            units.push(Unit { customer: STOCK.to_owned(), is_stock: true, msps: Vec::new(), folders: loose });
        }
        units.sort_by(|left, right| left.customer.cmp(&right.customer));
        units
    }

    /// All its files.
    pub fn files(&self) -> Vec<&'t FileEntry> {
        let mut files = Vec::new();
        for (folder, below) in &self.folders {
            gather(folder, *below, &mut files);
        }
        files
    }

    /// Its files that settings may name.
    pub fn assets(&self) -> BTreeMap<Arc<str>, FileId> {
        let assets = self.files().into_iter().filter(|file| file.kind == FileKind::Asset);
        assets.map(|file| (file.path.clone(), file.id)).collect()
    }

    /// Reads and parses all its files.
    pub fn read<'u>(&self, tree: &Tree, fleet: &Fleet<'_>, arena: &'u Bump, diagnostics: &mut Vec<Diagnostic>) -> Docs<'u> {
        let mut reader = Reader { tree, fleet, arena, diagnostics, docs: Docs::default() };
        for (folder, below) in &self.folders {
            reader.folder(folder, None, *below);
        }
        reader.docs
    }
}

fn collect<'t>(folder: &'t Folder, msps: &[String], units: &mut Vec<Unit<'t>>, loose: &mut Vec<(&'t Folder, bool)>) {
    if folder.files.iter().any(|file| file.kind == FileKind::Customer) {
        units.push(Unit { customer: folder.path.clone(), is_stock: false, msps: msps.to_vec(), folders: vec![(folder, true)] });
        return;
    }
    let mut msps = msps.to_vec();
    if folder.files.iter().any(|file| file.kind == FileKind::Msp) {
        msps.push(folder.path.clone());
    }
    loose.push((folder, false));
    folder.folders.iter().for_each(|inner| collect(inner, &msps, units, loose));
}

fn gather<'t>(folder: &'t Folder, below: bool, files: &mut Vec<&'t FileEntry>) {
    files.extend(&folder.files);
    if below {
        folder.folders.iter().for_each(|inner| gather(inner, true, files));
    }
}

struct Reader<'r, 'u> {
    tree: &'r Tree,
    fleet: &'r Fleet<'r>,
    arena: &'u Bump,
    diagnostics: &'r mut Vec<Diagnostic>,
    docs: Docs<'u>,
}

impl<'u> Reader<'_, 'u> {
    fn folder(&mut self, folder: &Folder, above: Option<usize>, below: bool) {
        let place = self.docs.places.len();
        self.docs.places.push(Place { path: folder.path.clone(), scope: Scope::default(), above, book: None });
        let mut contacts = Vec::new();
        let mut has_book = false;
        for file in &folder.files {
            match file.kind {
                FileKind::Phonebook(format) => {
                    has_book = true;
                    if let Some(text) = self.text(file) {
                        contacts.extend(phonebook::read(format, &file.path, text, self.diagnostics));
                    }
                }
                FileKind::Fleet | FileKind::Packages | FileKind::Firmware | FileKind::Msp | FileKind::Asset => {}
                _ => self.file(file, place, above.is_some() || !below),
            }
        }
        if has_book {
            let name = folder.path.rsplit('/').next().unwrap_or_default().to_owned();
            self.docs.books.push(Book { name, contacts });
            self.docs.places[place].book = Some(self.docs.books.len() - 1);
        }
        if below {
            folder.folders.iter().for_each(|inner| self.folder(inner, Some(place), true));
        }
    }

    fn text(&mut self, file: &FileEntry) -> Option<&'u str> {
        let text = read(self.tree, file, self.arena, self.diagnostics)?;
        self.docs.contents.push((file.id, content(text.as_bytes())));
        Some(text)
    }

    fn file(&mut self, file: &FileEntry, place: usize, inner: bool) {
        let Some(text) = self.text(file) else { return };
        let clear_secrets = self.fleet.policy.plaintext_secrets;
        let mut parser = Parser { file: file.id, path: &file.path, arena: self.arena, clear_secrets, diagnostics: Vec::new() };
        if let Some(table) = parse(&mut parser, text) {
            match file.kind {
                FileKind::Customer if inner => {
                    let found = parser.find(Code::CUSTOMER_UNKNOWN, 0..0, "a customer inside another customer", "");
                    found.help.push(
                        "a customer stands beside others, or below an MSP's folder; a place of a customer has a site.toml".to_owned(),
                    );
                }
                FileKind::Customer => customer_toml(&mut parser, table.get_ref(), &mut self.docs, place),
                FileKind::Site => self.docs.places[place].scope = site_toml(&mut parser, table.get_ref()),
                FileKind::Extensions => self.docs.extensions.extend(Extension::read_file(&mut parser, table.get_ref())),
                _ => {
                    let devices = DeviceDoc::read_file(&mut parser, &table);
                    self.docs.devices.extend(devices.into_iter().map(|device| (device, place)));
                }
            }
        }
        self.diagnostics.append(&mut parser.diagnostics);
    }
}

fn customer_toml<'u>(parser: &mut Parser<'_, 'u>, table: &DeTable<'u>, docs: &mut Docs<'u>, place: usize) {
    parser.known_keys(table, CUSTOMER);
    docs.path = Some(parser.path.clone());
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "name" => docs.name = parser.short_text(value, MAX_NAME).unwrap_or_default(),
            "packages" => {
                let names = texts(parser, value);
                let spans = value.get_ref().as_array().into_iter().flat_map(|array| array.iter().map(toml::Spanned::span));
                docs.packages = names.into_iter().zip(spans).collect();
            }
            "country" => docs.country = parser.value(known!("locale.tones"), value).and_then(crate::settings::Val::str),
            "defaults" => docs.places[place].scope.read(parser, value),
            "layouts" => docs.places[place].scope.layouts = layouts::read(parser, value),
            _ => {}
        }
    }
    if member(table, "name").is_none() {
        let found = parser.find(Code::TOML_MISSING_KEY, 0..0, "customer.toml has no `name`", "");
        found.help.push("add name = \"…\", as people know the customer".to_owned());
    }
}

fn site_toml<'u>(parser: &mut Parser<'_, 'u>, table: &DeTable<'u>) -> Scope<'u> {
    parser.known_keys(table, SITE);
    let mut scope = Scope::default();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "name" | "location" => _ = parser.short_text(value, MAX_NAME),
            "defaults" => scope.read(parser, value),
            "layouts" => scope.layouts = layouts::read(parser, value),
            _ => {}
        }
    }
    scope
}

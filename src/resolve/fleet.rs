//! The files that hold for the whole fleet: fleet.toml, packages.toml, firmware.toml and each msp.toml.

use crate::known;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use bumpalo::Bump;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::{FIRMWARE, FLEET, IMAGE, LEVELS, MSP, PACKAGE, POLICY, ROLLOUT};
use super::layer::Scope;
use super::layouts;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::load::{FileEntry, FileKind, Folder, Tree, decode};
use crate::model::Suggest;
use crate::settings::{Field, MAX_LISTED, MAX_NAME, Parser, Takes};

/// How public paths are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// `site/<token>/<file>`
    #[default]
    Token,
    /// `site/<customer>/<file>`
    Customer,
    /// `site/<file>`
    Flat,
}

impl Layout {
    /// All of them with their words.
    pub const ALL: [(&'static str, Layout); 3] = [("token", Layout::Token), ("customer", Layout::Customer), ("flat", Layout::Flat)];
}

/// What guards a layout without tokens at the edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gate {
    /// Nothing.
    #[default]
    None,
    /// HTTP authentication.
    Basic,
    /// Client certificates.
    Mtls,
    /// Networks.
    Ip,
}

impl Gate {
    /// All of them with their words.
    pub const ALL: [(&'static str, Gate); 4] = [("none", Gate::None), ("basic", Gate::Basic), ("mtls", Gate::Mtls), ("ip", Gate::Ip)];
}

/// What a secret in clear can be.
pub const SECRETS: [(&str, Severity); 3] = [("deny", Severity::Error), ("warn", Severity::Warning), ("allow", Severity::Note)];

/// How well a path of the site is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Anybody who guesses the path.
    Open,
    /// The edge asks who it is.
    Gated,
    /// The path cannot be guessed.
    Token,
}

/// `[policy]` of fleet.toml.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Severity of a secret in clear; a note says nothing.
    pub plaintext_secrets: Option<Severity>,
    /// Overrides by code: deny, warn or allow.
    pub diagnostics: Vec<(String, String)>,
}

/// A row of firmware.toml.
#[derive(Clone, Debug)]
pub struct Firmware<'u> {
    /// Model id.
    pub model: &'u str,
    /// Version.
    pub version: &'u str,
    /// Where it is fetched.
    pub url: Option<&'u str>,
}

/// A rollout of firmware.toml.
#[derive(Clone, Debug)]
pub struct Rollout<'u> {
    /// Model id.
    pub model: &'u str,
    /// Version.
    pub version: &'u str,
    /// Customers that get it; all where empty.
    pub customers: Vec<&'u str>,
}

/// What holds for the whole fleet.
#[derive(Clone, Debug, Default)]
pub struct Fleet<'u> {
    /// Its name.
    pub name: &'u str,
    /// Root of the published site, without a slash at its end.
    pub base_url: &'u str,
    /// Where `base_url` stands, for findings about the layout.
    pub layout_place: Option<(Arc<str>, Range<usize>)>,
    /// Layout.
    pub layout: Layout,
    /// Gate.
    pub gate: Gate,
    /// A key that everybody may know.
    pub demo_key: Option<&'u str>,
    /// Policy.
    pub policy: Policy,
    /// `[defaults]`.
    pub scope: Scope<'u>,
    /// Names of packages.
    pub packages: Vec<&'u str>,
    /// Firmware catalogue.
    pub firmware: Vec<Firmware<'u>>,
    /// Rollouts.
    pub rollouts: Vec<Rollout<'u>>,
    /// Each msp.toml by its folder.
    pub msps: BTreeMap<String, Scope<'u>>,
}

impl<'u> Fleet<'u> {
    /// Reads the fleet's own files.
    pub fn load(tree: &Tree, arena: &'u Bump, diagnostics: &mut Vec<Diagnostic>) -> Fleet<'u> {
        let mut fleet = Fleet { base_url: "https://prov.invalid", ..Fleet::default() };
        for kind in [FileKind::Fleet, FileKind::Packages, FileKind::Firmware] {
            if let Some(file) = tree.devices.files.iter().find(|file| file.kind == kind) {
                fleet.file(tree, file, arena, None, diagnostics);
            }
        }
        fleet.msps_below(tree, &tree.devices, arena, diagnostics);
        fleet
    }

    /// How well the paths of the site are protected.
    pub fn exposure(&self) -> Exposure {
        match (self.layout, self.gate) {
            (Layout::Token, _) => Exposure::Token,
            (_, Gate::None) => Exposure::Open,
            _ => Exposure::Gated,
        }
    }

    /// The catalogue's row of a model and version.
    pub fn firmware(&self, model: &str, version: &str) -> Option<&Firmware<'u>> {
        self.firmware.iter().find(|row| row.model == model && row.version == version)
    }

    /// The version that is rolled out to a customer's devices of a model; the last rollout wins.
    pub fn rollout(&self, model: &str, customer: &str) -> Option<&Rollout<'u>> {
        self.rollouts
            .iter()
            .rev()
            .find(|rollout| rollout.model == model && (rollout.customers.is_empty() || rollout.customers.contains(&customer)))
    }

    fn msps_below(&mut self, tree: &Tree, folder: &Folder, arena: &'u Bump, diagnostics: &mut Vec<Diagnostic>) {
        if let Some(file) = folder.files.iter().find(|file| file.kind == FileKind::Msp) {
            self.file(tree, file, arena, Some(&folder.path), diagnostics);
        }
        if !folder.files.iter().any(|file| file.kind == FileKind::Customer) {
            folder.folders.iter().for_each(|inner| self.msps_below(tree, inner, arena, diagnostics));
        }
    }

    fn file(&mut self, tree: &Tree, file: &FileEntry, arena: &'u Bump, msp: Option<&str>, diagnostics: &mut Vec<Diagnostic>) {
        let Some(text) = read(tree, file, arena, diagnostics) else { return };
        let mut parser = Parser { file: file.id, path: &file.path, arena, clear_secrets: None, diagnostics: Vec::new() };
        if let Some(table) = parse(&mut parser, text) {
            match file.kind {
                FileKind::Fleet => self.fleet_toml(&mut parser, table.get_ref()),
                FileKind::Packages => self.packages_toml(&mut parser, table.get_ref()),
                FileKind::Firmware => self.firmware_toml(&mut parser, table.get_ref()),
                _ => {
                    parser.clear_secrets = self.policy.plaintext_secrets;
                    let scope = msp_toml(&mut parser, table.get_ref());
                    self.msps.insert(msp.unwrap_or_default().to_owned(), scope);
                }
            }
        }
        diagnostics.append(&mut parser.diagnostics);
    }

    fn fleet_toml(&mut self, parser: &mut Parser<'_, 'u>, table: &DeTable<'u>) {
        parser.known_keys(table, FLEET);
        self.policy.plaintext_secrets = Some(Severity::Error);
        if let Some((_, value)) = table.iter().find(|(key, _)| key.get_ref() == "policy") {
            self.policy_table(parser, value);
        }
        parser.clear_secrets = self.policy.plaintext_secrets;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => self.name = parser.short_text(value, MAX_NAME).unwrap_or_default(),
                "base_url" => {
                    if let Some(crate::settings::Val::Str(url)) = parser.value(known!("prov.base_url"), value) {
                        self.base_url = url.trim_end_matches('/');
                    }
                }
                "layout" => {
                    self.layout_place = Some((parser.path.clone(), value.span()));
                    self.layout = one_of(parser, value, &Layout::ALL).unwrap_or_default();
                }
                "gate" => self.gate = one_of(parser, value, &Gate::ALL).unwrap_or_default(),
                "demo_key" => self.demo(parser, value),
                "defaults" => self.scope.read(parser, value),
                "layouts" => self.scope.layouts = layouts::read(parser, value),
                _ => {}
            }
        }
        if !table.iter().any(|(key, _)| key.get_ref() == "base_url") {
            let found = parser.find(Code::TOML_MISSING_KEY, 0..0, "fleet.toml has no `base_url`", "");
            found.help.push("add base_url = \"https://…\", the address that the site is served from".to_owned());
        }
    }

    fn demo(&mut self, parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) {
        let Some(text) = parser.short_text(value, 64) else { return };
        if crate::secret::FleetKey::parse(text).is_none() {
            parser.find(Code::VALUE_INVALID, value.span(), "`demo_key` is not 64 hexadecimal digits", "should be 64 hexadecimal digits");
            return;
        }
        let found = parser.find(
            Code::SECRET_DEMO_KEY,
            value.span(),
            "this fleet's passwords come from a key that everybody can read",
            "the demo key",
        );
        found.help.push("for a fleet of your own, remove it and set SIPRESS_KEY or --key-file".to_owned());
        self.demo_key = Some(text);
    }

    fn policy_table(&mut self, parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) {
        let Some(table) = parser.table(value) else { return };
        parser.known_keys(table, POLICY);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "plaintext_secrets" => {
                    let severity = one_of(parser, value, &SECRETS);
                    self.policy.plaintext_secrets = severity.or(self.policy.plaintext_secrets);
                }
                "diagnostics" => {
                    for (code, level) in parser.table(value).into_iter().flatten() {
                        let Some(word) = one_of(parser, level, &themselves(LEVELS)) else { continue };
                        match Code::find(code.get_ref()) {
                            None => {
                                parser.unknown_key(code, crate::diagnostic::CODES.iter().map(|code| code.name()));
                                continue;
                            }
                            Some(known) if word != "deny" && crate::diagnostic::sink::is_fixed(known) => {
                                let found = parser.find(
                                    Code::VALUE_INVALID,
                                    code.span(),
                                    format!("`{}` is always an error", known.name()),
                                    "cannot be lowered",
                                );
                                found.help.push("mend what it tells".to_owned());
                                continue;
                            }
                            Some(_) => {}
                        }
                        self.policy.diagnostics.push((code.get_ref().clone().into_owned(), word.to_owned()));
                    }
                }
                _ => {}
            }
        }
    }

    fn packages_toml(&mut self, parser: &mut Parser<'_, 'u>, table: &DeTable<'u>) {
        for (key, value) in table {
            self.packages.push(parser.arena.alloc_str(key.get_ref()));
            if let Some(row) = parser.table(value) {
                package(parser, key, row);
            }
        }
    }

    fn firmware_toml(&mut self, parser: &mut Parser<'_, 'u>, table: &DeTable<'u>) {
        parser.known_keys(table, FIRMWARE);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "firmware" => each(parser, value, |parser, row, span| {
                    let (model, version) = (text_of(parser, row, "model", &span), text_of(parser, row, "version", &span));
                    let url = member(row, "url").and_then(|value| match parser.value(known!("firmware.url"), value) {
                        Some(crate::settings::Val::Str(url)) => Some(url),
                        _ => None,
                    });
                    parser.known_keys(row, IMAGE);
                    digest(parser, row);
                    if let (Some(model), Some(version)) = (model, version) {
                        self.firmware.push(Firmware { model, version, url });
                    }
                }),
                "rollout" => each(parser, value, |parser, row, span| {
                    let (model, version) = (text_of(parser, row, "model", &span), text_of(parser, row, "version", &span));
                    parser.known_keys(row, ROLLOUT);
                    let customers = member(row, "customers").map(|value| texts(parser, value)).unwrap_or_default();
                    if let (Some(model), Some(version)) = (model, version) {
                        self.rollouts.push(Rollout { model, version, customers });
                    }
                }),
                _ => {}
            }
        }
    }
}

fn digest<'u>(parser: &mut Parser<'_, 'u>, row: &DeTable<'u>) {
    let Some(value) = member(row, "sha256") else { return };
    if let Some(text) = parser.text(value)
        && (text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        parser.find(Code::VALUE_INVALID, value.span(), "`sha256` is not 64 hexadecimal digits", "should be 64 hexadecimal digits");
    }
}

fn package<'u>(parser: &mut Parser<'_, 'u>, key: &Spanned<std::borrow::Cow<'u, str>>, row: &DeTable<'u>) {
    parser.known_keys(row, PACKAGE);
    for field in PACKAGE {
        if let Some(value) = member(row, field.name) {
            package_field(parser, field, value);
        }
    }
    for field in PACKAGE.iter().filter(|field| field.needed && member(row, field.name).is_none()) {
        parser.find(
            Code::TOML_MISSING_KEY,
            key.span(),
            format!("package `{}` has no `{}`", key.get_ref().escape_debug(), field.name),
            "here",
        );
    }
}

fn package_field<'u>(parser: &mut Parser<'_, 'u>, field: &Field, value: &Spanned<DeValue<'u>>) {
    match field.takes {
        Takes::Text(max) => _ = parser.short_text(value, max),
        Takes::Amount => amount(parser, field.name, value),
        Takes::Currency => currency(parser, value),
        Takes::Words(words) => _ = one_of(parser, value, &themselves(&words())),
        Takes::Days => days(parser, value),
        Takes::Int(min, max) => within(parser, field.name, value, min, max),
        _ => {}
    }
}

fn currency<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) {
    let Some(text) = parser.text(value) else { return };
    if text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        parser.find(Code::VALUE_INVALID, value.span(), "`currency` is not an ISO 4217 code", "should be three capitals such as GBP");
    }
}

fn within<'u>(parser: &mut Parser<'_, 'u>, field: &str, value: &Spanned<DeValue<'u>>, min: i64, max: i64) {
    let Some(number) = parser.int(value) else { return };
    if !(min..=max).contains(&number) {
        parser.find(
            Code::VALUE_OUT_OF_RANGE,
            value.span(),
            format!("`{field}` is {number}, outside {min} to {max}"),
            format!("{min} to {max}"),
        );
    }
}

fn amount<'u>(parser: &mut Parser<'_, 'u>, field: &str, value: &Spanned<DeValue<'u>>) {
    let Some(text) = parser.text(value) else { return };
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.len() <= 12 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(cents) {
        parser.find(Code::VALUE_INVALID, value.span(), format!("`{field}` is not an amount"), "should be a text such as \"7.50\"");
    }
}

fn days<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) {
    let DeValue::Array(array) = value.get_ref() else { return parser.wrong_type(value, "a list") };
    for item in array.iter() {
        let ok = match item.get_ref() {
            DeValue::String(text) => text == "last",
            DeValue::Integer(_) => parser.int(item).is_some_and(|day| (1..=366).contains(&day)),
            _ => false,
        };
        if !ok {
            parser.find(Code::VALUE_INVALID, item.span(), "not a day of the period", "should be 1 to 366, or \"last\"");
        }
    }
}

fn msp_toml<'u>(parser: &mut Parser<'_, 'u>, table: &DeTable<'u>) -> Scope<'u> {
    parser.known_keys(table, MSP);
    let mut scope = Scope::default();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "name" => _ = parser.short_text(value, MAX_NAME),
            "defaults" => scope.read(parser, value),
            "layouts" => scope.layouts = layouts::read(parser, value),
            _ => {}
        }
    }
    scope
}

/// The text of a file, in the arena.
pub fn read<'u>(tree: &Tree, file: &FileEntry, arena: &'u Bump, diagnostics: &mut Vec<Diagnostic>) -> Option<&'u str> {
    match std::fs::read(tree.root.join(&*file.path)) {
        Ok(bytes) => decode(&file.path, arena.alloc_slice_copy(&bytes), diagnostics),
        Err(error) => {
            diagnostics.push(Diagnostic::new(Code::FILE_UNREADABLE, format!("cannot be read: {error}")).at(&file.path, 0..0, ""));
            None
        }
    }
}

/// The table of a file; every syntax error is a finding, and then there is no table.
pub fn parse<'u>(parser: &mut Parser<'_, 'u>, text: &'u str) -> Option<Spanned<DeTable<'u>>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        parser.find(Code::TOML_SYNTAX, span, error.message().replace('\n', ", "), "here");
    }
    errors.is_empty().then_some(table)
}

/// A member of a table.
pub fn member<'t, 'u>(table: &'t DeTable<'u>, name: &str) -> Option<&'t Spanned<DeValue<'u>>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
}

/// Each table of a list of tables.
pub fn each<'u>(
    parser: &mut Parser<'_, 'u>,
    value: &Spanned<DeValue<'u>>,
    mut take: impl FnMut(&mut Parser<'_, 'u>, &DeTable<'u>, Range<usize>),
) {
    let DeValue::Array(array) = value.get_ref() else {
        return parser.wrong_type(value, "a list of tables");
    };
    for item in array.iter() {
        if let Some(row) = parser.table(item) {
            take(parser, row, item.span());
        }
    }
}

/// The value of a word out of a few.
pub fn one_of<'u, T: Copy>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>, words: &[(&str, T)]) -> Option<T> {
    let text = parser.text(value)?;
    if let Some((_, found)) = words.iter().find(|(word, _)| *word == text) {
        return Some(*found);
    }
    let best = Suggest::among(words.iter().map(|(word, _)| *word)).closest(text);
    let found =
        parser.find(Code::VALUE_NOT_ONE_OF, value.span(), format!("it cannot be \"{}\"", text.escape_debug()), "not one of its values");
    found.help.extend(best.map(|best| format!("did you mean \"{best}\"?")));
    found.help.push(format!("it is one of {}", words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")));
    None
}

/// Words that stand for themselves.
fn themselves<'w>(words: &[&'w str]) -> Vec<(&'w str, &'w str)> {
    words.iter().map(|word| (*word, *word)).collect()
}

/// The texts of a list.
pub fn texts<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) -> Vec<&'u str> {
    let DeValue::Array(array) = value.get_ref() else {
        parser.wrong_type(value, "a list");
        return Vec::new();
    };
    array.iter().filter_map(|item| parser.short_text(item, MAX_LISTED)).collect()
}

fn text_of<'u>(parser: &mut Parser<'_, 'u>, row: &DeTable<'u>, name: &str, span: &Range<usize>) -> Option<&'u str> {
    let Some(value) = member(row, name) else {
        parser.find(Code::TOML_MISSING_KEY, span.clone(), format!("`{name}` is missing"), "in this table");
        return None;
    };
    parser.short_text(value, MAX_NAME)
}

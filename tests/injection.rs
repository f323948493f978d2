//! Any text in any field comes out of an independent parser as it went in, or is refused: over every pack.
#![allow(clippy::disallowed_methods, reason = "tests read their environment")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use bumpalo::Bump;
use proptest::prelude::*;
use rayon::prelude::*;
use sipress::compile::{OutFile, Sink, compile};
use sipress::diagnostic::{Diagnostic, Severity};
use sipress::run::{Options, Project};
use sipress::settings::Registry;
use sipress::vendor::{Model, Packs};
use support::{day, write};
use unicode_normalization::UnicodeNormalization;

/// Packs whose files carry any visible text.
const ANY_TEXT: [&str; 4] = ["yealink", "grandstream", "polycom", "linphone"];

/// A model of every family of every pack whose lines have names, and how a device of it is keyed.
fn models() -> &'static [(String, String)] {
    static MODELS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    MODELS.get_or_init(|| {
        let packs = Packs::new(Vec::new());
        let mut found = Vec::new();
        for pack in packs.ids().filter_map(|id| packs.get(id)) {
            let mut families = BTreeSet::new();
            let told = |model: &&Model| {
                let plan = sipress::kit::plan(pack, model, &mut Vec::new());
                // What is a picture in the end is held by the tests of pictures.
                let text = plan.files.iter().any(|file| file.spec.id == "main" && file.spec.encode.is_none());
                text && model.lines() > 0 && plan.reads(Registry::get().known("line.display_name").id)
            };
            for model in pack.models.values().filter(told) {
                if families.insert(model.families.clone()) {
                    let mac = pack.ouis.first().map_or("020000", String::as_str);
                    let key = match pack.identity.iter().any(|kind| kind == "mac") {
                        true => format!("mac = \"{mac}000001\""),
                        false => "uuid = \"f47ac10b-58cc-4372-a567-0e02b2c3d479\"".to_owned(),
                    };
                    found.push((model.id.clone(), key));
                }
            }
        }
        found
    })
}

/// Path and bytes.
type PlainFile = (String, Vec<u8>);

/// Device, path and bytes.
type DeviceFile = (Option<String>, String, Vec<u8>);

#[derive(Default)]
struct Files(Vec<DeviceFile>);

impl Sink for Files {
    fn take(&mut self, file: &OutFile<'_>, bytes: &[u8]) -> std::io::Result<()> {
        self.0.push((file.device.clone(), file.path.clone(), bytes.to_vec()));
        Ok(())
    }
}

/// The files of a phone whose every free text is this one; nothing where it is refused.
fn files(model: &str, id: &str, text: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let root = tempfile::tempdir().expect("a folder");
    let quoted = toml::Value::String(text.to_owned()).to_string();
    write(root.path(), "devices/fleet.toml", "name = \"F\"\nbase_url = \"http://prov.example.net\"\n");
    write(root.path(), "devices/acme/customer.toml", "name = \"Acme\"\n[defaults.line]\nregistrar = { host = \"sip.example.net\" }\n");
    write(root.path(), "devices/acme/extensions.toml", &format!("[101]\nname = {quoted}\n"));
    let lines = format!("[[line]]\nnumber = 1\nextension = \"101\"\nlabel = {quoted}\n");
    write(root.path(), "devices/acme/phone.toml", &format!("{id}\nmodel = \"{model}\"\n{lines}"));
    let (files, diagnostics) = compiled(root.path());
    let refused = diagnostics.iter().any(|found| found.severity == Severity::Error);
    (!refused).then(|| files.into_iter().map(|(_, path, bytes)| (path, bytes)).collect())
}

/// Device, path and bytes of all files of a fleet, and what was found.
fn compiled(root: &Path) -> (Vec<DeviceFile>, Vec<Diagnostic>) {
    let project = Project::open(root);
    let arena = Bump::new();
    let mut diagnostics = Vec::new();
    let options = Options { as_of: day(), key: None, overrides: Vec::new() };
    let context = project.context(&arena, &options, &mut diagnostics);
    let mut files = Files::default();
    for unit in project.units() {
        diagnostics.extend(compile(&context, &unit, &mut files).expect("memory").diagnostics);
    }
    (files.0, diagnostics)
}

/// All values of a file, by a parser that is not ours.
fn values(path: &str, bytes: &[u8]) -> Vec<String> {
    // A file that is not UTF-8 is ISO-8859-1, whose bytes are the first characters.
    let text = &String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.iter().copied().map(char::from).collect());
    if path.ends_with(".json") {
        let mut found = Vec::new();
        json_values(&serde_json::from_str(text).expect("JSON"), &mut found);
        return found;
    }
    if text.starts_with("<?xml") || text.starts_with('<') && path.ends_with(".xml") {
        let mut reader = quick_xml::Reader::from_str(text);
        return xml_values(&mut reader);
    }
    if text.starts_with("BEGIN:VCARD") {
        let names = text.split("\r\n").filter_map(|line| line.strip_prefix("FN:"));
        return names.map(|name| name.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n").replace("\\\\", "\\")).collect();
    }
    // Some phones want CR LF at every line's end; a return anywhere else is one that came in with a value.
    let ends = if text.lines().count() == text.matches("\r\n").count() { text.matches("\r\n").count() } else { 0 };
    assert_eq!(text.matches('\r').count(), ends, "a carriage return in {path}");
    // How a line parts its name from its value differs by vendor: what counts is that it is one line, and what it ends in.
    text.lines().map(str::to_owned).collect()
}

fn json_values(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| json_values(item, found)),
        serde_json::Value::Object(members) => members.values().for_each(|member| json_values(member, found)),
        _ => {}
    }
}

fn xml_values(reader: &mut quick_xml::Reader<&[u8]>) -> Vec<String> {
    use quick_xml::events::Event;
    let mut found = Vec::new();
    let mut open = String::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) | Event::Empty(start) => {
                found.extend(start.attributes().map(|attribute| {
                    attribute.expect("an attribute").normalized_value(quick_xml::XmlVersion::Implicit1_0).expect("escaped").into_owned()
                }));
                open.clear();
            }
            Event::Text(text) => open.push_str(&text),
            Event::GeneralRef(entity) => open.push_str(match &*entity {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" => "'",
                "#x27" | "#39" => "'",
                "#x2F" | "#47" => "/",
                other => panic!("an entity that no phone need know: {other}"),
            }),
            Event::End(_) => found.push(std::mem::take(&mut open)),
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn holds(model: &str, id: &str, text: &str) -> Result<(), TestCaseError> {
    let Some(files) = files(model, id, text) else { return Ok(()) };
    told_as_it_is(model, text, &files, &files_of_plain(model, id))
}

/// The files hold the text, and as many values as those of a plain one.
fn told_as_it_is(model: &str, text: &str, files: &[(String, Vec<u8>)], plain: &[(String, Vec<u8>)]) -> Result<(), TestCaseError> {
    let expected: String = text.nfc().collect();
    let all: Vec<String> = files.iter().flat_map(|(path, bytes)| values(path, bytes)).collect();
    let quoted = expected.replace('\\', "\\\\").replace('"', "\\\"");
    let told = all.iter().any(|value| value.contains(&expected) || value.contains(&quoted));
    prop_assert!(told || expected.trim().is_empty(), "{model} does not tell {expected:?}");
    let counts = |files: &[(String, Vec<u8>)]| -> Vec<usize> {
        files.iter().filter(|(path, _)| !path.ends_with("contacts.vcf")).map(|(path, bytes)| values(path, bytes).len()).collect()
    };
    prop_assert_eq!(counts(files), counts(plain), "a value began a line or an element of its own");
    Ok(())
}

fn files_of_plain(model: &str, id: &str) -> Vec<(String, Vec<u8>)> {
    files(model, id, "plain").unwrap_or_else(|| panic!("{model} refuses a plain text"))
}

#[test]
fn hostile_texts_stay_what_they_are() {
    let corpus = [
        "{{ 7*7 }}",
        "{% include '/etc/passwd' %}",
        "${7*7}",
        "<?php phpinfo() ?>",
        "#{7*7}",
        "]]>",
        "<!--",
        "&lt;",
        "&#10;account.1.auto_answer = 1",
        "a\" b=\"c",
        "' or '1'='1",
        "%NULL%",
        "trailing\\",
        "a = b",
        "# not a comment",
        "include:config \"x\"",
        "\u{feff}bom",
        "a\r\naccount.1.auto_answer = 1",
        "NUL\0",
        "esc\u{1b}[31m",
        "rlo\u{202e}txt",
        "سارة",
        "王小明",
        "Ελένη Παπαδοπούλου",
        "e\u{301}",
        "𝒜𝓃𝓃",
        "a,b;c:d",
    ];
    let names = ["سارة", "王小明", "Ελένη Παπαδοπούλου", "Zoë & Söhne <GmbH>", "{{ 7*7 }}", "%NULL", "O'Neil", "a = b # c"];
    models().par_iter().for_each(|(model, id)| {
        let texts: Vec<&str> = ["plain"].into_iter().chain(names).chain(corpus).collect();
        let made = files_of_all(model, id, &texts);
        let plain = made[0].as_ref().unwrap_or_else(|| panic!("{model} refuses a plain text"));
        let any_text = ANY_TEXT.contains(&model.split('/').next().unwrap_or_default());
        for (text, files) in texts.iter().zip(&made) {
            assert!(!any_text || !names.contains(text) || files.is_some(), "{model} refuses {text:?}");
            if let Some(files) = files
                && let Err(error) = told_as_it_is(model, text, files, plain)
            {
                panic!("{model} with {text:?}: {error}");
            }
        }
    });
}

/// The files of phones of one model in one fleet, each with a text of its own; nothing where it is refused.
fn files_of_all(model: &str, id: &str, texts: &[&str]) -> Vec<Option<Vec<PlainFile>>> {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), "devices/fleet.toml", "name = \"F\"\nbase_url = \"http://prov.example.net\"\n");
    write(root.path(), "devices/acme/customer.toml", "name = \"Acme\"\n[defaults.line]\nregistrar = { host = \"sip.example.net\" }\n");
    for (place, text) in texts.iter().enumerate() {
        let quoted = toml::Value::String((*text).to_owned()).to_string();
        let id = format!("{}{place:02x}\"", &id[..id.len() - 3]);
        let line = format!("[[line]]\nnumber = 1\nuser = \"101\"\ndisplay_name = {quoted}\nlabel = {quoted}\n");
        write(root.path(), &format!("devices/acme/d{place:02}.toml"), &format!("{id}\nmodel = \"{model}\"\n{line}"));
    }
    let (files, diagnostics) = compiled(root.path());
    let refused = |place: usize| {
        let path = format!("devices/acme/d{place:02}.toml");
        diagnostics
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .any(|found| found.labels.iter().any(|label| *label.path == *path))
    };
    let own = |place: usize| {
        let end = format!("{place:02x}");
        files.iter().filter(move |(id, ..)| id.as_ref().is_some_and(|id| id.ends_with(&end)))
    };
    (0..texts.len())
        .map(|place| (!refused(place)).then(|| own(place).map(|(_, path, bytes)| (path.clone(), bytes.clone())).collect()))
        .collect()
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("SIPRESS_INJECTION_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(160);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_text_comes_out_as_it_went_in(text in prop_oneof!["\\PC{1,30}", "[ -~]{1,30}", "[<>&\"'=#;%\\\\{}\\[\\] a]{1,20}", ".{1,20}"], place in 0..models().len()) {
        let (model, id) = &models()[place];
        holds(model, id, &text)?;
    }
}

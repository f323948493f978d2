//! Any text in any field comes out of an independent parser as it went in, or is refused: over every pack.
#![allow(clippy::disallowed_methods, reason = "tests read their environment")]

mod support;

use bumpalo::Bump;
use proptest::prelude::*;
use sipress::compile::{OutFile, Sink, compile};
use sipress::diagnostic::Severity;
use sipress::run::{Options, Project};
use support::{day, write};
use unicode_normalization::UnicodeNormalization;

const MODELS: &[(&str, &str)] = &[
    ("yealink/t54w", "mac = \"805ec0000001\""),
    ("grandstream/gxp2170", "mac = \"000b82000001\""),
    ("grandstream/gxp1625", "mac = \"000b82000001\""),
    ("grandstream/ht802", "mac = \"000b82000001\""),
    ("polycom/vvx450", "mac = \"0004f2000001\""),
    ("linphone/linphone", "uuid = \"f47ac10b-58cc-4372-a567-0e02b2c3d479\""),
];

#[derive(Default)]
struct Files(Vec<(String, Vec<u8>)>);

impl Sink for Files {
    fn take(&mut self, file: &OutFile<'_>, bytes: &[u8]) -> std::io::Result<()> {
        self.0.push((file.path.clone(), bytes.to_vec()));
        Ok(())
    }
}

/// The files of a phone whose every free text is this one; nothing where it is refused.
fn files(model: &str, id: &str, text: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let root = tempfile::tempdir().expect("a folder");
    let quoted = toml::Value::String(text.to_owned()).to_string();
    write(root.path(), "devices/fleet.toml", "name = \"F\"\nbase_url = \"https://prov.example.net\"\n");
    write(root.path(), "devices/acme/customer.toml", "name = \"Acme\"\n[defaults.line]\nregistrar = { host = \"sip.example.net\" }\n");
    write(root.path(), "devices/acme/extensions.toml", &format!("[101]\nname = {quoted}\n"));
    let lines = format!("[[line]]\nnumber = 1\nextension = \"101\"\nlabel = {quoted}\n");
    write(root.path(), "devices/acme/phone.toml", &format!("{id}\nmodel = \"{model}\"\n{lines}"));
    let project = Project::open(root.path());
    let arena = Bump::new();
    let mut diagnostics = Vec::new();
    let options = Options { as_of: day(), key: None, overrides: Vec::new() };
    let context = project.context(&arena, &options, &mut diagnostics);
    let mut files = Files::default();
    for unit in project.units() {
        diagnostics.extend(compile(&context, &unit, &mut files).expect("memory").diagnostics);
    }
    let refused = diagnostics.iter().any(|found| found.severity == Severity::Error);
    (!refused).then_some(files.0)
}

/// All values of a file, by a parser that is not ours.
fn values(path: &str, bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("files are UTF-8");
    if text.starts_with("<?xml") || path.ends_with(".xml") {
        let mut reader = quick_xml::Reader::from_str(text);
        return xml_values(&mut reader);
    }
    if text.starts_with("BEGIN:VCARD") {
        let names = text.split("\r\n").filter_map(|line| line.strip_prefix("FN:"));
        return names.map(|name| name.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n").replace("\\\\", "\\")).collect();
    }
    assert!(!text.contains('\r'), "a carriage return in {path}");
    text.lines().filter_map(|line| line.split_once(" = ")).map(|(_, value)| value.to_owned()).collect()
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
    let expected: String = text.nfc().collect();
    let all: Vec<String> = files.iter().flat_map(|(path, bytes)| values(path, bytes)).collect();
    let told = all.iter().any(|value| *value == expected || value.contains(&format!("\"{expected}\"")));
    prop_assert!(told || expected.trim().is_empty(), "{model} does not tell {expected:?}");
    let clean = files_of_plain(model, id);
    let counts = |files: &[(String, Vec<u8>)]| -> Vec<usize> {
        files.iter().filter(|(path, _)| !path.ends_with("contacts.vcf")).map(|(path, bytes)| values(path, bytes).len()).collect()
    };
    prop_assert_eq!(counts(&files), counts(&clean), "a value began a line or an element of its own");
    Ok(())
}

fn files_of_plain(model: &str, id: &str) -> Vec<(String, Vec<u8>)> {
    files(model, id, "plain").expect("a plain text is never refused")
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
    for (model, id) in MODELS {
        files_of_plain(model, id);
        for name in ["سارة", "王小明", "Ελένη Παπαδοπούλου", "Zoë & Söhne <GmbH>", "{{ 7*7 }}", "%NULL", "O'Neil", "a = b # c"]
        {
            assert!(files(model, id, name).is_some(), "{model} refuses {name:?}");
        }
        for text in corpus {
            if let Err(error) = holds(model, id, text) {
                panic!("{model} with {text:?}: {error}");
            }
        }
    }
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("SIPRESS_INJECTION_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(48);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_text_comes_out_as_it_went_in(text in prop_oneof!["\\PC{1,30}", "[ -~]{1,30}", "[<>&\"'=#;%\\\\{}\\[\\] a]{1,20}", ".{1,20}"], place in 0..MODELS.len()) {
        let (model, id) = MODELS[place];
        holds(model, id, &text)?;
    }
}

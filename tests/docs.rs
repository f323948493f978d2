//! The documentation says what the program does: two pages are made from its tables, every link leads somewhere,
//! every piece of TOML is TOML, and the fleets that the pages show pass `sipress check`.
//!
//! `SIPRESS_BLESS=1 cargo test --test docs` writes the generated pages again.
#![allow(clippy::disallowed_methods, reason = "a test may start the program")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sipress::diagnostic::{CODES, Severity, sink};
use sipress::kit::plan;
use sipress::settings::{Kind, Reach, Registry, Role, Setting, Subject};
use sipress::vendor::Packs;
use support::compare;

const GENERATED: &str = "<!-- Made by `SIPRESS_BLESS=1 cargo test --test docs`; do not edit. -->\n";

#[test]
fn settings_page() {
    compare("docs/settings.md", &settings(), "docs");
}

#[test]
fn findings_page() {
    compare("docs/findings.md", &findings(), "docs");
}

#[test]
fn vendors_page() {
    compare("docs/vendors.md", &vendors(), "docs");
}

/// Every pack: its models, how sure their facts are, and how much of the settings and key types they can be told.
fn vendors() -> String {
    let packs = Packs::new(Vec::new());
    let all = Registry::get().all().iter().filter(|setting| setting.role == Role::Setting && setting.kind != Kind::Table);
    let settings: Vec<&Setting> = all.collect();
    let types = &Registry::get().known("key.type").values;
    let (mut rows, mut lists, mut models) = (String::new(), String::new(), 0);
    for pack in packs.ids().filter_map(|id| packs.get(id)) {
        let plans: Vec<_> = pack.models.values().map(|model| plan(pack, model, &mut Vec::new())).collect();
        let told = settings.iter().filter(|setting| plans.iter().any(|plan| plan.reads(setting.id))).count();
        let has = |kind: usize| plans.iter().any(|plan| (0..5).any(|area| plan.keys.find(kind as u8, area).is_some()));
        let keys = (0..types.len()).filter(|kind| has(*kind)).count();
        let sure = |word: &str| pack.models.values().filter(|model| model.confidence.as_deref() == Some(word)).count();
        let _ = writeln!(
            rows,
            "| [{}](#{}) | {} | {} | {} | {} | {told} | {keys} |",
            pack.name,
            pack.id,
            plans.len(),
            sure("2+"),
            sure("1"),
            sure("bg")
        );
        let names: Vec<&str> = pack.models.values().map(|model| model.name.as_str()).collect();
        let _ = write!(lists, "\n## {}\n\n{}: {}.\n", pack.id, pack.name, names.join(", "));
        models += plans.len();
    }
    format!(
        "{GENERATED}\n# Vendors and models\n\n{} vendors, {models} models. How sure the numbers of a model are: from two or more independent sources, from one, or from memory, without a \
        public source. Settings are those of the {} that at least one of its models can be told, key types those of {}. `sipress vendors --matrix VENDOR` tells them one by one, \
        `sipress vendors VENDOR/MODEL` all that is known of a model, [what phones cannot be told](limits.md) the values that their files have no word for.\n\n| vendor | models | two sources | one | memory | settings | key types |\n|---|---|---|---|---|---|---|\n{rows}{lists}",
        packs.ids().count(),
        settings.len(),
        types.len()
    )
}

#[test]
fn every_command_has_its_section() {
    let page = read("docs/commands.md");
    let help = sipress(Path::new(env!("CARGO_MANIFEST_DIR")), &["--help"]).1;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.contains(&"build"), "{help}");
    for name in names.into_iter().filter(|name| *name != "help") {
        assert!(page.contains(&format!("\n## {name}\n")), "docs/commands.md has no section `{name}`");
    }
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages() {
        let text = read(&page);
        let folder = Path::new(&page).parent().unwrap_or(Path::new(""));
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            if file.contains("://") {
                continue;
            }
            let there = if file.is_empty() { PathBuf::from(&page) } else { folder.join(file) };
            let full = root().join(&there);
            assert!(full.exists(), "{page} links to {target}");
            let known = anchor.is_empty() || anchors(&fs::read_to_string(full).unwrap_or_default()).contains(anchor);
            assert!(known, "{page} links to {target}, and there is no such heading");
        }
    }
}

#[test]
fn every_piece_of_toml_is_toml() {
    for page in pages() {
        for block in blocks(&read(&page)).into_iter().filter(|block| block.language == "toml") {
            if let Err(error) = block.text.parse::<toml::Table>() {
                panic!("{page}:{}: {error}", block.line);
            }
        }
    }
}

/// A block whose preceding line ends in the name of a file is that file; all those of a page are one fleet.
#[test]
fn every_fleet_passes_the_check() {
    for page in pages() {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for block in blocks(&read(&page)) {
            if let Some(file) = block.file {
                assert!(files.insert(file.clone(), block.text).is_none(), "{page} shows {file} twice");
            }
        }
        if !files.contains_key("devices/fleet.toml") {
            continue;
        }
        let fleet = tempfile::tempdir().unwrap();
        for (path, text) in &files {
            let place = fleet.path().join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, text).unwrap();
        }
        let (code, _, told) = sipress(fleet.path(), &["check", "--as-of", "2026-12-01"]);
        assert_eq!(code, Some(0), "the fleet of {page}:\n{told}");
        assert!(!told.contains("warning["), "the fleet of {page}:\n{told}");
    }
}

fn settings() -> String {
    let registry = Registry::get();
    let mut areas: Vec<(&str, Vec<&Setting>)> = Vec::new();
    for setting in registry.all() {
        match areas.last_mut().filter(|(title, _)| *title == setting.area) {
            Some((_, settings)) => settings.push(setting),
            None => areas.push((&setting.area, vec![setting])),
        }
    }
    let mut page = format!("# Settings\n\n{GENERATED}\n{SETTINGS_INTRODUCTION}");
    for (title, settings) in &areas {
        let _ = writeln!(
            page,
            "- [{title}](#{}): {} settings",
            anchor(title),
            settings.iter().filter(|setting| setting.kind != Kind::Table).count()
        );
    }
    for (title, settings) in &areas {
        let _ = write!(page, "\n## {title}\n\n| name | type | limits | where | sensitivity | meaning |\n|---|---|---|---|---|---|\n");
        for setting in settings {
            let _ = writeln!(
                page,
                "| `{}` | {} | {} | {} | {} | {} |",
                setting.name,
                kind(setting),
                limits(setting),
                place(setting),
                lower(&setting.sensitivity),
                cell(&setting.doc)
            );
        }
    }
    page
}

const SETTINGS_INTRODUCTION: &str = "\
Every canonical setting: a typed value that means the same on every vendor's phones. `sipress vendors --matrix VENDOR` shows which models can be told which of them,
`sipress explain DEVICE SETTING` shows where a device has one from and what it is written as.

- **name** is the path in TOML: `time.zone` is the key `zone` in the table `[defaults.time]` of a scope, or `[time]` of a device.
  `line.…` stands in `[defaults.line]` for all lines below, and without `line.` in `[[line]]` and in `extensions.toml`.
  A name with `[]` is a part of a list of tables.
- **type**: `list` is a list in brackets; `table` has parts, named below it.
- **limits**: the smallest and largest number and the unit; the values of an enumeration; the longest text in characters; the most entries of a list.
- **where**: *device* once a device, in `[defaults]` or in the device; *device, line* also in one `[[line]]` that wants it otherwise;
  *line*, *key*, *handset*, *port*, *relay* in the tables of that name; *item* in an entry of a list.
  *record* is a field of the device itself, under the name that its meaning gives. *computed* cannot be set: templates and vendor packs read it.
  *compiler* is read by sipress and by no phone.
- **sensitivity**: what a file may hold depends on how well its path is guarded, see [security](security.md). Secrets are masked in everything that sipress prints.

";

fn kind(setting: &Setting) -> String {
    let kind = lower(&setting.kind);
    if setting.list { format!("list of {kind}") } else { kind }
}

fn limits(setting: &Setting) -> String {
    let unit = setting.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
    if !setting.values.is_empty() {
        let values = setting.values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" ");
        return if setting.kind == Kind::Map { format!("keys {values}") } else { values };
    }
    match (setting.kind, setting.min, setting.max) {
        (Kind::Port, ..) => "1 to 65535".to_owned(),
        (Kind::Dscp, ..) => "0 to 63".to_owned(),
        (Kind::Vlan, ..) => "1 to 4094".to_owned(),
        (Kind::Int, Some(min), Some(max)) => format!("{min} to {max}{unit}"),
        (_, _, Some(max)) if setting.list => format!("at most {max}"),
        (_, _, Some(max)) => format!("at most {max} characters"),
        _ => unit.trim().to_owned(),
    }
}

fn place(setting: &Setting) -> &'static str {
    match (setting.role, setting.subject) {
        (Role::Derived, _) => "computed",
        (Role::Identity, _) => "record",
        (Role::Sipress, Subject::Line) => "line, compiler",
        (Role::Sipress, Subject::Key) => "key, compiler",
        (Role::Sipress, _) => "compiler",
        (Role::Setting, Subject::Device) if setting.reach == Reach::Both => "device, line",
        (Role::Setting | Role::Place, Subject::Device) => "device",
        (Role::Setting | Role::Place, Subject::Line) => "line",
        (Role::Setting | Role::Place, Subject::Key) => "key",
        (Role::Setting | Role::Place, Subject::Handset) => "handset",
        (Role::Setting | Role::Place, Subject::Port) => "port",
        (Role::Setting | Role::Place, Subject::Relay) => "relay",
        (Role::Setting | Role::Place, Subject::Item) => "item",
    }
}

fn lower(word: &impl std::fmt::Debug) -> String {
    format!("{word:?}").to_lowercase()
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn findings() -> String {
    let mut page = format!("# Findings\n\n{GENERATED}\n{FINDINGS_INTRODUCTION}\n| code | severity | |\n|---|---|---|\n");
    for code in CODES {
        let fixed = if sink::is_fixed(*code) { ", fixed" } else { "" };
        let _ = writeln!(
            page,
            "| [`{}`](#{}) | {}{fixed} | {} |",
            code.name(),
            anchor(code.name()),
            severity(code.severity()),
            cell(code.summary())
        );
    }
    for code in CODES {
        let _ = write!(page, "\n### {}\n\n", code.name());
        let mut lines = code.text().lines().peekable();
        while let Some(line) = lines.next() {
            let Some(first) = line.strip_prefix("    ") else {
                let _ = writeln!(page, "{line}");
                continue;
            };
            let mut example = format!("{first}\n");
            while let Some(next) = lines.peek().and_then(|line| line.strip_prefix("    ")) {
                example.extend([next, "\n"]);
                lines.next();
            }
            let language = if example.parse::<toml::Table>().is_ok() { "toml" } else { "text" };
            let _ = write!(page, "\n```{language}\n{example}```\n");
            page.push_str(if lines.peek().is_some() { "\n" } else { "" });
        }
    }
    page
}

const FINDINGS_INTRODUCTION: &str = "\
Every kind of finding: its code, its default severity and what `sipress explain CODE` prints.

Errors fail a run, and a failed run writes nothing. A fleet overrides severities in `fleet.toml` (`[policy.diagnostics]`), a run by `--deny`, `--warn` and `--allow`;
those marked *fixed* are always errors, because nothing right could be written. See the [fleet reference](fleet-reference.md#policy-and-findings).
";

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The generated page against the one in the repository; blessed, it is written.
struct Block {
    language: String,
    /// The file that the line before the block names.
    file: Option<String>,
    line: usize,
    text: String,
}

/// The fenced blocks of a page.
fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    let mut before = "";
    for (place, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(language), false) => {
                blocks.push(Block { language: language.to_owned(), file: file_named(before), line: place + 2, text: String::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => blocks.iter_mut().last().unwrap().text.extend([line, "\n"]),
            (None, false) if !line.trim().is_empty() => before = line,
            (None, false) => {}
        }
        if line.starts_with("```") {
            before = "";
        }
    }
    assert!(!open, "a block is not closed");
    blocks
}

/// The file that a line such as "The customer, `devices/acme/customer.toml`:" introduces.
fn file_named(line: &str) -> Option<String> {
    let (_, name) = line.strip_suffix("`:")?.rsplit_once('`')?;
    ["devices/", "vendors/"].iter().any(|folder| name.starts_with(folder)).then(|| name.to_owned())
}

fn anchors(page: &str) -> BTreeSet<String> {
    let mut inside = false;
    let lines = page.lines().filter(|line| {
        inside ^= line.starts_with("```");
        !inside
    });
    lines.filter(|line| line.starts_with('#')).map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

/// The anchor that forges make of a heading.
fn anchor(title: &str) -> String {
    title
        .to_lowercase()
        .chars()
        .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_'))
        .map(|character| if character == ' ' { '-' } else { character })
        .collect()
}

fn pages() -> Vec<String> {
    let mut pages: Vec<String> = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned).to_vec();
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| format!("docs/{}", entry.unwrap().file_name().to_string_lossy()));
    pages.extend(docs.filter(|name| name.ends_with(".md")));
    pages.sort();
    pages
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs sipress in a folder: exit code, stdout, stderr.
fn sipress(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_sipress")).args(arguments).current_dir(folder).env_remove("SIPRESS_KEY").output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

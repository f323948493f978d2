//! A fleet as the compiler resolves it, and the site that it builds.

use std::fs;
use std::path::Path;

use bumpalo::Bump;
use sipress::compile::{Compiled, Worker};
use sipress::model::phonebook::Contact;
use sipress::run::{Failure, Options, Project};
use sipress::settings::{Device, Element, Registry, Setting, Slot, Val};
use sipress::vendor::Model;

/// The day that tests build for.
const DAY: jiff::civil::Date = jiff::civil::date(2026, 12, 1);

pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Copies a folder with all below it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

pub fn write(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("a new folder");
    fs::write(file, text).expect("a new file");
}

fn options() -> Options {
    Options { as_of: DAY, key: None, overrides: Vec::new() }
}

/// Builds the fleet at `root` with its demo key; the site is below `out/site`.
pub fn build(root: &Path, out: &Path) {
    let project = Project::open(root);
    let problem = match sipress::run::build(&project, &options(), &Default::default(), out, &|_| {}) {
        Ok(built) => {
            assert!(built.demo, "built with another key");
            return;
        }
        Err(Failure::Errors(report, _)) => report
            .diagnostics
            .iter()
            .filter(|found| found.severity == sipress::diagnostic::Severity::Error)
            .map(|found| format!("{} {:?}", found.message, found.notes))
            .collect::<Vec<_>>()
            .join("\n"),
        Err(Failure::NoKey) => "no key".to_owned(),
        Err(Failure::Overrides(problems)) => problems.join("\n"),
        Err(Failure::Selection(problem) | Failure::Parts(problem)) => problem,
        Err(Failure::Device(_)) => "nothing was asked about a device".to_owned(),
        Err(Failure::Output(error)) => format!("{error:?}"),
    };
    panic!("{}: {problem}", root.display());
}

/// A device of the fleet, resolved.
pub struct Resolved<'r, 'u> {
    pub vendor: &'r str,
    pub model: &'r Model,
    pub compiled: &'r Compiled<'u>,
    pub device: &'r Device<'u>,
    /// Whether it has its accounts today.
    pub enabled: bool,
    /// What it asks for: a folder or a file.
    pub url: String,
    /// The contacts of its book, in their order.
    pub contacts: Vec<Contact>,
    /// Where `url` begins, served by us.
    pub base_url: &'r str,
}

/// Calls `visit` for every device of the fleet at `root`.
pub fn each(root: &Path, mut visit: impl FnMut(&Resolved)) {
    let project = Project::open(root);
    let arena = Bump::new();
    let context = project.context(&arena, &options(), &mut Vec::new());
    for unit in project.units() {
        let arena = Bump::new();
        let docs = unit.read(context.tree, &context.fleet, &arena, &mut Vec::new());
        let mut worker = Worker::new(&context, &unit, &docs, &arena);
        for (doc, place) in &docs.devices {
            let Some(compiled) = worker.resolve(doc, *place) else {
                continue;
            };
            let book = compiled.book.as_ref().map(|book| book.assemble(&docs));
            let contacts = book.into_iter().flat_map(|book| book.contacts).map(|contact| (*contact).clone()).collect();
            let model = &compiled.plan.model;
            let vendor = model.id.split('/').next().unwrap_or_default();
            let place = match vendor {
                "linphone" | "panasonic" => "file.main.url",
                _ => "prov.url",
            };
            let url = text(place, device_slot(&compiled.device, place)).map(|url| match vendor {
                // The phone puts its own address in.
                "snom" => format!("{url}{{mac}}.xml"),
                _ => url,
            });
            visit(&Resolved {
                vendor,
                model,
                compiled: &compiled,
                device: &compiled.device,
                enabled: compiled.enabled,
                url: url.expect("every device has a URL"),
                contacts,
                base_url: context.fleet.base_url,
            });
        }
    }
}

pub fn setting(name: &str) -> &'static Setting {
    Registry::get().known(name)
}

pub fn device_slot<'u>(device: &Device<'u>, name: &str) -> Slot<'u> {
    device.slot(setting(name))
}

/// The canonical spelling, if there is a value.
pub fn text(name: &str, slot: Slot) -> Option<String> {
    let mut spelled = String::new();
    slot.value.spell(setting(name).id, &mut spelled);
    slot.value.is_set().then_some(spelled)
}

pub fn device_text(device: &Device, name: &str) -> Option<String> {
    text(name, device_slot(device, name))
}

pub fn element_text(element: &Element, name: &str) -> Option<String> {
    text(name, element.slot(setting(name)))
}

pub fn number<T: TryFrom<i64>>(slot: Slot) -> Option<T> {
    T::try_from(slot.value.int()?).ok()
}

/// The word of an enumeration.
pub fn word(name: &str, value: Val) -> Option<&'static str> {
    match value {
        Val::Enum(index) => Some(setting(name).values[usize::from(index)].as_str()),
        _ => None,
    }
}

/// The words of a list of an enumeration.
pub fn words(name: &str, slot: Slot) -> Vec<&'static str> {
    match slot.value {
        Val::List(items) => items.iter().filter_map(|item| word(name, *item)).collect(),
        _ => Vec::new(),
    }
}

//! `vendors new` and `vendors test`

use std::path::{Path, PathBuf};

use super::args::{Global, Kit};
use super::output::{Exit, Output, count};
use crate::diagnostic::visible;
use crate::kit::{self, Aspect, Golden, Wanted};
use crate::run::Project;
use crate::vendor::{PackSource, Packs};

/// The day that goldens are made for: they must not change with the calendar.
const DAY: jiff::civil::Date = jiff::civil::date(2026, 12, 1);

pub fn run(global: &Global, own: &Kit, output: &Output) -> Exit {
    match own {
        Kit::New { name } => new(global, name, output),
        Kit::Test { pack, devices, bless } => test(global, pack, *devices, *bless, output),
    }
}

fn new(global: &Global, name: &str, output: &Output) -> Exit {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(legal) || name.starts_with('-') {
        return output
            .fail(&format!("\"{}\" cannot be a vendor's id", visible(name)), "it has lower case letters, digits and `-`, as in cisco-spa");
    }
    let root = match super::setup::root(global, output) {
        Ok(root) => root,
        Err(exit) => return exit,
    };
    match kit::scaffold(&root, name) {
        Ok(files) => {
            files.iter().for_each(|file| output.status("Wrote", file));
            output.say(&format!(
                "\nnext: sipress vendors test {name} --bless, read tests/vendors/{name}/one.golden, then put the phone's own names into the tables"
            ));
            Exit::Done
        }
        Err(error) => output.fail(&error.to_string(), ""),
    }
}

fn test(global: &Global, pack: &Path, devices: Option<usize>, bless: bool, output: &Output) -> Exit {
    let (vendor, root) = place(global, pack);
    let sources = root.as_ref().map(|root| Project::open(root).own_packs).unwrap_or_default();
    let packs = Packs::new(sources.clone());
    let Some(vendor) = vendor.filter(|vendor| packs.ids().any(|id| id == vendor)) else {
        return output.fail(
            &format!("there is no pack \"{}\"", visible(&pack.to_string_lossy())),
            "it is a vendor's id, or a folder of a fleet's vendors/",
        );
    };
    let models = packs.get(&vendor).map_or(0, |pack| pack.models.len());
    let devices = devices.unwrap_or_else(|| (3 * models).max(60));
    let zones: Vec<&str> = crate::vendor::time::all().collect();
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return output.fail(&format!("no temporary folder can be made: {error}"), ""),
    };
    let trial = kit::trial(&sources, &vendor, folder.path(), Wanted { devices, zones: &zones, as_of: DAY }).and_then(|mut aspects| {
        if let Some(root) = &root {
            aspects.extend(goldens(&sources, &root.join("tests/vendors").join(&vendor), &folder.path().join("goldens"), bless)?);
        }
        Ok(aspects)
    });
    match trial {
        Ok(aspects) => match output.result(&told(&vendor, &aspects)) {
            Exit::Done if aspects.iter().any(|aspect| !aspect.broken.is_empty()) => Exit::Errors,
            exit => exit,
        },
        Err(error) => output.fail(&format!("the pack cannot be tried: {error}"), ""),
    }
}

/// The vendor that is meant, and the root that its folder belongs to.
fn place(global: &Global, pack: &Path) -> (Option<String>, Option<PathBuf>) {
    let vendor = pack.file_name().map(|name| name.to_string_lossy().into_owned());
    let folder = pack.canonicalize().ok().filter(|folder| folder.join("vendor.toml").is_file());
    let root = folder.as_deref().and_then(Path::parent).filter(|vendors| vendors.ends_with("vendors")).and_then(Path::parent);
    (vendor, root.map(Path::to_owned).or_else(|| super::setup::find_root(global)))
}

fn goldens(packs: &[PackSource], folder: &Path, aside: &Path, bless: bool) -> std::io::Result<Option<Aspect>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(None) };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "golden"));
    paths.sort();
    let (mut broken, mut settings) = (Vec::new(), 0);
    for path in &paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let golden = Golden::parse(&std::fs::read_to_string(path)?);
        let made = golden.make(packs, &aside.join(&*name), DAY)?;
        settings += made.settings as u64;
        broken.extend(made.findings.iter().map(|found| format!("{name}: {found}")));
        if bless {
            std::fs::write(path, golden.renewed(&made.files))?;
        } else {
            broken.extend(golden.differences(&made.files).iter().map(|what| format!("{name}: {what}")));
        }
    }
    let told = format!("{}, {} read back equal", count(paths.len() as u64, "golden"), count(settings, "setting"));
    Ok(Some(Aspect { name: "goldens", told, broken }))
}

/// Most complaints that are told of one aspect.
const MOST: usize = 40;

fn told(vendor: &str, aspects: &[Aspect]) -> String {
    let mut text = format!("{vendor}\n");
    for aspect in aspects {
        let word = if aspect.broken.is_empty() { "ok" } else { "FAILED" };
        text.push_str(&format!("  {:<12} {word:<7} {}\n", aspect.name, aspect.told));
        for broken in aspect.broken.iter().take(MOST) {
            text.push_str(&format!("      {}\n", visible(broken)));
        }
        if aspect.broken.len() > MOST {
            text.push_str(&format!("      and {} more\n", aspect.broken.len() - MOST));
        }
    }
    text
}

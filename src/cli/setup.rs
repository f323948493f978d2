//! What a command needs from outside: the root, the day, the key; and what shells and editors need from us.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::args::{Findings, Global, Key, Schema};
use super::output::{Exit, Output};
use crate::diagnostic::sink::Level;
use crate::run::{Options, Shard};
use crate::secret::FleetKey;

/// The fleet's root.
pub fn root(global: &Global, output: &Output) -> Result<PathBuf, Exit> {
    if let Some(root) = &global.root {
        return match root.join("devices/fleet.toml").is_file() {
            true => Ok(root.clone()),
            false => Err(output.fail(&format!("{} holds no devices/fleet.toml", root.display()), "`sipress init` makes a fleet")),
        };
    }
    find_root(global)
        .ok_or_else(|| output.fail("there is no devices/fleet.toml here or above", "`sipress init` makes a fleet, --root names one"))
}

/// The fleet's root, if there is one.
pub fn find_root(global: &Global) -> Option<PathBuf> {
    let is_root = |folder: &&Path| folder.join("devices/fleet.toml").is_file();
    match &global.root {
        Some(root) => Some(root.clone()).filter(|root| is_root(&root.as_path())),
        None => std::env::current_dir().ok()?.ancestors().find(is_root).map(Path::to_owned),
    }
}

/// The day of the build: as told, else SOURCE_DATE_EPOCH, else today in UTC.
pub fn day(told: Option<Date>, output: &Output) -> Result<Date, Exit> {
    if let Some(day) = told {
        return Ok(day);
    }
    let Ok(epoch) = std::env::var("SOURCE_DATE_EPOCH") else {
        return Ok(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date());
    };
    let stamp = epoch.trim().parse().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    stamp
        .map(|stamp| stamp.to_zoned(jiff::tz::TimeZone::UTC).date())
        .ok_or_else(|| output.fail("SOURCE_DATE_EPOCH is not a number of seconds", "unset it or use --as-of"))
}

/// The fleet's key, if one is at hand.
pub fn key(own: &Key, root: &Path, output: &Output) -> Result<Option<FleetKey>, Exit> {
    let Some((text, place)) = find_key(own, root, output)? else { return Ok(None) };
    let key = FleetKey::parse(&text)
        .ok_or_else(|| output.fail(&format!("{place} is not 64 hexadecimal digits"), "`openssl rand -hex 32` makes a key"))?;
    if output.verbose {
        output.status("Key", &format!("from {place}"));
    }
    Ok(Some(key))
}

/// The text of the key and the place that it is from.
fn find_key(own: &Key, root: &Path, output: &Output) -> Result<Option<(String, String)>, Exit> {
    if let Some(file) = &own.key_file {
        return match std::fs::read_to_string(file) {
            Ok(text) => Ok(Some((text, file.display().to_string()))),
            Err(error) => Err(output.fail(&format!("{} cannot be read: {error}", file.display()), "it holds 64 hexadecimal digits")),
        };
    }
    if let Ok(text) = std::env::var("SIPRESS_KEY") {
        return Ok(Some((text, "SIPRESS_KEY".to_owned())));
    }
    Ok(std::fs::read_to_string(root.join("sipress.key")).ok().map(|text| (text, "sipress.key".to_owned())))
}

/// Tells, when more is wanted, what a run works with: the fleet's own packs, and the files it reads.
pub fn say_inputs(project: &crate::run::Project, output: &Output) {
    if !output.verbose {
        return;
    }
    output.status("Root", &project.root.display().to_string());
    let mut own: Vec<&str> = project.own_packs.iter().filter_map(|source| source.path.split('/').nth(1)).collect();
    own.dedup();
    let own = if own.is_empty() { "none of the fleet's own".to_owned() } else { format!("the fleet's own: {}", own.join(", ")) };
    output.status("Packs", &format!("{} built in or its own; {own}", project.packs.ids().count()));
    output.status("Files", &format!("{} below devices/", project.tree.devices_count()));
}

/// The part that a CI system or a cluster says this process is.
pub fn own_shard() -> Option<Shard> {
    let number = |name: &str| std::env::var(name).ok()?.trim().parse::<u32>().ok();
    let from_zero = |index: &str, of: &str| Some(Shard { index: number(index)?.checked_add(1)?, of: number(of)? });
    let gitlab = || Some(Shard { index: number("CI_NODE_INDEX")?, of: number("CI_NODE_TOTAL")? });
    from_zero("JOB_COMPLETION_INDEX", "SIPRESS_SHARDS")
        .or_else(gitlab)
        .or_else(|| from_zero("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL"))?
        .sound()
}

/// What a run is told, out of the arguments.
pub fn options(findings: &Findings, key: Option<FleetKey>, output: &Output) -> Result<Options, Exit> {
    let levels = [(&findings.deny, Level::Deny), (&findings.warn, Level::Warn), (&findings.allow, Level::Allow)];
    let overrides = levels.into_iter().flat_map(|(codes, level)| codes.iter().map(move |code| (code.clone(), level))).collect();
    Ok(Options { as_of: day(findings.as_of, output)?, key, overrides })
}

/// `schema`
pub fn schema(own: &Schema, output: &Output) -> Exit {
    let kinds = crate::schema::kinds();
    if let Some(folder) = &own.out {
        for kind in kinds {
            let text = text_of(kind);
            if let Err(error) = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(folder.join(format!("{kind}.json")), text)) {
                return output.fail(&format!("{} cannot be written: {error}", folder.display()), "");
            }
        }
        return Exit::Done;
    }
    match own.kind.as_deref() {
        Some(kind) if kinds.contains(&kind) => output.result(&text_of(kind)),
        _ => output.fail("which kind of file?", &format!("one of {}, or --out DIR for all", kinds.join(", "))),
    }
}

fn text_of(kind: &str) -> String {
    let value = crate::schema::schema(kind).unwrap_or_default();
    format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default())
}

/// `completions`
pub fn completions(shell: clap_complete::Shell, command: &mut clap::Command, output: &Output) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, command, "sipress", &mut text);
    output.result(&String::from_utf8_lossy(&text))
}

/// `man`
pub fn man(out: Option<&Path>, command: clap::Command, output: &Output) -> Exit {
    if let Some(folder) = out {
        return match std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder)) {
            Ok(()) => Exit::Done,
            Err(error) => output.fail(&format!("{} cannot be written: {error}", folder.display()), ""),
        };
    }
    let mut text = Vec::new();
    match clap_mangen::Man::new(command).render(&mut text) {
        Ok(()) => output.result(&String::from_utf8_lossy(&text)),
        Err(error) => output.fail(&error.to_string(), ""),
    }
}

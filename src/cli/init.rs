//! `init`

use std::path::Path;

use super::args::Init;
use super::output::{Exit, Output};

const FILES: &[(&str, &str)] = &[
    ("devices/fleet.toml", include_str!("init/fleet.toml")),
    ("devices/packages.toml", include_str!("init/packages.toml")),
    ("devices/example/customer.toml", include_str!("init/customer.toml")),
    ("devices/example/extensions.toml", include_str!("init/extensions.toml")),
    ("devices/example/phonebook.toml", include_str!("init/phonebook.toml")),
    ("devices/example/reception.toml", include_str!("init/reception.toml")),
    ("devices/example/workshop.toml", include_str!("init/workshop.toml")),
];

pub fn run(own: &Init, output: &Output) -> Exit {
    if own.dir.join("devices").exists() {
        return output.fail(&format!("{} holds a devices folder already", own.dir.display()), "`sipress check` looks at it");
    }
    match scaffold(&own.dir) {
        Ok(()) => {
            output.status("Created", &format!("a fleet of two phones in {}", own.dir.display()));
            output.status("Key", "sipress.key, which git ignores: keep a copy in a safe place, all passwords come from it");
            output.say("\n  Next: edit devices/fleet.toml and devices/example/, then sipress check and sipress build");
            Exit::Done
        }
        Err(error) => output.fail(&format!("{} cannot be written: {error}", own.dir.display()), ""),
    }
}

fn scaffold(dir: &Path) -> std::io::Result<()> {
    for (path, text) in FILES {
        let place = dir.join(path);
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(place, text)?;
    }
    schemas(&dir.join("schemas"))?;
    ignore(&dir.join(".gitignore"))?;
    new_key(&dir.join("sipress.key"))
}

fn schemas(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for kind in crate::schema::kinds() {
        let value = crate::schema::schema(kind).unwrap_or_default();
        std::fs::write(folder.join(format!("{kind}.json")), format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default()))?;
    }
    Ok(())
}

fn ignore(place: &Path) -> std::io::Result<()> {
    let known = std::fs::read_to_string(place).unwrap_or_default();
    let missing: Vec<&str> =
        ["/out", "/parts", "/sipress.key"].into_iter().filter(|line| !known.lines().any(|known| known == *line)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let gap = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
    std::fs::write(place, format!("{known}{gap}{}\n", missing.join("\n")))
}

/// A key of 32 random bytes that only its owner can read; one that is there stays.
fn new_key(place: &Path) -> std::io::Result<()> {
    use std::io::Write;
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    match open.open(place) {
        Ok(mut file) => writeln!(file, "{}", data_encoding::HEXLOWER.encode(&bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

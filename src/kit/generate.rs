//! Fleets out of a seed: devices of every model, every setting that the model can be told, hostile but legal texts.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use crate::settings::{Kind, Reach, Registry, Role, Setting, Subject};
use crate::vendor::{Packs, Plan};

/// A small generator of numbers; the same seed gives the same fleet anywhere.
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next number.
    #[expect(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }

    /// True once in so many times.
    pub fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == 0
    }

    /// A word of a list.
    pub fn word<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    /// An entry of a list that is not empty.
    pub fn pick<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}

const TEXTS: &[&str] = &[
    "Ann Lee",
    "Jones & Söhne",
    "<b>\"x\"</b>",
    "O'Neil",
    "Ελένη",
    "سارة",
    "王小明",
    "50% off; now",
    "a=b #c",
    "%NULL%",
    "{{ 7*7 }}",
    "x\\y",
    "]]>",
    "[opt]",
    "tab-less",
    "1,2;3|4",
];
const HOSTS: &[&str] = &["sip.example.net", "192.0.2.7", "2001:db8::7", "a-b.example", "x.example"];
const ZONES: &[&str] = &[
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Tokyo",
    "America/Nuuk",
    "Pacific/Auckland",
    "UTC",
    "America/St_Johns",
];

/// Writes a fleet of `devices` devices in customers of a hundred below `root/devices`. Fails where the folder cannot be written.
pub fn fleet(root: &Path, packs: &Packs, vendors: &[&str], devices: usize, seed: u64) -> io::Result<()> {
    let mut dice = Dice::new(seed);
    write(root, "devices/fleet.toml", FLEET)?;
    let models: Vec<(std::sync::Arc<crate::vendor::Pack>, String)> = vendors
        .iter()
        .filter_map(|id| packs.get(id))
        .flat_map(|pack| pack.models.values().map(move |model| (pack.clone(), model.id.clone())))
        .collect();
    for number in 0..devices {
        let customer = format!("c{:03}", number / 100);
        if number.is_multiple_of(100) {
            write(root, &format!("devices/{customer}/customer.toml"), CUSTOMER)?;
        }
        let Some((pack, id)) = models.get(number % models.len().max(1)) else { break };
        let Some(model) = pack.model(id.split('/').nth(1).unwrap_or_default()) else { continue };
        let plan = super::plan(pack, model, &mut Vec::new());
        write(root, &format!("devices/{customer}/d{number:05}.toml"), &device(&mut dice, &plan, number))?;
    }
    Ok(())
}

/// Writes a fleet of a device for each of these zones and each family of a pack, in a customer a family.
pub fn zones(root: &Path, pack: &std::sync::Arc<crate::vendor::Pack>, zones: &[&str]) -> io::Result<()> {
    write(root, "devices/fleet.toml", &FLEET.replace("https:", "http:"))?;
    let mut families = std::collections::BTreeSet::new();
    let first = pack.models.values().filter(|model| families.insert(model.families.clone()));
    for (family, model) in first.enumerate() {
        let plan = super::plan(pack, model, &mut Vec::new());
        write(root, &format!("devices/f{family:03}/customer.toml"), CUSTOMER)?;
        let mut text = String::new();
        for (number, zone) in zones.iter().enumerate() {
            let identity = identity(&plan, family * 1000 + number);
            let _ = writeln!(text, "[[device]]\n{identity}model = \"{}\"\ntime.zone = \"{zone}\"", plan.model.id);
        }
        write(root, &format!("devices/f{family:03}/zones.toml"), &text)?;
    }
    Ok(())
}

/// Writes a fleet of two devices a model: one line, and all lines, keys, modules, handsets and ports.
pub fn extremes(root: &Path, pack: &std::sync::Arc<crate::vendor::Pack>) -> io::Result<()> {
    // Old phones fetch without TLS.
    write(root, "devices/fleet.toml", &FLEET.replace("https:", "http:"))?;
    write(root, "devices/c/customer.toml", CUSTOMER)?;
    for (number, model) in pack.models.values().enumerate() {
        let plan = super::plan(pack, model, &mut Vec::new());
        write(root, &format!("devices/c/{}-one.toml", model.short()), &sized(&plan, 2 * number, false))?;
        write(root, &format!("devices/c/{}-full.toml", model.short()), &sized(&plan, 2 * number + 1, true))?;
    }
    Ok(())
}

const FLEET: &str = "name = \"Generated\"\nbase_url = \"https://prov.example.net\"\ndemo_key = \"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\"\n[policy]\nplaintext_secrets = \"allow\"\n";
const CUSTOMER: &str = "name = \"Customer\"\n[defaults.line]\nregistrar = { host = \"sip.example.net\" }\n";

/// A file below a root, its folders made. Fails where they cannot be written.
pub fn write(root: &Path, path: &str, text: &str) -> io::Result<()> {
    let place = root.join(path);
    place.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(place, text)
}

/// A device at its smallest or at its fullest.
fn sized(plan: &Plan, number: usize, full: bool) -> String {
    let mut text = identity(plan, number);
    let _ = writeln!(text, "model = \"{}\"\nlabel = \"d{number}\"", plan.model.id);
    let lines = if full { plan.model.lines() } else { plan.model.lines().min(1) };
    for place in 1..=lines {
        let _ = writeln!(text, "[[line]]\nnumber = {place}\nuser = \"2{number:04}{place:03}\"\ndisplay_name = \"Desk {place}\"");
    }
    let all = plan.model.number("handsets").clamp(0, 1000);
    for place in 1..=if full { all } else { all.min(1) } {
        let _ = writeln!(text, "[[handset]]\nnumber = {place}\nname = \"Handset {place}\"");
    }
    if full {
        every_key(&mut text, plan);
    }
    text
}

/// A key at every position, of every type in turn.
fn every_key(text: &mut String, plan: &Plan) {
    let areas = &Registry::get().known("key.area").values;
    for (area, name) in areas.iter().enumerate() {
        let kinds = key_types(plan, area);
        let per_module = plan.model.number("module_keys").max(1);
        for position in 1..=i64::from(plan.model.keys(name)) {
            let Some(kind) = kinds.get(position as usize % kinds.len().max(1)) else { break };
            let place = if name == "expansion" {
                format!("module = {}\nposition = {}", (position - 1) / per_module + 1, (position - 1) % per_module + 1)
            } else {
                format!("position = {position}")
            };
            let line = if plan.model.lines() > 0 { "line = 1\n" } else { "" };
            let _ = writeln!(
                text,
                "[[key]]\narea = \"{name}\"\n{place}\ntype = \"{kind}\"\nvalue = \"1{position:03}\"\nlabel = \"Key {position}\"\n{line}"
            );
        }
    }
}

/// The types that a model's keys of an area can have, `none` left out.
fn key_types(plan: &Plan, area: usize) -> Vec<&'static str> {
    let types = Registry::get().known("key.type").values.iter().enumerate();
    types
        .filter(|(kind, name)| *name != "none" && plan.keys.find(*kind as u8, area as u8).is_some())
        .map(|(_, name)| name.as_str())
        .collect()
}

fn identity(plan: &Plan, number: usize) -> String {
    if plan.pack.identity.iter().any(|kind| kind == "mac") {
        let oui = plan.pack.ouis.first().map_or("020000", String::as_str);
        return format!("mac = \"{oui}{number:06x}\"\n");
    }
    format!("uuid = \"f47ac10b-58cc-4372-a567-{number:012x}\"\n")
}

fn device(dice: &mut Dice, plan: &Plan, number: usize) -> String {
    let mut text = identity(plan, number);
    let _ = writeln!(text, "model = \"{}\"\nlabel = \"d{number}\"", plan.model.id);
    for setting in told(plan, Subject::Device) {
        if dice.one_in(3) {
            line(&mut text, &setting.name, setting, dice);
        }
    }
    let lines = if plan.model.lines() == 0 { 0 } else { 1 + dice.below(plan.model.lines().min(8) as usize) };
    for place in 1..=lines {
        let _ = writeln!(text, "[[line]]\nnumber = {place}\nuser = \"2{number:05}{place}\"");
        for setting in told(plan, Subject::Line) {
            let own = setting.name.trim_start_matches("line.");
            let skip = matches!(setting.name.as_str(), "line.number" | "line.user" | "line.extension" | "line.enabled");
            if !skip && dice.one_in(3) {
                line(&mut text, own, setting, dice);
            }
        }
    }
    keys(&mut text, dice, plan, lines);
    parts(&mut text, dice, plan, lines);
    text
}

/// Settings of a subject that the model reads. What several lines may not differ in is left to the device.
fn told(plan: &Plan, subject: Subject) -> Vec<&'static Setting> {
    let all = Registry::get().all().iter();
    all.filter(|setting| {
        setting.subject == subject && setting.role == Role::Setting && plan.reads(setting.id) && setting.kind != Kind::Table
    })
    .filter(|setting| setting.reach != Reach::Both || subject == Subject::Device)
    .collect()
}

fn line(text: &mut String, name: &str, setting: &Setting, dice: &mut Dice) {
    if matches!(setting.name.as_str(), "prov.url" | "firmware.version" | "sip.stun.port" | "media.rtp_ports.start" | "media.rtp_ports.end")
        || setting.name.starts_with("key.") && setting.subject == Subject::Device
    {
        return;
    }
    if let Some(value) = value(setting, dice) {
        let _ = writeln!(text, "{name} = {value}");
    }
}

fn value(setting: &Setting, dice: &mut Dice) -> Option<String> {
    if setting.list {
        let mut items: Vec<String> = (0..1 + dice.below(setting.values.len().clamp(2, 6))).filter_map(|_| scalar(setting, dice)).collect();
        items.sort();
        items.dedup();
        items.truncate(if setting.kind == Kind::Int { 8 } else { setting.max.unwrap_or(8).clamp(1, 8) as usize });
        if setting.name == "line.dtmf" && items.len() > 1 {
            items.retain(|item| item != "\"auto\"");
        }
        return Some(format!("[{}]", items.join(", ")));
    }
    match setting.kind {
        Kind::Records => records(setting, dice),
        Kind::Map => None,
        _ => scalar(setting, dice),
    }
}

fn records(setting: &Setting, dice: &mut Dice) -> Option<String> {
    let prefix = format!("{}[].", setting.name);
    let parts: Vec<&Setting> = Registry::get().all().iter().filter(|part| part.name.starts_with(&prefix)).collect();
    let rows: Vec<String> = (0..1 + dice.below(2))
        .map(|_| {
            let parts: Vec<String> = parts
                .iter()
                .filter_map(|part| Some(format!("{} = {}", part.name.trim_start_matches(&prefix), scalar(part, dice)?)))
                .collect();
            format!("{{ {} }}", parts.join(", "))
        })
        .collect();
    Some(format!("[{}]", rows.join(", ")))
}

fn scalar(setting: &Setting, dice: &mut Dice) -> Option<String> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    Some(match setting.kind {
        Kind::Bool => dice.one_in(2).to_string(),
        Kind::Int => number(setting, dice).to_string(),
        Kind::Port => (1 + dice.below(65535)).to_string(),
        Kind::Dscp => dice.below(64).to_string(),
        Kind::Vlan => (1 + dice.below(4094)).to_string(),
        Kind::Enum => quoted(dice.pick(&setting.values).as_str()),
        Kind::Host => quoted(dice.word(HOSTS)),
        Kind::Ip => quoted(dice.word(&["192.0.2.1", "198.51.100.9", "2001:db8::1"])),
        Kind::Cidr => quoted("192.0.2.0/24"),
        Kind::Url => quoted(dice.word(&["https://files.example.net/a/b.rom", "http://192.0.2.1:8080/x.xml?y=1", "https://h.example/"])),
        Kind::Asset => quoted(dice.word(&["https://files.example.net/a/b.png", "http://192.0.2.1:8080/x.bmp?y=1", "https://h.example/"])),
        Kind::Zone => quoted(dice.word(ZONES)),
        Kind::Language => quoted(dice.word(&["en", "de", "fr", "es", "it", "pt-BR", "zh", "ru"])),
        Kind::Country => quoted(dice.word(&["GB", "US", "DE", "FR", "IT", "AU"])),
        Kind::Clock => quoted(&format!("{:02}:{:02}", dice.below(24), 15 * dice.below(4))),
        Kind::Dial => quoted(dice.word(&["*97", "+442079460101", "101", "#31#", "0.00"])),
        Kind::DigitMap => quoted(dice.word(&[
            "112|0xx.T",
            "[2-9]xxx|*xx.T",
            "11[02]|00xx.T|[1-9][1-9].T",
            "x.T",
            "112|1T",
            "112|<00:+>xx.T",
            "<:9>[2-8]xx|<9:>1x|<999:112>",
        ])),
        Kind::Extension => quoted(dice.word(&["101", "ann.lee", "a_b-c", "+4930"])),
        Kind::String if setting.name.ends_with("password") => quoted(&format!("pw-{:016x}", dice.next())),
        Kind::String => {
            let text = dice.word(TEXTS);
            let max = setting.max.unwrap_or(64) as usize;
            quoted(&text.chars().take(max).collect::<String>())
        }
        Kind::Table | Kind::Records | Kind::Map => return None,
    })
}

/// Round numbers mostly: minutes and hours divide.
fn number(setting: &Setting, dice: &mut Dice) -> i64 {
    let (min, max) = (setting.min.unwrap_or(0), setting.max.unwrap_or(86400));
    let step = if setting.unit.as_deref() == Some("s") && max >= 3600 { 3600 } else { 1 };
    let span = ((max - min) / step).clamp(0, 1000) as usize;
    let raw = min + step * dice.below(span + 1) as i64;
    (raw - raw.rem_euclid(step)).clamp(min, max)
}

fn keys(text: &mut String, dice: &mut Dice, plan: &Plan, lines: usize) {
    let types = &Registry::get().known("key.type").values;
    for (area, name) in Registry::get().known("key.area").values.iter().enumerate() {
        let room = plan.model.keys(name) as usize;
        let kinds: Vec<&String> =
            types.iter().enumerate().filter(|(kind, _)| plan.keys.find(*kind as u8, area as u8).is_some()).map(|(_, name)| name).collect();
        if room <= lines || kinds.is_empty() {
            continue;
        }
        for _ in 0..dice.below((room - lines).min(12) + 1) {
            let kind = dice.pick(&kinds);
            let value = dice.word(&["102", "+442079460102", "*8", "701"]);
            let line = if lines == 0 { String::new() } else { format!("line = {}\n", 1 + dice.below(lines)) };
            let label = dice.word(TEXTS).replace('\\', "\\\\").replace('"', "\\\"");
            let _ = write!(text, "[[key]]\narea = \"{name}\"\ntype = \"{kind}\"\nvalue = \"{value}\"\nlabel = \"{label}\"\n{line}");
        }
    }
}

fn parts(text: &mut String, dice: &mut Dice, plan: &Plan, lines: usize) {
    for place in 1..=plan.model.number("handsets").clamp(0, 4) {
        if lines > 0 {
            let _ = writeln!(
                text,
                "[[handset]]\nnumber = {place}\nname = \"Handset {place}\"\nincoming = [{}]\noutgoing = [1]\nline = 1",
                1 + dice.below(lines)
            );
        }
    }
}

//! A fleet of 10,000 devices against the floor: reading every byte that goes in and writing every byte that comes out.
//!
//! `cargo bench --bench build`; SIPRESS_BENCH_DEVICES, SIPRESS_BENCH_ROUNDS and SIPRESS_BENCH_MODELS ("yealink/t54w yealink/t46s …") change the load.
//! Folders are fresh each round and removed at the end, in a memory file system where there is one: deleting before creating, and touching
//! memory for the first time, would be measured in the place of the compiler.
#![allow(
    dead_code,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a benchmark measures and prints, and uses a part of the generator"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use sipress::kit::generate;
use sipress::run::{Options, Project, Request, build};
use sipress::secret::FleetKey;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let devices = number("SIPRESS_BENCH_DEVICES", 10_000);
    let rounds = number("SIPRESS_BENCH_ROUNDS", 5);
    let models = std::env::var("SIPRESS_BENCH_MODELS").unwrap_or_else(|_| "yealink/t54w yealink/t46s yealink/t31p yealink/t33g".to_owned());
    let home = if Path::new("/dev/shm").is_dir() { PathBuf::from("/dev/shm") } else { std::env::temp_dir() };
    let folder = tempfile::tempdir_in(home).expect("a folder");
    let fleet = folder.path().join("fleet");
    realistic(&fleet, devices, &models.split(' ').collect::<Vec<_>>());
    warm(folder.path(), &fleet);
    std::thread::sleep(Duration::from_millis(50));
    let mut rows = Vec::new();
    for round in 0..rounds {
        let out = folder.path().join(format!("out{round}"));
        let cold = timed(|| run(&fleet, &out));
        let floor = timed(|| touch(&fleet, &out, &folder.path().join(format!("floor{round}"))));
        let again = timed(|| run(&fleet, &out));
        // All customers are read and resolved again, and nothing comes out otherwise.
        generate::write(&fleet, "devices/fleet.toml", &format!("# {round}\n{}", include_str!("fleet.toml"))).expect("a remark");
        let edited = timed(|| run(&fleet, &out));
        rows.push([cold, floor, again, edited].map(|took| took.as_secs_f64()));
        println!("round {round}: cold {cold:.0?}  floor {floor:.0?}  again {again:.0?}  edited {edited:.0?}");
    }
    let (inputs, outputs) = (bytes(&files(&fleet)), files(&folder.path().join("out0/site")));
    let median = |pick: fn(&[f64; 4]) -> f64| {
        let mut values: Vec<f64> = rows.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    println!(
        "{devices} devices, {} input bytes, {} files of {} bytes out, {} threads",
        inputs,
        outputs.len(),
        bytes(&outputs),
        rayon::current_num_threads()
    );
    println!("cold / floor   {:.2}   (goal: at most 4)", median(|[cold, floor, ..]| cold / floor));
    println!("again / cold   {:.3}   (goal: at most 0.2)", median(|[cold, _, again, _]| again / cold));
    println!("edited / cold  {:.3}   (a remark in fleet.toml)", median(|[cold, .., edited]| edited / cold));
    println!("cold per device {:.1} us", median(|[cold, ..]| *cold) * 1e6 / devices as f64);
    let place = folder.path().join("phases");
    phases(&fleet, &place, devices);
    let _ = fs::remove_dir_all(place);
    if let Some(peak) = peak() {
        println!("peak memory    {peak} MiB of this process, the fleet's generator included   (goal: under 200)");
    }
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

fn run(fleet: &Path, out: &Path) {
    let project = Project::open(fleet);
    let options = Options { as_of: jiff::civil::date(2026, 12, 1), key: Some(FleetKey::placeholder()), overrides: Vec::new() };
    if build(&project, &options, &Request::default(), out, &|_| {}).is_err() {
        panic!("the generated fleet has errors: run `sipress check` on it");
    }
}

/// Where the time of a cold build goes, per device and summed over threads.
fn phases(fleet: &Path, out: &Path, devices: usize) {
    let project = Project::open(fleet);
    let options = Options { as_of: jiff::civil::date(2026, 12, 1), key: Some(FleetKey::placeholder()), overrides: Vec::new() };
    let request = Request { timings: true, ..Request::default() };
    let timings = build(&project, &options, &request, out, &|_| {}).ok().and_then(|built| built.timings).expect("timings");
    for (name, spent) in timings.phases {
        println!("{name:<20} {:.1} us a device", spent.as_secs_f64() * 1e6 / devices as f64);
    }
}

/// The floor: every input byte read, every output byte written, on the same threads.
fn touch(fleet: &Path, out: &Path, to: &Path) {
    let sum: usize = files(fleet).par_iter().map(|path| fs::read(path).map_or(0, |bytes| bytes.len())).sum();
    assert!(sum > 0);
    let site = out.join("site");
    let sizes: Vec<(PathBuf, usize)> = files(&site)
        .into_iter()
        .map(|path| {
            (path.strip_prefix(&site).expect("below the site").to_owned(), fs::metadata(&path).map_or(0, |meta| meta.len() as usize))
        })
        .collect();
    let block = vec![b'x'; 1 << 20];
    sizes.par_iter().for_each(|(path, size)| {
        let place = to.join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::write(place, &block[..*size]).expect("a file");
    });
}

/// Uses as much memory as all rounds will, so that none pays for touching it first.
fn warm(folder: &Path, fleet: &Path) {
    let out = folder.join("warm");
    run(fleet, &out);
    for copy in 0..6 {
        touch(fleet, &out, &folder.join(format!("warm{copy}")));
    }
    for copy in 0..6 {
        let _ = fs::remove_dir_all(folder.join(format!("warm{copy}")));
    }
    let _ = fs::remove_dir_all(out);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files(&entry.path())),
            _ => found.push(entry.path()),
        }
    }
    found
}

fn bytes(files: &[PathBuf]) -> u64 {
    files.iter().filter_map(|path| fs::metadata(path).ok()).map(|meta| meta.len()).sum()
}

fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// Customers of a hundred devices on four sites, as providers have them: two or three lines by extension, a handful of keys.
fn realistic(root: &Path, devices: usize, models: &[&str]) {
    let mut dice = generate::Dice::new(7);
    let write = |path: &str, text: &str| generate::write(root, path, text).expect("the file is written");
    write("devices/fleet.toml", include_str!("fleet.toml"));
    for customer in 0..devices.div_ceil(100) {
        let home = format!("devices/c{customer:03}");
        write(
            &format!("{home}/customer.toml"),
            &format!(
                "name = \"Customer {customer}\"\n[defaults.line]\nregistrar = {{ host = \"sip{customer}.example.net\" }}\ntransport = \"tls\"\nvoicemail = \"*97\"\n[defaults.feature.codes]\npickup = {{ direct = \"*8\" }}\n"
            ),
        );
        let mut extensions = String::new();
        for extension in 0..150 {
            let _ = writeln!(
                extensions,
                "[{}]\nname = \"User {extension} of {customer}\"\ncli = \"+4420794{customer:02}{extension:03}\"",
                100 + extension
            );
        }
        write(&format!("{home}/extensions.toml"), &extensions);
        for device in 0..100.min(devices - customer * 100) {
            let site = format!("{home}/site{}", device / 25);
            if device % 25 == 0 {
                write(&format!("{site}/site.toml"), "name = \"Site\"\n[defaults.net.vlan]\nvoice = { id = 20, priority = 5 }\n");
            }
            let number = customer * 100 + device;
            let mut text = format!(
                "mac = \"805ec0{number:06x}\"\nmodel = \"{}\"\nlabel = \"Desk {number}\"\nlocation = \"Room {device}\"\n",
                models[number % models.len()]
            );
            for line in 1..=1 + dice.below(2) {
                let _ = writeln!(text, "[[line]]\nnumber = {line}\nextension = \"{}\"", 100 + (device + line * 7) % 150);
            }
            write(&format!("{site}/{number:05}.toml"), &text);
        }
    }
}

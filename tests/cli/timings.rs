//! `build --timings`

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::fleet::Fleet;

/// What a build measures, and how long it took as seen from here.
fn measured(fleet: &Fleet, more: &str) -> (Value, Duration) {
    let begun = Instant::now();
    let printed = fleet.sipress(&format!("build -q --timings --format json {more}")).any_stdout().run();
    (printed.json()["timings"].clone(), begun.elapsed())
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn sum(rows: &Value) -> u64 {
    rows.as_array().expect("a list").iter().map(|row| number(&row["us"])).sum()
}

fn of(rows: &Value, name: &str) -> u64 {
    let row = rows.as_array().expect("a list").iter().find(|row| row["name"] == name);
    number(&row.unwrap_or_else(|| panic!("{name} is missing in {rows}"))["us"])
}

/// Files and bytes of the site, as the manifest has them.
fn site(fleet: &Fleet) -> (u64, u64) {
    let tree = fleet.tree("out/site");
    (tree.paths().count() as u64, tree.contents().values().map(|bytes| bytes.len() as u64).sum())
}

#[test]
fn a_table_is_told_to_people() {
    let fleet = Fleet::small();
    let call = fleet.sipress("build --timings").stderr_has("   Timings  ").stderr_has("\n            customers, summed over threads\n");
    let rows = ["walk", "fleet", "customers", "rules", "commit", "look", "load", "check", "git", "acmephone"];
    let call = rows.iter().fold(call, |call, row| call.stderr_has(&format!("\n              {row} ")));
    call.stderr_has("the slowest of 3 customers").stderr_has("5 devices, 5 rendered, 6 files").run();
}

#[test]
fn the_times_add_up() {
    let fleet = Fleet::small();
    for (jobs, kept) in [("--jobs 1", false), ("--jobs 1", true), ("--jobs 4 --out more", false), ("--jobs 4 --out more", true)] {
        // A first build may not trust files that are a moment old.
        std::thread::sleep(Duration::from_millis(50));
        let (timings, wall) = measured(&fleet, jobs);
        let total = number(&timings["us"]);
        assert!(total <= wall.as_micros() as u64, "{jobs}: {timings}");
        let steps = sum(&timings["steps"]);
        assert!(steps <= total && total - steps < 10, "{jobs}: steps are rounded down, and nothing is between them: {timings}");
        let (phases, customers) = (sum(&timings["phases"]), of(&timings["steps"], "customers") + of(&timings["steps"], "git"));
        let threads = number(&timings["threads"]);
        assert!(phases <= threads * customers + 10, "{jobs}: {timings}");
        let own: u64 = sum(&timings["customers"]) + of(&timings["phases"], "git");
        assert!(own.abs_diff(phases) < 20, "{jobs}: {timings}");
        for pass in ["load", "resolve", "plan", "check", "render", "write"] {
            assert_eq!(of(&timings["phases"], pass) == 0, kept, "{jobs} {pass}: {timings}");
        }
        let all = timings["customers"].as_array().expect("a list");
        assert!(all.is_sorted_by(|one, next| number(&one["us"]) >= number(&next["us"])), "{timings}");
        let mut names: Vec<&str> = all.iter().map(|customer| customer["name"].as_str().expect("a name")).collect();
        names.sort_unstable();
        assert_eq!(names, ["acme", "north/bakery", "stock"]);
        assert!(all.iter().all(|customer| customer["kept"] == kept), "{jobs}: {timings}");
    }
}

#[test]
fn what_each_vendor_has_is_counted_whether_it_was_made_or_not() {
    let fleet = Fleet::small();
    let yealink = "mac = \"805ec0f00001\"\nmodel = \"yealink/t54w\"\n[[line]]\nnumber = 1\nextension = \"101\"\n";
    fleet.write("devices/acme/new.toml", yealink);
    let vendors = |rendered: [u64; 2]| {
        std::thread::sleep(Duration::from_millis(50));
        let vendors = measured(&fleet, "").0["vendors"].as_array().expect("a list").clone();
        let row = |place: usize, name: &str| number(&vendors[place][name]);
        assert_eq!((&vendors[0]["id"], &vendors[1]["id"], vendors.len()), (&"acmephone".into(), &"yealink".into(), 2));
        assert_eq!([row(0, "devices"), row(1, "devices")], [5, 1]);
        assert_eq!([row(0, "rendered"), row(1, "rendered")], rendered, "{vendors:?}");
        assert_eq!((row(0, "files") + row(1, "files"), row(0, "bytes") + row(1, "bytes")), site(&fleet));
    };
    vendors([5, 1]);
    vendors([0, 0]);
    fleet.edit("devices/acme/reception.toml", "label = \"Reception\"", "label = \"Front desk\"");
    vendors([1, 0]);
    fleet.edit("devices/acme/customer.toml", "transport = \"tls\"", "transport = \"tcp\"");
    vendors([3, 1]);
}

#[test]
fn measuring_changes_no_byte() {
    let fleet = Fleet::small();
    fleet.sipress("build -q --timings").any_stderr().run();
    fleet.sipress("build -q --out plain").run();
    for path in ["site", "manifest"] {
        assert!(fleet.tree(&format!("out/{path}")).contents() == fleet.tree(&format!("plain/{path}")).contents(), "{path}");
    }
    assert_eq!(fleet.read("out/manifest.json"), fleet.read("plain/manifest.json"));
}

#[test]
fn a_result_for_programs_has_what_was_asked_and_no_more() {
    let fleet = Fleet::small();
    let members = |line: &str| {
        let json = fleet.sipress(line).any_stdout().any_stderr().run().json();
        json.as_object().expect("an object").keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(members("build --format json"), ["diagnostics", "schema"]);
    assert_eq!(members("build --format json --timings"), ["diagnostics", "schema", "timings"]);
}

//! `build --only`, `build --shard` and `merge`

use crate::fleet::Fleet;

fn roots(fleet: &Fleet) -> Vec<String> {
    let customers = fleet.json("out/manifest.json")["customers"].as_object().expect("customers").clone();
    customers.into_iter().map(|(name, customer)| format!("{name} {}", customer["sha256"])).collect()
}

/// A change that every phone of the small fleet shows.
fn change(fleet: &Fleet) {
    fleet.edit("devices/fleet.toml", "zone = \"Europe/London\"", "zone = \"Europe/Paris\"");
}

fn clean_root(fleet: &Fleet) -> String {
    let out = tempfile::tempdir().expect("a folder");
    fleet.sipress("build -q --out").arg(out.path().join("clean")).any_stderr().run();
    let text = std::fs::read_to_string(out.path().join("clean/manifest.json")).expect("a manifest");
    serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["root"].as_str().expect("a root").to_owned()
}

#[test]
fn only_what_is_meant_is_built() {
    for (pattern, built) in [
        ("acme", "acme"),
        ("north/*", "north/bakery"),
        ("north", "north/bakery"),
        ("n*/bak*", "north/bakery"),
        ("02:ac:ce:00:00:01", "acme"),
        ("Reception", "acme"),
        ("stock", "stock"),
    ] {
        let fleet = Fleet::small();
        fleet.build();
        let before = roots(&fleet);
        let tree = fleet.tree("out/site");
        change(&fleet);
        fleet.sipress("build -q --only").arg(pattern).any_stderr().run();
        let after = roots(&fleet);
        let differ: Vec<&str> = before
            .iter()
            .zip(&after)
            .filter(|(before, after)| before != after)
            .filter_map(|(before, _)| before.split(' ').next())
            .collect();
        assert_eq!(differ, [built], "{pattern}");
        assert!(!tree.changes(&fleet.tree("out/site")).is_empty());
        fleet.build();
        assert_eq!(fleet.manifest_root(), clean_root(&fleet), "a whole build makes the rest");
    }
}

#[test]
fn several_patterns_mean_all_of_them() {
    let fleet = Fleet::small();
    fleet.build();
    change(&fleet);
    fleet.sipress("build -q --only acme --only stock --only north").any_stderr().run();
    assert_eq!(fleet.manifest_root(), clean_root(&fleet));
}

#[test]
fn errors_elsewhere_do_not_matter_and_doubles_do() {
    let fleet = Fleet::small();
    fleet.build();
    fleet.write("devices/north/bakery/broken.toml", "mac = 7\n");
    fleet.sipress("build -q --only acme").any_stderr().run();
    fleet.sipress("build -q --only north").exit(1).any_stderr().run();
    fleet.remove("devices/north/bakery/broken.toml");
    let till = fleet.read("devices/north/bakery/till.toml");
    let mac = till.lines().find(|line| line.starts_with("mac")).expect("a mac");
    fleet.write("devices/acme/again.toml", &format!("{mac}\nmodel = \"acmephone/a1\"\n"));
    fleet.sipress("build -q --only acme").exit(1).stderr_has("device::duplicate-id").run();
}

#[test]
fn a_customer_that_is_no_more_stays_until_all_is_built() {
    let fleet = Fleet::small();
    fleet.build();
    fleet.remove("devices/stock/spare.toml");
    fleet.sipress("build -q --only acme").any_stderr().run();
    assert!(fleet.json("out/manifest.json")["customers"]["stock"].is_object());
    fleet.build();
    assert!(fleet.json("out/manifest.json")["customers"]["stock"].is_null());
}

#[test]
fn what_means_nothing_is_told() {
    let fleet = Fleet::small();
    let call = fleet.sipress("build --only acmee").exit(2);
    call.stderr_has("no customer, service provider or device is \"acmee\"").stderr_has("did you mean acme?").run();
    fleet.sipress("build --only [").exit(2).stderr_has("is no pattern").run();
    fleet.sipress("build --shard 4/3").exit(2).stderr_has("is no part").run();
    fleet.sipress("build --shard auto").exit(2).stderr_has("nothing says which part this is").run();
    fleet.sipress("build --shard 1/2 --only acme").exit(2).stderr_has("cannot be used with").run();
    assert!(!fleet.has("out") && !fleet.has("parts"));
}

#[test]
fn what_was_touched_is_not_kept() {
    let fleet = Fleet::small();
    fleet.build();
    let bakery = fleet.json("out/manifest/north/bakery.json")[0]["path"].as_str().expect("a path").to_owned();
    fleet.write(&format!("out/site/{bakery}"), "touched");
    fleet.sipress("build --only acme").exit(2).stderr_has("the files of north/bakery are not as").run();
}

#[test]
fn parts_make_the_whole() {
    for of in [1, 2, 3, 7] {
        let fleet = Fleet::small();
        let mut line = "merge -q --out joined".to_owned();
        // The last first: the order in which parts come is of no matter.
        for index in (1..=of).rev() {
            fleet.sipress(&format!("build -q --shard {index}/{of}")).any_stderr().run();
            line.push_str(&format!(" parts/{index}-of-{of}"));
        }
        fleet.sipress(&line).any_stderr().run();
        fleet.build();
        let whole = fleet.tree("out/site");
        let joined = fleet.tree("joined/site");
        let new = |changes: Vec<String>| changes.into_iter().filter(|change| !change.starts_with("t ")).collect::<Vec<_>>();
        assert_eq!(new(whole.changes(&joined)), Vec::<String>::new(), "{of}");
        assert_eq!(fleet.read("out/manifest.json"), fleet.read("joined/manifest.json"), "{of}");
        let again = fleet.sipress("build --out joined").any_stderr().run();
        assert!(again.stderr.contains("Unchanged"), "{}", again.stderr);
    }
}

#[test]
fn a_part_is_found_by_a_ci_system() {
    let fleet = Fleet::small();
    fleet.sipress("build -q --shard auto").env("CI_NODE_INDEX", "2").env("CI_NODE_TOTAL", "3").any_stderr().run();
    fleet.sipress("build -q --shard auto").env("JOB_COMPLETION_INDEX", "0").env("SIPRESS_SHARDS", "3").any_stderr().run();
    fleet.sipress("build -q --shard auto").env("CIRCLE_NODE_INDEX", "2").env("CIRCLE_NODE_TOTAL", "3").any_stderr().run();
    fleet.sipress("merge -q parts/1-of-3 parts/2-of-3 parts/3-of-3").any_stderr().run();
    assert_eq!(fleet.manifest_root(), clean_root(&fleet));
    fleet.sipress("build --shard auto").env("CI_NODE_INDEX", "4").env("CI_NODE_TOTAL", "3").exit(2).any_stderr().run();
}

#[test]
fn rules_that_cross_parts_hold() {
    let fleet = Fleet::small();
    let till = fleet.read("devices/north/bakery/till.toml");
    let mac = till.lines().find(|line| line.starts_with("mac")).expect("a mac");
    fleet.write("devices/acme/again.toml", &format!("{mac}\nmodel = \"acmephone/a1\"\n"));
    // So many parts that the two customers are in different ones.
    for index in 1..=16 {
        fleet.sipress(&format!("build -q --shard {index}/16")).any_stderr().run();
    }
    let parts: Vec<String> = (1..=16).map(|index| format!("parts/{index}-of-16")).collect();
    fleet.sipress(&format!("merge {}", parts.join(" "))).exit(1).stderr_has("device::duplicate-id").run();
    assert!(!fleet.has("out/site"));
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let fleet = Fleet::small();
    for index in 1..=2 {
        fleet.sipress(&format!("build -q --shard {index}/2")).any_stderr().run();
    }
    fleet.build();
    fleet.sipress("merge parts/1-of-2").exit(2).stderr_has("part 2/2 is missing").run();
    fleet.sipress("merge parts/1-of-2 parts/1-of-2").exit(2).stderr_has("are both part 1 of 2").run();
    fleet.sipress("merge parts/1-of-2 out").exit(2).stderr_has("out is no part").run();
    fleet.sipress("build --out parts/1-of-2").exit(2).stderr_has("holds part 1/2").run();
    fleet.sipress("build --shard 1/2 --out out").exit(2).stderr_has("holds a whole fleet").run();
    fleet.sipress("build --shard 2/2 --out parts/1-of-2").exit(2).stderr_has("holds part 1/2").run();
    change(&fleet);
    fleet.sipress("build -q --shard 2/2").any_stderr().run();
    fleet.sipress("merge parts/1-of-2 parts/2-of-2 --out joined").exit(2).stderr_has("parts of different fleets").run();
    fleet.sipress("build -q --shard 1/2").any_stderr().run();
    let part = fleet.tree("parts/1-of-2/site").paths().next().or(fleet.tree("parts/2-of-2/site").paths().next()).map(str::to_owned);
    let path = ["parts/1-of-2/site", "parts/2-of-2/site"].map(|site| format!("{site}/{}", part.clone().expect("a file")));
    let path = path.iter().find(|path| fleet.has(path)).expect("a file");
    fleet.write(path, "torn");
    fleet.sipress("merge parts/1-of-2 parts/2-of-2 --out joined").exit(19).stderr_has("is not what its manifest says").run();
    assert!(!fleet.has("joined/site"));
}

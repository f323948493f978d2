//! Devices whose files are taken over from the last build, because they resolve to the same: what must not be lost with that.

use crate::fleet::Fleet;
use crate::varied::varied;

/// How many devices of a vendor there are, and how many were rendered.
fn rendered(fleet: &Fleet, vendor: &str) -> (u64, u64) {
    let timings = fleet.sipress("build --timings --format json").any_stdout().any_stderr().run().json();
    let vendors = timings["timings"]["vendors"].as_array().expect("vendors").clone();
    let own = vendors.into_iter().find(|own| own["id"] == vendor).expect("the vendor");
    (own["devices"].as_u64().expect("a number"), own["rendered"].as_u64().expect("a number"))
}

/// The findings of a build, and of one that does not go on from another.
fn findings(fleet: &Fleet) -> [String; 2] {
    let clean = tempfile::tempdir().expect("a folder");
    let told = |out: &std::path::Path| {
        let output = fleet.sipress("build --format json --out").arg(out).output();
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    [told(&fleet.path("out")), told(&clean.path().join("out"))]
}

#[test]
fn a_remark_renders_nothing_and_a_label_one_device() {
    let fleet = Fleet::small();
    fleet.build();
    fleet.write("devices/acme/reception.toml", &format!("# a remark\n{}", fleet.read("devices/acme/reception.toml")));
    assert_eq!(rendered(&fleet, "acmephone"), (5, 0));
    fleet.edit("devices/acme/reception.toml", "label = \"Reception\"", "label = \"Front desk\"");
    assert_eq!(rendered(&fleet, "acmephone"), (5, 1));
}

#[test]
fn what_no_device_reads_renders_nothing_and_the_day_those_it_switches_on() {
    let fleet = Fleet::small();
    fleet.edit("devices/acme/reception.toml", "package", "activate = 2026-12-24\npackage");
    fleet.build();
    fleet.write("devices/beta/customer.toml", "name = \"Beta\"\n");
    fleet.write(
        "devices/packages.toml",
        &format!(
            "{}\n[second]\nname = \"Second\"\nretail = \"1.00\"\ncurrency = \"GBP\"\nfrequency = \"monthly\"\nmatch = [1]\n",
            fleet.read("devices/packages.toml")
        ),
    );
    assert_eq!(rendered(&fleet, "acmephone"), (5, 0));
    let timings = fleet.sipress("build --timings --format json --as-of 2026-12-24").any_stdout().any_stderr().run().json();
    assert_eq!(timings["timings"]["vendors"][0]["rendered"], 1);
}

#[test]
fn a_pack_of_the_fleet_renders_its_devices_anew() {
    let fleet = Fleet::small();
    fleet.build();
    fleet.write("vendors/acmephone/book.tera", &format!("{}{{# a remark #}}", fleet.read("vendors/acmephone/book.tera")));
    assert_eq!(rendered(&fleet, "acmephone"), (5, 5));
}

#[test]
fn a_gate_that_goes_is_seen_though_nothing_is_rendered() {
    let fleet = Fleet::small();
    fleet.edit("devices/fleet.toml", "layout = \"token\"", "layout = \"customer\"\ngate = \"basic\"");
    fleet.build();
    let before = fleet.tree("out");
    fleet.edit("devices/fleet.toml", "gate = \"basic\"", "gate = \"none\"");
    fleet.sipress("build").exit(1).stderr_has("error[secret::exposed]").run();
    assert_eq!(before.changes(&fleet.tree("out")), [""; 0]);
    let [going_on, clean] = findings(&fleet);
    assert_eq!(going_on, clean);
}

#[test]
fn a_finding_of_a_book_is_told_as_long_as_a_device_has_the_book() {
    let fleet = varied();
    for number in 0..4 {
        let book = fleet.read("devices/acme/phonebook.toml");
        fleet.write(
            "devices/acme/phonebook.toml",
            &format!("{book}\n[[contact]]\nname = \"C{number}\"\nnumbers = [{{ number = \"+4420794600{number:02}\" }}]\n"),
        );
    }
    let [_, clean] = findings(&fleet);
    assert!(clean.contains("phonebook::over-limit"), "{clean}");
    // The device that the finding came up with goes first.
    for gone in ["devices/acme/reception.toml", "devices/acme/polycom.toml", "devices/acme/london/desks.toml"] {
        fleet.remove(gone);
        let [going_on, clean] = findings(&fleet);
        assert_eq!(going_on, clean, "without {gone}");
    }
}

#[test]
fn a_file_that_is_gone_or_touched_is_made_again() {
    let fleet = Fleet::small();
    fleet.build();
    let (whole, root) = (fleet.tree("out/site"), fleet.manifest_root());
    let served = fleet.served("02acce000002.ini");
    for damage in ["", "touched"] {
        match damage {
            "" => _ = fleet.remove(&served),
            text => _ = fleet.write(&served, text),
        }
        fleet.write("devices/acme/reception.toml", &format!("# a remark\n{}", fleet.read("devices/acme/reception.toml")));
        assert_eq!(rendered(&fleet, "acmephone"), (5, 1), "{damage}");
        assert!(fleet.tree("out/site").contents() == whole.contents() && fleet.manifest_root() == root, "{damage}");
    }
}

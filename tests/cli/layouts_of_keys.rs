//! Named lists of keys: `layouts`

use crate::fleet::Fleet;

const PHONE: &str = "mac = \"805ec0000007\"\nmodel = \"yealink/t54w\"\nlayouts = [\"sales\"]\n[[line]]\nnumber = 1\nextension = \"101\"\n";
const GROUPS: &str =
    "[101]\nname = \"Ann Lee\"\ngroup = \"Sales\"\n\n[102]\nname = \"Ben Carter\"\ngroup = \"Sales\"\n\n[103]\nname = \"Cleo Diaz\"\n";

fn with(scope: &str, text: &str, phone: &str) -> Fleet {
    let fleet = Fleet::small();
    fleet.write("devices/acme/extensions.toml", GROUPS);
    fleet.write(scope, &format!("{}\n{text}", fleet.read(scope)));
    fleet.write("devices/acme/london/own.toml", phone);
    fleet
}

/// The keys of the phone as its file has them: position, type, value, label.
fn keys(fleet: &Fleet) -> Vec<String> {
    let file = fleet.sipress("show 805ec0000007 main").any_stdout().run().stdout;
    let of = |position: usize, part: &str| {
        let start = format!("linekey.{position}.{part} = ");
        file.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default().to_owned()
    };
    (1..=27)
        .filter(|position| of(*position, "type") != "0")
        .map(|position| format!("{position} {} {} {}", of(position, "type"), of(position, "value"), of(position, "label")))
        .collect()
}

#[test]
fn a_layout_of_any_scope_is_taken() {
    for scope in ["devices/fleet.toml", "devices/acme/customer.toml", "devices/acme/london/site.toml"] {
        let fleet = with(scope, "[[layouts.sales]]\nposition = 5\ntype = \"speed_dial\"\nvalue = \"900\"\nlabel = \"Taxi\"\n", PHONE);
        assert_eq!(keys(&fleet), ["1 15  ", "5 13 900 Taxi"], "{scope}");
    }
}

#[test]
fn the_nearest_layout_of_a_name_counts() {
    let fleet = with("devices/fleet.toml", "[[layouts.sales]]\nposition = 5\ntype = \"speed_dial\"\nvalue = \"900\"\n", PHONE);
    let site = fleet.read("devices/acme/london/site.toml");
    fleet.write(
        "devices/acme/london/site.toml",
        &format!("{site}\n[[layouts.sales]]\nposition = 6\ntype = \"speed_dial\"\nvalue = \"800\"\n"),
    );
    assert_eq!(keys(&fleet), ["1 15  ", "6 13 800 "]);
}

#[test]
fn a_scope_gives_its_devices_a_layout() {
    let text = "[defaults.key]\nlayout_ref = [\"sales\"]\n[[layouts.sales]]\nposition = 2\ntype = \"speed_dial\"\nvalue = \"900\"\n";
    let fleet = with("devices/acme/london/site.toml", text, &PHONE.replace("layouts = [\"sales\"]\n", ""));
    assert_eq!(keys(&fleet), ["1 15  ", "2 13 900 "]);
}

#[test]
fn keys_are_made_for_extensions_and_the_own_is_left_out() {
    for (wanted, made) in [
        ("\"group:Sales\"", vec!["2 16 102 Ben Carter"]),
        ("\"all\"", vec!["2 16 102 Ben Carter", "3 16 103 Cleo Diaz"]),
        ("\"102..103\"", vec!["2 16 102 Ben Carter", "3 16 103 Cleo Diaz"]),
        ("\"103\", \"102\", \"all\"", vec!["2 16 103 Cleo Diaz", "3 16 102 Ben Carter"]),
    ] {
        let fleet = with("devices/acme/customer.toml", &format!("[[layouts.sales]]\ntype = \"blf\"\nextensions = [{wanted}]\n"), PHONE);
        let keys = keys(&fleet);
        assert_eq!(keys[0], "1 15  ");
        assert_eq!(keys[1..], made, "{wanted}");
    }
    let fleet = with("devices/acme/customer.toml", "[[layouts.sales]]\nposition = 10\ntype = \"blf\"\nextensions = [\"all\"]\n", PHONE);
    assert_eq!(keys(&fleet), ["1 15  ", "10 16 102 Ben Carter", "11 16 103 Cleo Diaz"]);
}

#[test]
fn a_device_adds_to_a_layout_and_takes_its_places() {
    let text = "[[layouts.sales]]\nposition = 2\ntype = \"speed_dial\"\nvalue = \"900\"\n[[layouts.sales]]\nposition = 3\ntype = \"speed_dial\"\nvalue = \"901\"\n";
    let own =
        format!("{PHONE}[[key]]\nposition = 3\ntype = \"speed_dial\"\nvalue = \"777\"\n[[key]]\ntype = \"speed_dial\"\nvalue = \"778\"\n");
    let fleet = with("devices/acme/customer.toml", text, &own);
    assert_eq!(keys(&fleet), ["1 15  ", "2 13 900 ", "3 13 777 ", "4 13 778 "]);
}

#[test]
fn a_locked_key_stays() {
    let text = "[[layouts.sales]]\nposition = 3\ntype = \"speed_dial\"\nvalue = \"900\"\nlocked = true\n";
    let own = format!("{PHONE}[[key]]\nposition = 3\ntype = \"speed_dial\"\nvalue = \"777\"\n");
    let fleet = with("devices/acme/customer.toml", text, &own);
    let call = fleet.sipress("check").exit(1);
    call.stderr_has("key::locked").stderr_has("devices/acme/london/own.toml:8:12").stderr_has("devices/acme/customer.toml").run();
}

#[test]
fn what_a_small_phone_has_no_place_for_is_noted_once() {
    let text = "[defaults.key]\nlayout_ref = [\"sales\"]\n[[layouts.sales]]\nposition = 20\ntype = \"speed_dial\"\nvalue = \"900\"\n";
    let fleet = with("devices/acme/customer.toml", text, PHONE);
    let told = fleet.sipress("check --format json").any_stderr().any_stdout().run().stdout;
    let notes = told.matches("setting::partly-lost").count();
    assert!(notes >= 1 && told.contains("layouts.sales"), "{told}");
    assert!(keys(&fleet).contains(&"20 13 900 ".to_owned()));
}

#[test]
fn what_is_not_there_is_told() {
    let fleet = with("devices/acme/customer.toml", "[[layouts.sale]]\ntype = \"blf\"\nextensions = [\"group:Sails\"]\n", PHONE);
    let call = fleet.sipress("check").exit(1);
    call.stderr_has("key::unknown-layout").stderr_has("did you mean \"sale\"?").run();
    let fleet = with("devices/acme/customer.toml", "[[layouts.sales]]\ntype = \"blf\"\nextensions = [\"group:Sails\"]\n", PHONE);
    fleet.sipress("check").exit(1).stderr_has("no extension of the customer is \"group:Sails\"").run();
}

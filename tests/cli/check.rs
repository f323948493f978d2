//! `check`

use crate::fleet::Fleet;

const TWO_MISTAKES: &str = r#"error[line::beyond-model]: this phone has 2 lines, and this is line 3
 --> devices/acme/london/desks.toml:6:55
  |
3 | model = "acmephone/a1"
  |         -------------- Acmephone A1: 2 lines
...
6 | line = [{ number = 1, extension = "102" }, { number = 3, extension = "102" }]
  |                                                       ^ no such line
  |
  = help: put the account on another phone, or use a model with more lines: a2 has 4

error[extension::unknown]: this customer has no extension 999
  --> devices/acme/reception.toml:16:13
   |
16 | extension = "999"
   |             ^^^^^ not in extensions.toml
   |
   = help: add it to the customer's extensions.toml, or write `user` for an account that is no extension
2 errors in 5 devices (… s).  `sipress explain line::beyond-model` tells more.
"#;

/// Two mistakes in two files.
pub fn with_mistakes() -> Fleet {
    let fleet = Fleet::small();
    fleet.edit(
        "devices/acme/london/desks.toml",
        r#"line = [{ number = 1, extension = "102" }]"#,
        r#"line = [{ number = 1, extension = "102" }, { number = 3, extension = "102" }]"#,
    );
    fleet.edit("devices/acme/reception.toml", "[[key]]", "[[line]]\nnumber = 3\nextension = \"999\"\n\n[[key]]");
    fleet
}

#[test]
fn a_good_fleet_passes() {
    let fleet = Fleet::small();
    let call = fleet.sipress("check");
    call.stderr("nothing to complain of in 5 devices (… s).\n").run();
}

#[test]
fn all_errors_are_told_in_one_run() {
    let fleet = with_mistakes();
    fleet.sipress("check").exit(1).stderr(TWO_MISTAKES).run();
}

#[test]
fn the_findings_are_the_same_for_any_number_of_threads() {
    let fleet = with_mistakes();
    for jobs in ["1", "2", "7"] {
        let call = fleet.sipress("check --jobs").arg(jobs);
        call.exit(1).stderr(TWO_MISTAKES).run();
    }
}

#[test]
fn json_goes_to_stdout() {
    let fleet = with_mistakes();
    let call = fleet.sipress("check --format json").exit(1);
    let found = call.any_stdout().any_stderr().run().json();
    assert_eq!(found["schema"], 1);
    let codes: Vec<&str> =
        found["diagnostics"].as_array().expect("a list").iter().map(|found| found["code"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["line::beyond-model", "extension::unknown"]);
}

#[test]
fn a_good_fleet_is_an_empty_list() {
    let fleet = Fleet::small();
    let call = fleet.sipress("check -q --format json");
    call.stdout("{\"schema\":1,\"diagnostics\":[]}\n").run();
}

#[test]
fn quiet_says_nothing_of_a_good_fleet() {
    Fleet::small().sipress("check --quiet").run();
}

#[test]
fn quiet_still_tells_errors() {
    let fleet = with_mistakes();
    let call = fleet.sipress("check -q").exit(1);
    call.stderr_has("error[line::beyond-model]").stderr_has("error[extension::unknown]").stderr_lacks("in 5 devices").run();
}

#[test]
fn the_nearest_fleet_upward_is_meant() {
    let fleet = Fleet::small();
    let call = fleet.sipress("check").within(fleet.path("devices/acme/london"));
    call.stderr("nothing to complain of in 5 devices (… s).\n").run();
}

#[test]
fn a_root_can_be_named_from_anywhere() {
    let (fleet, elsewhere) = (Fleet::small(), Fleet::empty());
    let call = elsewhere.sipress("check --root").arg(fleet.root());
    call.stderr("nothing to complain of in 5 devices (… s).\n").run();
}

#[test]
fn a_broken_file_hides_no_other() {
    let fleet = with_mistakes();
    fleet.write("devices/acme/broken.toml", "mac = \"02:ac:ce:00:00:09\n");
    let call = fleet.sipress("check").exit(1);
    call.stderr_has("error[toml::syntax]")
        .stderr_has("devices/acme/broken.toml:1:")
        .stderr_has("error[line::beyond-model]")
        .stderr_has("error[extension::unknown]")
        .run();
}

#[test]
fn a_phone_in_two_customers_is_told_with_both_places() {
    let fleet = Fleet::small();
    fleet.edit("devices/north/bakery/till.toml", "02:ac:ce:00:00:04", "02ACCE000001");
    let call = fleet.sipress("check").exit(1);
    call.stderr_has("error[device::duplicate-id]")
        .stderr_has("devices/acme/reception.toml:1:7")
        .stderr_has("devices/north/bakery/till.toml:1:7")
        .run();
}

#[test]
fn an_unknown_key_comes_with_a_suggestion() {
    let fleet = Fleet::small();
    fleet.edit("devices/acme/reception.toml", "label =", "lable =");
    let call = fleet.sipress("check").exit(1);
    call.stderr_has("error[toml::unknown-key]: unknown key `lable`").stderr_has("did you mean `label`?").run();
}

#[test]
fn the_day_decides_who_is_active_and_changes_no_finding() {
    let fleet = Fleet::small();
    fleet.edit("devices/acme/reception.toml", "package = \"phone\"", "package = \"phone\"\nactivate = 2027-01-01");
    for day in ["2026-12-31", "2027-01-01"] {
        let call = fleet.sipress("check -q --as-of").arg(day);
        call.run();
    }
}

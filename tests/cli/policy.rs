//! What fails a run: `--deny`, `--warn`, `--allow` and the fleet's own table.

use crate::check::with_mistakes;
use crate::fleet::Fleet;

/// A note: an extension that nobody uses.
fn with_a_note() -> Fleet {
    let fleet = Fleet::small();
    fleet.write("devices/acme/extensions.toml", &format!("{}\n[104]\nname = \"Dan Fox\"\n", fleet.read("devices/acme/extensions.toml")));
    fleet
}

#[test]
fn a_note_fails_nothing() {
    let fleet = with_a_note();
    let call = fleet.sipress("check");
    call.stderr_has("note[extension::unused]: extension 104").stderr_has("1 note in 5 devices").run();
}

#[test]
fn quiet_leaves_notes_out() {
    with_a_note().sipress("check -q").run();
}

#[test]
fn deny_makes_it_an_error() {
    let fleet = with_a_note();
    let call = fleet.sipress("check --deny extension::unused").exit(1);
    call.stderr_has("error[extension::unused]").stderr_has("1 error in 5 devices").run();
}

#[test]
fn warn_makes_it_a_warning() {
    let fleet = with_a_note();
    let call = fleet.sipress("check --warn extension::unused");
    call.stderr_has("warning[extension::unused]").stderr_has("1 warning in 5 devices").run();
}

#[test]
fn allow_drops_it() {
    let fleet = with_a_note();
    let call = fleet.sipress("check --allow extension::unused");
    call.stderr("nothing to complain of in 5 devices (… s).\n").run();
}

#[test]
fn an_error_may_be_lowered() {
    let fleet = Fleet::small();
    fleet.write("devices/acme/notes.txt", "for people");
    let call = fleet.sipress("check").any_stderr();
    assert!(call.run().stderr.contains("warning[file::unused]"));
    let call = fleet.sipress("check --deny file::unused --allow file::unused");
    call.stderr_lacks("file::unused").any_stderr().run();
}

#[test]
fn the_fleet_has_a_table_of_its_own_and_the_command_line_the_last_word() {
    let fleet = with_a_note();
    let text = fleet.read("devices/fleet.toml");
    let table = "\n[policy.diagnostics]\n\"extension::unused\" = \"deny\"\n";
    fleet.write("devices/fleet.toml", &(text + table));
    fleet.sipress("check").exit(1).stderr_has("error[extension::unused]").run();
    fleet.sipress("check --warn extension::unused").stderr_has("warning[extension::unused]").run();
}

#[test]
fn build_obeys_the_same_policy() {
    let fleet = with_a_note();
    let call = fleet.sipress("build --deny extension::unused").exit(1);
    call.stderr_has("error[extension::unused]").stderr_has("Nothing was written.").run();
    assert!(!fleet.has("out/manifest.json"));
}

#[test]
fn a_code_that_there_is_not_is_a_usage_error() {
    let fleet = Fleet::small();
    let call = fleet.sipress("check --deny extension::unusd").exit(2);
    call.stderr(
        "error: there is no diagnostic `extension::unusd`; did you mean `extension::unused`, `extension::unknown`, `extension::twice`?\n",
    )
    .run();
}

#[test]
fn what_cannot_be_built_cannot_be_allowed() {
    let fleet = with_mistakes();
    for code in ["toml::syntax", "device::duplicate-id", "secret::exposed"] {
        let call = fleet.sipress("check --allow").arg(code).exit(2);
        call.stderr(&format!("error: `{code}` is always an error\n")).run();
    }
}

#[test]
fn a_wrong_row_of_the_fleets_table_is_a_finding_with_a_place() {
    for row in ["\"extension::unusd\" = \"deny\"", "\"toml::syntax\" = \"allow\""] {
        let fleet = with_mistakes();
        let text = fleet.read("devices/fleet.toml");
        fleet.write("devices/fleet.toml", &format!("{text}\n[policy.diagnostics]\n{row}\n"));
        let call = fleet.sipress("check").exit(1);
        call.stderr_has("devices/fleet.toml:13:1").stderr_has("error[line::beyond-model]").run();
    }
}

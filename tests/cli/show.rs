//! `show`

use crate::fleet::{Fleet, KEY, OTHER_KEY};

const RECEPTION: &str = "02acce000001   Reception · Acme Ltd · Acmephone Acmephone A2 · active
  lines     1  101 Ann Lee                  tls sip.example.net:5061             
            2  102 Ben Carter               tls sip.example.net:5061             
  keys     3 of 8 line
";

/// The passwords and tokens of a built site.
pub fn secrets(fleet: &Fleet) -> Vec<String> {
    let site = fleet.tree("out/site");
    let mut found: Vec<String> = Vec::new();
    for (path, bytes) in site.contents() {
        found.extend(path.split_once('/').map(|(token, _)| token.to_owned()));
        let text = String::from_utf8_lossy(bytes);
        let passwords = text.lines().filter_map(|line| line.split_once("password="));
        found.extend(passwords.map(|(_, value)| value.to_owned()).filter(|value| value != "DEFAULT"));
    }
    assert!(found.len() > 10);
    found
}

#[test]
fn a_phone_at_a_glance() {
    let fleet = Fleet::small();
    let printed = fleet.sipress("show reception").any_stdout().run().stdout;
    assert!(printed.starts_with(RECEPTION), "{printed}");
    assert!(printed.contains("/02acce000001.ini"), "{printed}");
    assert!(printed.ends_with("  passwords hidden, --reveal shows them\n"), "{printed}");
}

#[test]
fn any_spelling_and_the_label_mean_the_same() {
    let fleet = Fleet::small();
    let expected = fleet.sipress("show Reception").any_stdout().run().stdout;
    for name in ["RECEPTION", "02:ac:ce:00:00:01", "02ACCE000001", "02ac.ce00.0001", "02-AC-CE-00-00-01"] {
        fleet.sipress("show").arg(name).stdout(&expected).run();
    }
}

#[test]
fn the_book_is_among_the_files() {
    let fleet = Fleet::small();
    let call = fleet.sipress("show reception");
    call.stdout_has("book.xml").run();
}

#[test]
fn a_file_is_printed_as_the_phone_gets_it_without_its_secrets() {
    let fleet = Fleet::small();
    fleet.build();
    let served = fleet.read(&fleet.served("02acce000001.ini"));
    let shown = fleet.sipress("show reception main").any_stdout().run().stdout;
    assert_eq!(shown.lines().count(), served.lines().count());
    for (shown, served) in shown.lines().zip(served.lines()) {
        assert_eq!(shown.split('=').next(), served.split('=').next());
        let secret = ["password=", "url="].iter().any(|word| served.contains(word)) && !served.ends_with("DEFAULT");
        assert_eq!(shown != served, secret, "{shown}");
    }
    fleet.sipress("show reception 02acce000001.ini").stdout(&shown).run();
}

#[test]
fn revealed_it_is_what_is_served() {
    let fleet = Fleet::small();
    fleet.build();
    let served = fleet.read(&fleet.served("02acce000001.ini"));
    fleet.sipress("show reception main --reveal").stdout(&served).run();
    let call = fleet.sipress("show reception --reveal");
    call.stdout_has(fleet.served("02acce000001.ini").trim_start_matches("out/site/")).stdout_lacks("passwords hidden").run();
}

#[test]
fn no_secret_is_shown_unasked() {
    let fleet = Fleet::small();
    fleet.build();
    let secrets = secrets(&fleet);
    for device in ["reception", "desk", "window", "till", "02acce000005"] {
        for rest in ["", " main", " --format json"] {
            let printed = fleet.sipress(&format!("show {device}{rest}")).any_stdout().run().stdout;
            for secret in &secrets {
                assert!(!printed.contains(secret.as_str()), "show {device}{rest}: {printed}");
            }
        }
    }
}

#[test]
fn json_tells_lines_keys_and_files() {
    let fleet = Fleet::small();
    let shown = fleet.sipress("show reception --format json").any_stdout().run().json();
    assert_eq!(shown["schema"], 1);
    assert_eq!(shown["device"], "02acce000001");
    assert_eq!(shown["model"], "acmephone/a2");
    assert_eq!(shown["customer"], "acme");
    assert_eq!(shown["enabled"], true);
    assert_eq!(shown["lines"][0]["user"], "101");
    assert_eq!(shown["lines"][1]["display_name"], "Ben Carter");
    assert_eq!(shown["keys"][2]["type"], "blf");
    assert_eq!(shown["files"][0]["name"], "02acce000001.ini");
}

#[test]
fn without_a_key_it_shows_all_but_secrets() {
    let fleet = Fleet::small();
    let call = fleet.sipress("show reception").without_key();
    call.stdout_has("101 Ann Lee").stderr_has("no key is at hand").run();
    let call = fleet.sipress("show reception main").without_key();
    call.stdout_has("line1.user=101").stderr_has("no key is at hand").run();
}

#[test]
fn json_tells_sizes_and_hashes_of_what_is_no_secret_only() {
    let fleet = Fleet::small();
    let files = |line: &str| fleet.sipress(line).any_stdout().run().json()["files"].as_array().expect("files").clone();
    for file in files("show reception --format json") {
        let secret = file["sensitivity"] == "secret";
        assert_eq!(file["sha256"].is_null(), secret, "{file}");
        assert_eq!(file["size"].is_null(), secret, "{file}");
    }
    assert!(files("show reception --reveal --format json").iter().all(|file| file["sha256"].is_string()));
}

#[test]
fn without_a_key_there_is_nothing_to_reveal() {
    let fleet = Fleet::small();
    let call = fleet.sipress("show reception main --reveal").without_key().exit(2);
    call.stderr_has("error: there is no key").run();
}

#[test]
fn a_key_file_is_taken() {
    let fleet = Fleet::small();
    fleet.build();
    let served = fleet.read(&fleet.served("02acce000001.ini"));
    fleet.write("key", KEY);
    let call = fleet.sipress("show reception main --reveal --key-file key");
    call.env("SIPRESS_KEY", OTHER_KEY).stdout(&served).run();
}

#[test]
fn a_ci_log_is_no_place_for_passwords() {
    let fleet = Fleet::small();
    for ci in ["true", "1"] {
        let call = fleet.sipress("show reception --reveal").env("CI", ci).exit(2);
        call.stderr("error: --reveal would write passwords to a CI log\n  = help: run it on your own machine\n").run();
    }
    let call = fleet.sipress("show reception").env("CI", "true");
    call.stdout_has("passwords hidden").run();
    let call = fleet.sipress("show reception --reveal").env("CI", "false");
    call.any_stdout().run();
}

#[test]
fn an_unknown_device_comes_with_a_suggestion() {
    let fleet = Fleet::small();
    let call = fleet.sipress("show receptoin").exit(2);
    call.stderr("error: there is no device \"receptoin\"\n  = help: did you mean Reception?\n").run();
    let call = fleet.sipress("show zzz").exit(2);
    call.stderr_has("give its identifier in any spelling, or its label").run();
}

#[test]
fn a_label_that_two_phones_have_is_not_guessed() {
    let fleet = Fleet::small();
    fleet.edit("devices/north/bakery/till.toml", "Till", "reception");
    let call = fleet.sipress("show Reception").exit(2);
    call.stderr("error: several devices have the label \"Reception\"\n  = help: name one by its identifier: 02acce000001, 02acce000004\n")
        .run();
}

#[test]
fn an_unknown_file_names_those_that_there_are() {
    let fleet = Fleet::small();
    let call = fleet.sipress("show reception boot").exit(2);
    call.stderr_has("error: the device has no file \"boot\"; it has main").run();
}

#[test]
fn a_broken_device_tells_its_errors() {
    let fleet = Fleet::small();
    fleet.edit("devices/acme/reception.toml", "acmephone/a2", "acmephone/a9");
    let call = fleet.sipress("show reception").exit(1);
    call.stderr_has("error[device::unknown-model]").run();
}

#[test]
fn an_inactive_phone_says_since_and_until_when() {
    let fleet = Fleet::small();
    fleet.edit("devices/acme/reception.toml", "package", "activate = 2027-01-01\npackage");
    fleet.sipress("show reception").stdout_has("not active before 2027-01-01").run();
    fleet.sipress("show reception --as-of 2027-01-02").stdout_has("active since 2027-01-01").run();
    fleet.sipress("show 02acce000005").stdout_has(" · stock").run();
}

#[test]
fn formats_that_it_has_not_are_refused() {
    let fleet = Fleet::small();
    for command in ["show reception", "explain reception", "vendors"] {
        let call = fleet.sipress(&format!("{command} --format sarif")).exit(2);
        call.any_stderr().run();
    }
}

#[test]
fn control_characters_of_a_label_do_not_reach_the_terminal() {
    let fleet = Fleet::small();
    fleet.edit("devices/acme/reception.toml", "\"Reception\"", "\"Rec\\u001b[31meption\"");
    for line in ["show 02acce000001", "explain 02acce000001", "check", "show rec\u{1b}[31m"] {
        let output = fleet.sipress(line).output();
        assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{line}");
    }
}

//! Where the fleet's key comes from.

use crate::fleet::{Fleet, KEY, OTHER_KEY};

const NO_KEY: &str = "error: there is no key to derive passwords from
  = help: set SIPRESS_KEY to 64 hexadecimal digits, or name a file with --key-file; `openssl rand -hex 32` makes a key
";

fn root_with(line: &str, key: Option<&str>, prepare: impl Fn(&Fleet)) -> String {
    let fleet = Fleet::small();
    prepare(&fleet);
    let call = fleet.sipress(line).without_key().any_stderr();
    let call = match key {
        Some(key) => call.env("SIPRESS_KEY", key),
        None => call,
    };
    call.run();
    fleet.manifest_root()
}

#[test]
fn without_a_key_nothing_is_built() {
    let fleet = Fleet::small();
    let call = fleet.sipress("build").without_key().exit(2);
    call.stderr(NO_KEY).run();
    assert!(!fleet.has("out"));
}

#[test]
fn the_key_may_come_from_the_environment_a_file_or_the_root() {
    let own = root_with("build", Some(KEY), |_| ());
    let other = root_with("build", Some(OTHER_KEY), |_| ());
    assert_ne!(own, other, "passwords and folders come from the key");

    let file = |fleet: &Fleet| _ = fleet.write("secret/key", &format!("  {KEY}\n"));
    assert_eq!(root_with("build --key-file secret/key", None, file), own);
    assert_eq!(root_with("build --key-file secret/key", Some(OTHER_KEY), file), own);

    let beside = |fleet: &Fleet| _ = fleet.write("sipress.key", KEY);
    assert_eq!(root_with("build", None, beside), own);
    assert_eq!(root_with("build", Some(OTHER_KEY), beside), other);

    let upper = KEY.to_uppercase();
    assert_eq!(root_with("build", Some(&upper), |_| ()), own);
}

#[test]
fn a_demo_key_builds_and_says_so() {
    let fleet = Fleet::small();
    fleet.edit("devices/fleet.toml", "layout", &format!("demo_key = \"{KEY}\"\nlayout"));
    let call = fleet.sipress("build").without_key();
    call.stderr_has("1 note").stderr_has("demo key: these passwords are public, run `sipress init` for a fleet of your own").run();
    let demo = fleet.manifest_root();
    let call = fleet.sipress("build").env("SIPRESS_KEY", OTHER_KEY);
    call.stderr_lacks("these passwords are public").any_stderr().run();
    assert_ne!(fleet.manifest_root(), demo);
}

#[test]
fn a_key_of_another_form_is_refused_and_not_repeated() {
    let fleet = Fleet::small();
    for key in ["abc123", "", &KEY[1..], &KEY.replace('5', "x")] {
        let call = fleet.sipress("build").env("SIPRESS_KEY", key).exit(2);
        call.stderr("error: SIPRESS_KEY is not 64 hexadecimal digits\n  = help: `openssl rand -hex 32` makes a key\n").run();
    }
    fleet.write("key", "c0ffee");
    let call = fleet.sipress("build --key-file key").exit(2);
    call.stderr("error: key is not 64 hexadecimal digits\n  = help: `openssl rand -hex 32` makes a key\n").run();
    fleet.write("sipress.key", "c0ffee");
    let call = fleet.sipress("build").without_key().exit(2);
    call.stderr_has("error: sipress.key is not 64 hexadecimal digits").run();
    assert!(!fleet.has("out"));
}

#[test]
fn a_key_file_that_is_not_there_is_not_passed_over() {
    let fleet = Fleet::small();
    let call = fleet.sipress("build --key-file nowhere").exit(2);
    call.stderr_has("error: nowhere cannot be read").stderr_has("it holds 64 hexadecimal digits").run();
}

#[test]
fn the_placeholder_of_check_is_no_key() {
    let fleet = Fleet::small();
    let call = fleet.sipress("build").env("SIPRESS_KEY", &"0".repeat(64));
    call.exit(2).any_stderr().run();
}

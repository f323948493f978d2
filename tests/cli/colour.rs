//! `--color` and `NO_COLOR`

use crate::check::with_mistakes;
use crate::fleet::Fleet;

const ESCAPE: &str = "\u{1b}[";

#[test]
fn there_is_none_where_nobody_looks() {
    let fleet = with_mistakes();
    let call = fleet.sipress("check").exit(1);
    call.stderr_lacks(ESCAPE).any_stderr().run();
    Fleet::small().sipress("build").stderr_lacks(ESCAPE).any_stderr().run();
}

#[test]
fn it_may_be_wanted_always() {
    let fleet = with_mistakes();
    fleet.sipress("check --color always").exit(1).stderr_has(ESCAPE).run();
    fleet.sipress("build --color always").exit(1).stderr_has(ESCAPE).run();
    Fleet::small().sipress("build --color always").stderr_has(ESCAPE).run();
    let call = fleet.sipress("show nobody --color always").exit(2);
    call.stderr_has(ESCAPE).run();
}

#[test]
fn or_never() {
    let fleet = with_mistakes();
    let call = fleet.sipress("check --color never").exit(1);
    call.env("CLICOLOR_FORCE", "1").stderr_lacks(ESCAPE).any_stderr().run();
}

#[test]
fn the_flag_is_stronger_than_the_variable() {
    let fleet = with_mistakes();
    let call = fleet.sipress("check --color always").env("NO_COLOR", "1").exit(1);
    call.stderr_has(ESCAPE).run();
    let call = fleet.sipress("check").env("NO_COLOR", "1").exit(1);
    call.stderr_lacks(ESCAPE).any_stderr().run();
}

#[test]
fn it_never_carries_meaning() {
    let fleet = with_mistakes();
    let plain = fleet.sipress("check --color never").exit(1).any_stderr().run().stderr;
    let colour = fleet.sipress("check --color always").exit(1).any_stderr().run().stderr;
    let summary = |text: &str| text.lines().rev().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(summary(&stripped(&colour)), summary(&plain));
}

#[test]
fn machines_get_none() {
    let fleet = with_mistakes();
    for format in ["json", "github", "gitlab", "sarif", "junit", "markdown"] {
        let line = format!("check -q --color always --format {format} --report human=report.txt");
        let call = fleet.sipress(&line).exit(1);
        call.stdout_lacks(ESCAPE).any_stdout().run();
        assert!(!fleet.read("report.txt").contains(ESCAPE));
    }
}

#[test]
fn on_a_terminal_it_obeys_no_color() {
    let fleet = with_mistakes();
    let on_terminal = |variables: &str| {
        let program = env!("CARGO_BIN_EXE_sipress");
        let command = format!("env -i TERM=xterm {variables} '{program}' check");
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &command, "/dev/null"]).current_dir(fleet.root());
        let output = script.stdin(std::process::Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.contains("line::beyond-model").then_some(text)
    };
    let Some(text) = on_terminal("") else {
        return eprintln!("skipped: `script` gives no terminal here");
    };
    let coloured = |text: &str| text.contains("\u{1b}[1") || text.contains("\u{1b}[3");
    assert!(coloured(&text), "{text}");
    for variables in ["NO_COLOR=1", "TERM=dumb"] {
        let text = on_terminal(variables).expect("a terminal");
        assert!(!coloured(&text), "{variables}: {text}");
    }
}

fn stripped(text: &str) -> String {
    let mut parts = text.split(ESCAPE);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

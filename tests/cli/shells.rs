//! `completions`, `man`, `--help`

use crate::fleet::Fleet;

const COMMANDS: [&str; 9] = ["init", "check", "build", "show", "explain", "vendors", "schema", "completions", "man"];

#[test]
fn every_shell_completes_every_command() {
    let fleet = Fleet::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = fleet.sipress("completions").arg(shell).any_stdout().run().stdout;
        for command in COMMANDS {
            assert!(text.contains(command), "{shell} knows no {command}");
        }
    }
    let call = fleet.sipress("completions tcsh").exit(2);
    call.stderr_has("invalid value 'tcsh'").run();
}

#[test]
fn bash_reads_its_completions() {
    let fleet = Fleet::empty();
    let text = fleet.sipress("completions bash").any_stdout().run().stdout;
    fleet.write("completions", &text);
    let bash = std::process::Command::new("bash").args(["-n", "completions"]).current_dir(fleet.root()).output();
    match bash {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => eprintln!("skipped: no bash here, {error}"),
    }
}

#[test]
fn the_manual_has_a_page_a_command() {
    let fleet = Fleet::empty();
    fleet.sipress("man").stdout_has(".TH sipress 1").stdout_has("Exit codes").run();
    fleet.sipress("man --out pages").run();
    for command in COMMANDS {
        assert!(fleet.read(&format!("pages/sipress-{command}.1")).contains(".TH"), "{command}");
    }
}

#[test]
fn help_is_a_result() {
    let fleet = Fleet::empty();
    fleet.sipress("--help").stdout_has("Exit codes: 0 done").run();
    fleet.sipress("--version").stdout(&format!("sipress {}\n", env!("CARGO_PKG_VERSION"))).run();
    for command in COMMANDS {
        let call = fleet.sipress(command).arg("--help");
        call.stdout_has(&format!("Usage: sipress {command}")).run();
    }
}

#[test]
fn help_fits_the_terminal() {
    let fleet = Fleet::empty();
    let text = fleet.sipress("build --help").any_stdout().run().stdout;
    let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > 100).collect();
    assert_eq!(long, [""; 0]);
}

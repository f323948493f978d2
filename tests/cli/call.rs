//! A call of sipress, and what is expected of it.
//!
//! What is not expected must not be there: without a word on stdout or stderr, it has to be empty.

use std::fmt::Display;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::fleet::KEY;

/// 2026-12-01, the day that all calls build for.
const DAY: &str = "1796083200";

/// A command line with its surroundings and its expectations.
pub struct Call<'f> {
    line: String,
    command: Command,
    root: &'f Path,
    code: i32,
    stdout: Expected,
    stderr: Expected,
}

#[derive(Default)]
struct Expected {
    any: bool,
    whole: Option<String>,
    parts: Vec<String>,
    never: Vec<String>,
}

/// What a call printed.
pub struct Printed {
    /// Results.
    pub stdout: String,
    /// Words for people.
    pub stderr: String,
}

impl<'f> Call<'f> {
    /// A command line in a folder, split at its spaces. The environment is empty but for a key and a day.
    pub fn new(root: &'f Path, line: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sipress"));
        command.args(line.split_whitespace()).current_dir(root).env_clear();
        command.env("SIPRESS_KEY", KEY).env("SOURCE_DATE_EPOCH", DAY);
        command.stdin(Stdio::null());
        Call { line: line.to_owned(), command, root, code: 0, stdout: Expected::default(), stderr: Expected::default() }
    }

    /// One more argument, spaces included.
    pub fn arg(mut self, arg: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes the key away.
    pub fn without_key(mut self) -> Self {
        self.command.env_remove("SIPRESS_KEY");
        self
    }

    /// Takes the day away.
    pub fn without_day(mut self) -> Self {
        self.command.env_remove("SOURCE_DATE_EPOCH");
        self
    }

    /// Runs in another folder.
    pub fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Expects this exit code in the place of 0.
    pub fn exit(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    /// Expects exactly this on stdout.
    pub fn stdout(mut self, text: &str) -> Self {
        self.stdout.whole = Some(text.to_owned());
        self
    }

    /// Expects exactly this on stderr.
    pub fn stderr(mut self, text: &str) -> Self {
        self.stderr.whole = Some(text.to_owned());
        self
    }

    /// Expects this somewhere on stdout.
    pub fn stdout_has(mut self, part: &str) -> Self {
        self.stdout.parts.push(part.to_owned());
        self
    }

    /// Expects this somewhere on stderr.
    pub fn stderr_has(mut self, part: &str) -> Self {
        self.stderr.parts.push(part.to_owned());
        self
    }

    /// Expects this nowhere on stdout.
    pub fn stdout_lacks(mut self, part: &str) -> Self {
        self.stdout.never.push(part.to_owned());
        self
    }

    /// Expects this nowhere on stderr.
    pub fn stderr_lacks(mut self, part: &str) -> Self {
        self.stderr.never.push(part.to_owned());
        self
    }

    /// Lets stdout be anything.
    pub fn any_stdout(mut self) -> Self {
        self.stdout.any = true;
        self
    }

    /// Lets stderr be anything.
    pub fn any_stderr(mut self) -> Self {
        self.stderr.any = true;
        self
    }

    /// The command, for a test that starts it by itself.
    pub fn command(self) -> Command {
        self.command
    }

    /// Runs it, whatever comes.
    pub fn output(mut self) -> Output {
        self.command.output().expect("sipress starts")
    }

    /// Runs it, and looks at code, stdout and stderr.
    pub fn run(mut self) -> Printed {
        let output = self.command.output().expect("sipress starts");
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        let code = output.status.code();
        let said =
            format!("`sipress {}`\n--- stdout\n{}\n--- stderr\n{stderr}", self.line, if stdout.len() > 4000 { "(long)" } else { &stdout });
        assert_eq!(code, Some(self.code), "exit code of {said}");
        self.stdout.hold("stdout", &self.plain(&stdout), &said);
        self.stderr.hold("stderr", &self.plain(&stderr), &said);
        Printed { stdout, stderr }
    }

    /// The text with all that differs from run to run named.
    fn plain(&self, text: &str) -> String {
        let real = self.root.canonicalize().unwrap_or_else(|_| self.root.to_owned());
        let named = |path: &Path| path.display().to_string();
        let text = text.replace(&named(&real), "ROOT").replace(&named(self.root), "ROOT");
        let text = masked(&text, "", " s", |word| word.contains('.') && word.parse::<f64>().is_ok());
        let text = masked(&text, "root ", "", |word| word.len() == 12 && word.bytes().all(|b| b.is_ascii_hexdigit()));
        masked(&text, "", " vendor packs", |word| word.parse::<u32>().is_ok())
    }
}

impl Expected {
    fn hold(&self, stream: &str, text: &str, said: &impl Display) {
        if let Some(whole) = &self.whole {
            assert!(text == whole, "{stream} should be\n{whole}\nand is\n{text}\nin {said}");
        } else if self.parts.is_empty() && !self.any {
            assert!(text.is_empty(), "{stream} should be empty in {said}");
        }
        for part in &self.parts {
            assert!(text.contains(part), "{stream} should have\n{part}\nin {said}");
        }
        for part in &self.never {
            assert!(!text.contains(part), "{stream} should not have\n{part}\nin {said}");
        }
    }
}

impl Printed {
    /// Stdout as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

/// Puts `…` in the place of each word between these two that changes from run to run.
fn masked(text: &str, before: &str, after: &str, changes: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '.';
    while let Some(start) = rest.find(is_word) {
        let word = &rest[start..];
        let word = &word[..word.find(|c| !is_word(c)).unwrap_or(word.len())];
        let end = start + word.len();
        out.push_str(&rest[..start]);
        let fits = out.ends_with(before) && rest[end..].starts_with(after) && changes(word);
        out.push_str(if fits { "…" } else { word });
        rest = &rest[end..];
    }
    out + rest
}

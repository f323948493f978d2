//! Exit codes, streams and colour.

use std::io::{IsTerminal, Write};

use super::args::{Color, Global};
use crate::diagnostic::{self, Diagnostic, Format, Options, Sources};

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The fleet has errors.
    Errors = 1,
    /// Usage or environment.
    Usage = 2,
    /// There are changes, and that was the question.
    Changes = 16,
    /// Refused by the safety gate.
    Refused = 17,
    /// Someone else published first.
    Lost = 18,
    /// The outside failed; a retry is safe.
    Outside = 19,
    /// A bug of ours.
    Bug = 70,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(exit as u8)
    }
}

/// Where text goes: results to stdout, words for people to stderr.
pub struct Output {
    pub quiet: bool,
    pub colour: bool,
    pub progress: bool,
    /// Tell more: where the key and the packs come from, each customer as it is done.
    pub verbose: bool,
}

impl Output {
    pub fn new(global: &Global) -> Output {
        let terminal = std::io::stderr().is_terminal();
        let colour = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                terminal
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        Output { quiet: global.quiet, colour, progress: terminal && !global.quiet, verbose: global.verbose > 0 && !global.quiet }
    }

    /// A result.
    pub fn result(&self, text: &str) -> Exit {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                drop(stdout);
                self.fail(&format!("the result cannot be written: {error}"), "")
            }
            _ => Exit::Done,
        }
    }

    /// Words for people; nothing when quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.tell(text);
        }
    }

    /// Words for people, also when quiet.
    pub fn tell(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// A line of the summary: a word that is set off, and what it says.
    pub fn status(&self, word: &str, text: &str) {
        let (on, off) = if self.colour { ("\u{1b}[1;32m", "\u{1b}[0m") } else { ("", "") };
        self.say(&format!("{on}{word:>10}{off}  {text}"));
    }

    /// Why the command cannot go on.
    pub fn fail(&self, message: &str, help: &str) -> Exit {
        let (on, off) = if self.colour { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        self.tell(&format!("{on}error{off}: {message}"));
        if !help.is_empty() {
            self.tell(&format!("  = help: {help}"));
        }
        Exit::Usage
    }

    /// Findings, to where their format belongs.
    pub fn findings(&self, format: Format, found: &[Diagnostic], sources: &Sources<'_>) {
        let options = Options { colour: self.colour && format == Format::Human, width: width() };
        let text = diagnostic::print(format, found, sources, options);
        match format {
            Format::Human => {
                let _ = std::io::stderr().lock().write_all(text.as_bytes());
            }
            _ => _ = self.result(&text),
        }
    }
}

fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100).clamp(60, 200)
}

/// A number of things: `1 device`, `258 devices`.
pub fn count(number: impl Into<u64>, thing: &str) -> String {
    let number = number.into();
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// A number of bytes.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

//! A bar on a terminal, plain lines elsewhere.

use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};

use super::output::{Output, count};
use crate::run::Step;

/// Shows how far a run is.
pub struct Progress<'o> {
    output: &'o Output,
    total: u64,
    bar: OnceLock<ProgressBar>,
}

impl<'o> Progress<'o> {
    /// For a run over so many files.
    pub fn new(output: &'o Output, files: usize) -> Self {
        Progress { output, total: files as u64, bar: OnceLock::new() }
    }

    /// Takes a step.
    pub fn step(&self, step: Step<'_>) {
        match step {
            Step::Waiting => self.output.status("Waiting", "another build has the output folder"),
            Step::Loaded { .. } if self.output.progress => {
                let style = ProgressStyle::with_template("{prefix:>10}  {bar:32} {pos}/{len}  {eta}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
                let bar = ProgressBar::new(self.total).with_style(style.progress_chars("█▌ ")).with_prefix("Rendering");
                let _ = self.bar.set(bar);
            }
            Step::Unit { customer, devices, kept } => {
                if self.output.verbose {
                    let what = if kept { "as it was" } else { "compiled" };
                    self.say(&format!("{}, {}, {what}", crate::diagnostic::visible(customer), count(devices as u64, "device")));
                }
                if let Some(bar) = self.bar.get() {
                    bar.inc(devices as u64);
                }
            }
            Step::Loaded { .. } => {}
        }
    }

    /// A line above the bar.
    fn say(&self, text: &str) {
        match self.bar.get() {
            Some(bar) => bar.suspend(|| self.output.status("Customer", text)),
            None => self.output.status("Customer", text),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

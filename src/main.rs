//! The process: arguments in, exit code out.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "the process itself")]

use std::process::ExitCode;

use sipress::cli::{self, Exit};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "somewhere".to_owned(), ToString::to_string);
        eprintln!(
            "sipress has a bug, at {place}. Nothing was published. Please report the place and the command; no value is shown, for it may be a secret."
        );
    }));
    match std::panic::catch_unwind(cli::main) {
        Ok(exit) => exit.into(),
        Err(_) => Exit::Bug.into(),
    }
}

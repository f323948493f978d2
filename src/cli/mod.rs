//! The command line: arguments in, text and an exit code out. The only room that prints and reads the environment.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "this is the room that prints, measures and reads the environment"
)]

mod args;
mod build;
mod check;
mod explain;
mod init;
mod kit;
mod output;
mod progress;
mod report;
mod setup;
mod show;
mod timings;
mod vendors;
mod why;

use clap::{CommandFactory, Parser};

use args::{Args, Command};
pub use output::Exit;
use output::Output;

/// Runs the command line of this process.
pub fn main() -> Exit {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let output = Output::new(&args.global);
    if let Some(jobs) = args.global.jobs {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
    let global = &args.global;
    match &args.command {
        Command::Init(own) => init::run(own, &output),
        Command::Check(own) => check::run(global, own, &output),
        Command::Build(own) => build::run(global, own, &output),
        Command::Show(own) => show::run(global, own, &output),
        Command::Explain(own) => explain::run(global, own, &output),
        Command::Merge(own) => build::merge_parts(global, own, &output),
        Command::Report(own) => report::run(global, own, &output),
        Command::Vendors(own) => vendors::run(global, own, &output),
        Command::Schema(own) => setup::schema(own, &output),
        Command::Completions { shell } => setup::completions(*shell, &mut Args::command(), &output),
        Command::Man { out } => setup::man(out.as_deref(), Args::command(), &output),
    }
}

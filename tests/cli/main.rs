//! What a user types, and what comes of it: stdout, stderr, exit code, files.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests start processes, measure time and say what they skip")]

mod assets;
mod build;
mod call;
mod canary;
mod carried;
mod cascade;
mod check;
mod colour;
mod determinism;
mod edits;
mod explain;
mod fleet;
mod git;
mod init;
mod keys;
mod kill;
mod kit;
mod layouts;
mod layouts_of_keys;
mod parts;
mod policy;
mod qr;
mod quiet_check;
mod reports;
mod schema;
mod shells;
mod show;
mod timings;
mod tree;
mod usage;
mod varied;
mod vendors;
mod why;

//! What a user types, and what comes of it: stdout, stderr, exit code, files.
#![cfg(unix)]

mod build;
mod call;
mod canary;
mod check;
mod colour;
mod determinism;
mod explain;
mod fleet;
mod init;
mod keys;
mod kill;
mod layouts;
mod policy;
mod quiet_check;
mod reports;
mod schema;
mod shells;
mod show;
mod tree;
mod usage;
mod vendors;

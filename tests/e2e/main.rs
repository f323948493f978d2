//! Real clients and servers: what sipress wrote is fetched from nginx, and those who fetched it register with Kamailio and call each other.
//!
//! `cargo test --test e2e` runs them; they need Debian's packages, which `.ci/run e2e` installs.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read their environment and print")]

mod baresip;
mod calls;
mod credentials;
#[path = "../phones/facts.rs"]
mod facts;
#[path = "../phones/fleet.rs"]
#[allow(dead_code, reason = "shared with the virtual phones")]
mod fleet;
mod formats;
mod linphone;
#[path = "../phones/phone/mod.rs"]
mod phone;
mod process;
mod registrar;
mod web;

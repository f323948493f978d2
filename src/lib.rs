//! sipress compiles a git repository of SIP device definitions into the files that phones fetch.
pub mod asset;
pub mod check;
pub mod cli;
pub mod compile;
pub mod diagnostic;
pub mod kit;
pub mod load;
pub mod model;
pub mod render;
pub mod resolve;
pub mod run;
pub mod schema;
pub mod secret;
pub mod settings;
pub mod vendor;
pub mod write;

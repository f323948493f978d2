//! What can be typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

use crate::diagnostic::Format;

/// Compiles a git repository of SIP device definitions into the files that phones fetch.
#[derive(Parser)]
#[command(name = "sipress", version, about, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 done · 1 the fleet has errors · 2 usage or environment · 19 the outside failed, a retry is safe · 70 a bug of ours"
)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(clap::Args)]
pub struct Global {
    /// The fleet's root: the folder that holds devices/fleet.toml [default: the nearest one upward]
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// When to use colour; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Say less: findings and results only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more: where the key and the packs come from, and each customer as it is done
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Threads to use [default: all]
    #[arg(long, global = true, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
pub enum Command {
    /// Make a fleet that builds
    Init(Init),
    /// Load, resolve, check and render in memory; writes nothing and needs no key
    Check(Check),
    /// Compile the fleet into out/site
    #[command(
        after_help = "Examples:\n  sipress build\n  sipress build --only acme\n  sipress build --why reception\n  sipress build --timings --format json"
    )]
    Build(Build),
    /// Join the parts that `build --shard` made
    Merge(Merge),
    /// A phone's lines, keys and files
    Show(Show),
    /// Where a device's settings come from, or what a finding means
    #[command(
        after_help = "Examples:\n  sipress explain reception\n  sipress explain 80:5e:c0:12:34:56 line.transport\n  sipress explain line::beyond-model"
    )]
    Explain(Explain),
    /// The vendors and models, and what each can be told
    Vendors(Vendors),
    /// Reports for the operator: QR codes that enrol soft clients
    Report(Report),
    /// JSON Schemas of the input files
    Schema(Schema),
    /// Completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Manual pages
    Man {
        /// Write a page a command into this folder [default: the main page to standard output]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

#[derive(clap::Args)]
pub struct Init {
    /// Where
    #[arg(default_value = ".")]
    pub dir: PathBuf,
}

#[derive(clap::Args)]
pub struct Findings {
    /// How findings are printed: human or json
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
    /// Also write the findings to a file: github, gitlab, sarif, junit, json, markdown or human; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    pub report: Vec<String>,
    /// Make findings of this code errors
    #[arg(long, value_name = "CODE")]
    pub deny: Vec<String>,
    /// Make findings of this code warnings
    #[arg(long, value_name = "CODE")]
    pub warn: Vec<String>,
    /// Drop findings of this code
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// The day to build for, YYYY-MM-DD [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<jiff::civil::Date>,
}

#[derive(clap::Args)]
pub struct Check {
    #[command(flatten)]
    pub findings: Findings,
}

#[derive(clap::Args)]
pub struct Key {
    /// File with the fleet's key, 64 hexadecimal digits [default: SIPRESS_KEY, else sipress.key at the root, else the fleet's demo key]
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct Merge {
    /// The output folders of all parts
    #[arg(required = true)]
    pub parts: Vec<PathBuf>,
    /// Where the site and its manifest go [default: out below the root]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub key: Key,
    #[command(flatten)]
    pub findings: Findings,
}

#[derive(clap::Args)]
pub struct Build {
    /// Where the site and its manifest go [default: out below the root, of a shard parts/I-of-N]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Build only these customers and leave the others as they are: a path such as acme or northwind/*, an MSP, or a device for its customer
    #[arg(long, value_name = "PATTERN", conflicts_with = "shard")]
    pub only: Vec<String>,
    /// Build one part of N, split by customer: 1/4 … 4/4, or auto on Kubernetes, GitLab and CircleCI; `merge` joins them
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Explain what this build did for a device: which inputs changed, what its files say otherwise, which were left untouched
    #[arg(long, value_name = "DEVICE")]
    pub why: Option<String>,
    /// Tell where the time went: by step, pass, customer and vendor; a table, or a member of the result with --format json
    #[arg(long)]
    pub timings: bool,
    #[command(flatten)]
    pub key: Key,
    #[command(flatten)]
    pub findings: Findings,
}

#[derive(clap::Args)]
pub struct Show {
    /// Any spelling of the identifier, or the label
    pub device: String,
    /// Print this file of the device: its id (main, boot, …) or its name
    pub file: Option<String>,
    /// Show passwords and tokens
    #[arg(long)]
    pub reveal: bool,
    /// human or json
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = plain_format)]
    pub format: Format,
    #[command(flatten)]
    pub key: Key,
    /// The day to build for, YYYY-MM-DD [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<jiff::civil::Date>,
}

#[derive(clap::Args)]
pub struct Explain {
    /// A device (any spelling of its identifier, or its label), or the code of a finding
    pub what: String,
    /// A setting: all layers that spoke of it, and what it is written as
    pub setting: Option<String>,
    /// human or json
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = plain_format)]
    pub format: Format,
    #[command(flatten)]
    pub key: Key,
    /// The day to build for, YYYY-MM-DD [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<jiff::civil::Date>,
}

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Vendors {
    #[command(subcommand)]
    pub kit: Option<Kit>,
    /// What a vendor's models can be told: settings by rows, models by columns
    #[arg(long)]
    pub matrix: bool,
    /// A vendor, or a model such as yealink/t54w
    pub filter: Option<String>,
    /// human or json
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = plain_format)]
    pub format: Format,
}

#[derive(clap::Args)]
pub struct Report {
    #[command(subcommand)]
    pub name: ReportName,
}

#[derive(Subcommand)]
pub enum ReportName {
    /// The QR codes that enrol soft clients, a file a device
    Qr {
        /// Identifiers or labels [default: all devices that are switched on]
        #[arg(value_name = "DEVICE")]
        devices: Vec<String>,
        /// Write them into this folder [default: out/reports/qr]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        #[command(flatten)]
        key: Key,
        /// The day: who is not active yet has none [default: today]
        #[arg(long, value_name = "DATE")]
        as_of: Option<jiff::civil::Date>,
    },
}

/// What authors of packs need.
#[derive(Subcommand)]
pub enum Kit {
    /// Begin a pack: vendors/NAME with one model, and its first golden in tests/vendors/NAME
    New {
        /// The vendor's id: lower case letters, digits and -
        name: String,
    },
    /// Hold a pack against what is asked of it: plans, vocabulary, aliases, sizes, round trips and its goldens
    Test {
        /// The pack: its id, or its folder
        pack: PathBuf,
        /// How many devices to generate for the round trips [default: 3 a model, at least 60]
        #[arg(long, value_name = "N")]
        devices: Option<usize>,
        /// Write the goldens anew; read them before you commit them
        #[arg(long)]
        bless: bool,
    },
}

#[derive(clap::Args)]
pub struct Schema {
    /// The kind of file: fleet, msp, customer, site, extensions, phonebook, packages, firmware, device
    pub kind: Option<String>,
    /// Write a schema a kind into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// The formats of what is no list of findings.
fn plain_format(text: &str) -> Result<Format, String> {
    match text {
        "human" => Ok(Format::Human),
        "json" => Ok(Format::Json),
        _ => Err("human or json".to_owned()),
    }
}

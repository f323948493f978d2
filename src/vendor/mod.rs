//! Vendor packs: what a vendor's phones are told and how, as tables that are read in both directions.

mod codec;
mod defaults;
mod dial_plan;
mod evaluate;
mod expr;
pub mod fields;
mod gate;
mod json;
mod keys;
mod lens;
mod limit;
mod lines;
mod model;
mod name;
mod pack;
mod path;
mod plan;
mod read;
mod row;
mod series;
mod source;
mod specialize;
pub mod time;
mod vocabulary;
mod write;
mod xml;

pub use codec::{Codec, Map};
pub use defaults::PackDefaults;
pub use evaluate::{Evaluation, Problem, Trouble, Values};
pub use limit::Lost;
pub use model::{Model, Version};
pub use pack::{FileScope, FileSpec, Pack, Shape as PasswordShape, Syntax};
pub use plan::{FilePlan, Plan};
pub use read::{Finding, ReadBack};
pub use source::{PackSource, Packs};
pub use vocabulary::Vocabulary;

//! The registry of canonical settings: data, a row a setting, that drives everything else.

mod device;
pub mod digit_map;
mod field;
mod hostile;
mod kind;
mod parse;
mod registry;
mod value;

pub use device::{Device, Element};
pub use field::{Field, MAX_LISTED, MAX_NAME, MAX_RAW, Takes, words};
pub use hostile::text_is_hostile;
pub use kind::accepts;
pub use parse::Parser;
pub use registry::{Kind, Node, Reach, Registry, Role, Sensitivity, Setting, SettingId, Subject};
pub use value::{Derived, FileId, Origin, Part, Record, Slot, Val};

//! From parsed files to resolved devices: the cascade, with the origin of every value.

mod book;
mod cascade;
mod derive;
mod device;
mod dial_rules;
mod elements;
mod extensions;
pub mod fields;
mod fleet;
mod keys;
mod layer;
mod layouts;
mod unit;

pub use book::BookChoice;
pub use cascade::{Heard, Resolver};
pub use derive::{Deriver, Placement, Site, Zones};
pub use device::{DeviceDoc, Field};
pub use elements::{ElementDoc, name_of, needed_of, number_of, of_element, of_line};
pub use extensions::Extension;
pub use fleet::{Exposure, Firmware, Fleet, Gate, Layout, Policy};
pub use keys::place as place_keys;
pub use layer::{Layer, Scope, of_device, of_scope};
pub use unit::{Book, Docs, Place, STOCK, Unit};

//! The rules, a file each. They look and tell; they change nothing.

mod asset;
mod book;
mod customer;
mod device;
mod fleet;
mod ignored;
mod line;
mod scope;
mod spelling;

pub use asset::{asset, unknown_asset, unknown_limits};
pub use book::{book_limit, unknown_book};
pub use customer::{customer, unused_extensions};
pub use device::{device, firmware_range, identity, record, unknown_firmware};
pub use fleet::{duplicates, fleet_files, paths, unused_files};
pub use ignored::{beyond_layout, lost, told as ignored_settings};
pub use line::{extension, line_number, part_number};
pub use spelling::{exposure, problems};

//! The words of the product as types.

mod identifier;
pub mod phonebook;
mod suggest;

pub use identifier::{DeviceId, Imei, Mac, Uuid};
pub use suggest::Suggest;

/// Where a device is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// In use.
    #[default]
    Active,
    /// Switched off by the provider; it keeps fetching.
    Inactive,
    /// On a shelf.
    Stock,
    /// Gone; its file removes its accounts.
    Retired,
}

impl Status {
    /// All of them, as the registry lists them.
    pub const ALL: [(&'static str, Status); 4] =
        [("active", Status::Active), ("inactive", Status::Inactive), ("stock", Status::Stock), ("retired", Status::Retired)];
}

//! Pictures and rings: from a file of the fleet to what a model takes. A picture is always made anew, so that nothing of the original
//! but its pixels is published: no place, no camera, no name.

mod picture;
mod ring;
mod store;
#[cfg(test)]
mod tests;

pub use picture::Fit;
pub use store::{Fault, Made, Store, Wish};

use crate::known;
use crate::settings::Setting;
use crate::vendor::{Assets, PictureFacts, Size};

/// What an asset is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// `ui.wallpaper`
    Wallpaper,
    /// `ui.logo.image`
    Logo,
    /// `ui.screensaver.image`
    Screensaver,
    /// `ui.ringtone_files`
    Ringtone,
}

impl Use {
    /// All of them.
    pub const ALL: [Use; 4] = [Use::Wallpaper, Use::Logo, Use::Screensaver, Use::Ringtone];

    /// The setting that names the file.
    pub fn setting(self) -> &'static Setting {
        match self {
            Use::Wallpaper => known!("ui.wallpaper"),
            Use::Logo => known!("ui.logo.image"),
            Use::Screensaver => known!("ui.screensaver.image"),
            Use::Ringtone => known!("ui.ringtone_files"),
        }
    }

    /// What a model wants made of a file; `None` where nothing is known of it.
    pub fn wish(self, assets: &Assets, screen: Option<Size>) -> Option<Wish> {
        let picture = |facts: &Option<PictureFacts>, fit| {
            let facts = facts.clone()?;
            let size = facts.size.or(screen);
            Some(Wish::Picture { facts, size, fit })
        };
        match self {
            Use::Wallpaper => picture(&assets.wallpaper, Fit::Cover),
            Use::Logo => picture(&assets.logo, Fit::Inside),
            Use::Screensaver => picture(&assets.screensaver, Fit::Cover),
            Use::Ringtone => assets.ringtone.clone().map(Wish::Ring),
        }
    }
}

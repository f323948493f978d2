//! What was made of files, each once a run.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::picture::{self, Fit};
use super::ring;
use crate::vendor::{PictureFacts, RingFacts, Size};

/// What is to be made of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// A picture.
    Picture {
        /// As the model takes it.
        facts: PictureFacts,
        /// Of these pixels; as many as it has where nobody knows.
        size: Option<Size>,
        /// In this way.
        fit: Fit,
    },
    /// A ring, as it is.
    Ring(RingFacts),
    /// Anything, as it is.
    AsIs,
}

/// What phones fetch.
#[derive(Debug, PartialEq, Eq)]
pub struct Made {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where, below the site: `a/`, the SHA-256 of the bytes, and a name.
    pub path: String,
    /// Media type.
    pub content_type: &'static str,
}

/// Why nothing could be made. The text goes on after "the file".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be read, or is not what it should be.
    Unreadable(String),
    /// It is beyond what the model takes.
    Unfit(String),
}

type Key = (Arc<str>, Wish);
type Cell = Arc<OnceLock<Result<Arc<Made>, Fault>>>;

/// What was made so far, by file and wish.
#[derive(Debug, Default)]
pub struct Store {
    made: Mutex<HashMap<Key, Cell>>,
}

impl Store {
    /// What `wish` wants of the file at `path` from the root. The same work is done once, by whoever comes first.
    pub fn make(&self, root: &Path, path: &Arc<str>, wish: &Wish) -> Result<Arc<Made>, Fault> {
        let cell = match self.made.lock() {
            Ok(mut made) => made.entry((path.clone(), wish.clone())).or_default().clone(),
            Err(_) => Cell::default(),
        };
        cell.get_or_init(|| make(root, path, wish).map(Arc::new)).clone()
    }
}

fn make(root: &Path, path: &str, wish: &Wish) -> Result<Made, Fault> {
    let source = std::fs::read(root.join(path)).map_err(|error| Fault::Unreadable(format!("cannot be read: {error}")))?;
    let name = path.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let extension = extension.to_ascii_lowercase();
    let (bytes, extension) = match wish {
        Wish::Picture { facts, size, fit } => picture::make(&source, &extension, facts, *size, *fit)?,
        Wish::Ring(facts) => {
            ring::check(&source, &extension, facts)?;
            (source, extension)
        }
        Wish::AsIs => (source, extension),
    };
    let sum = HEXLOWER.encode(&Sha256::digest(&bytes));
    Ok(Made { bytes, path: format!("a/{sum}/{}", file_name(stem, &extension)), content_type: content_type(&extension) })
}

/// A name that every server, URL and phone takes.
fn file_name(stem: &str, extension: &str) -> String {
    let plain = |text: &str, most: usize| -> String {
        let letters = text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
        letters.take(most).collect()
    };
    match (plain(stem, 32), plain(extension, 8)) {
        (stem, extension) if extension.is_empty() => stem,
        (stem, extension) => format!("{stem}.{extension}"),
    }
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "bmp" => "image/bmp",
        "gif" => "image/gif",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    }
}

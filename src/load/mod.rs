//! From a folder to files: what is there, what each file is, and its text.

pub mod phonebook;
pub mod place;
mod text;
mod walk;

pub use text::{MAX_BYTES, content, decode};
pub use walk::{FileEntry, FileKind, Files, Folder, Stamp, Tree, is_read};

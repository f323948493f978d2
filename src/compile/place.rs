//! From the origin of a value to what a finding points at.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::Context;
use crate::load::place::around;
use crate::settings::{FileId, Origin};

/// Finds keys and values of files again; texts are read once.
pub struct Locator<'c, 'g> {
    context: &'c Context<'g>,
    texts: RefCell<HashMap<FileId, Arc<str>>>,
}

impl<'c, 'g> Locator<'c, 'g> {
    /// A locator for the files of a run.
    pub fn new(context: &'c Context<'g>) -> Self {
        Locator { context, texts: RefCell::default() }
    }

    /// The file of an origin, if somebody wrote the value.
    pub fn path(&self, origin: Origin) -> Option<Arc<str>> {
        self.context.files.path(origin.file).cloned()
    }

    /// The file and the value's bytes.
    pub fn value(&self, origin: Origin) -> Option<(Arc<str>, Range<usize>)> {
        self.find(origin).map(|(path, _, value)| (path, value))
    }

    /// The file and the key's bytes.
    pub fn key(&self, origin: Origin) -> Option<(Arc<str>, Range<usize>)> {
        self.find(origin).map(|(path, key, _)| (path, key))
    }

    fn find(&self, origin: Origin) -> Option<(Arc<str>, Range<usize>, Range<usize>)> {
        let path = self.path(origin)?;
        let at = origin.at as usize;
        let (key, value) = around(&self.text(origin.file, &path), at).unwrap_or((at..at, at..at));
        Some((path, key, value))
    }

    fn text(&self, file: FileId, path: &str) -> Arc<str> {
        if let Some(text) = self.texts.borrow().get(&file) {
            return text.clone();
        }
        let text = self
            .context
            .packs
            .text(path)
            .unwrap_or_else(|| std::fs::read_to_string(self.context.tree.root.join(path)).unwrap_or_default().into());
        self.texts.borrow_mut().insert(file, text.clone());
        text
    }
}

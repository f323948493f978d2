//! Files of the fleet that settings name: put where phones fetch them, as their models take them.

use std::sync::Arc;

use super::device::OutFile;
use super::unit::Worker;
use crate::asset::{Use, Wish};
use crate::check;
use crate::known;
use crate::load::{Folder, content};
use crate::settings::{Device, FileId, Sensitivity, Slot, Val};
use crate::vendor::Plan;

impl<'u> Worker<'_, '_, 'u> {
    /// Puts URLs in the place of the files that a device's settings name.
    pub(super) fn assets(&mut self, device: &mut Device<'u>, plan: &Plan) {
        for asset in Use::ALL {
            let slot = device.slot(asset.setting());
            let url = match slot.value {
                Val::Str(text) if is_file(text) => self.asset(asset, text, slot, device, plan).map(Val::Str),
                Val::List(items) if items.iter().any(|item| item.str().is_some_and(is_file)) => {
                    let urls = items.iter().map(|item| match item.str() {
                        Some(text) if is_file(text) => self.asset(asset, text, slot, device, plan).map(Val::Str),
                        _ => Some(*item),
                    });
                    let urls: Vec<Val<'u>> = urls.collect::<Vec<_>>().into_iter().flatten().collect();
                    (!urls.is_empty()).then(|| Val::List(self.arena.alloc_slice_copy(&urls)))
                }
                _ => continue,
            };
            device.slots[asset.setting().slot as usize] = url.map_or(Slot::EMPTY, |value| Slot { value, ..slot });
        }
    }

    /// The URL of what a file is made into; `None` where the model does not want it, or something is wrong with it.
    fn asset(&mut self, asset: Use, text: &str, slot: Slot<'u>, device: &Device<'u>, plan: &Plan) -> Option<&'u str> {
        let Some(path) = self.locator.path(slot.origin).and_then(|from| self.asset_path(&from, text)) else {
            check::unknown_asset(self, slot, text);
            return None;
        };
        self.used_assets.insert(path.clone());
        if !plan.reads(asset.setting().id) {
            return Some(self.keep(text));
        }
        let wish = asset.wish(&plan.model.facts.assets, plan.model.facts.screen).unwrap_or(Wish::AsIs);
        match wish {
            Wish::AsIs => check::unknown_limits(self, slot, &plan.model, "what size and format it takes: the file is served as it is"),
            Wish::Picture { size: None, .. } => {
                check::unknown_limits(self, slot, &plan.model, "how large its screen is: the picture keeps its size");
            }
            _ => {}
        }
        match self.context.assets.make(&self.context.tree.root, &path, &wish) {
            Ok(made) => {
                let base = device.slot(known!("prov.base_url")).value.str().unwrap_or(self.site.base_url).trim_end_matches('/');
                let url = self.keep(&format!("{base}/{}", made.path));
                self.wanted_assets.entry(made.path.clone()).or_insert_with(|| (made, plan.pack.id.clone()));
                Some(url)
            }
            Err(fault) => {
                check::asset(self, slot, text, &fault, &plan.model);
                None
            }
        }
    }

    /// The file that a path means in a file at `from`: one of this customer, or of a folder that is no customer's.
    fn asset_path(&self, from: &str, text: &str) -> Option<Arc<str>> {
        let mut names: Vec<&str> = from.split('/').collect();
        names.pop();
        for name in text.split('/') {
            match name {
                ".." => _ = names.pop()?,
                name => names.push(name),
            }
        }
        let path = names.join("/");
        let own = self.own_assets.get_key_value(path.as_str()).map(|(path, _)| path.clone());
        own.or_else(|| shared(&self.context.tree.devices, &path))
    }

    /// What each file of the customer that a setting may name holds, as a number.
    pub(super) fn asset_contents(&self) -> Vec<(FileId, u64)> {
        let read = |path: &str| std::fs::read(self.context.tree.root.join(path)).map_or(0, |bytes| content(&bytes));
        self.own_assets.iter().map(|(path, id)| (*id, read(path))).collect()
    }

    /// Hands over what was made for the customer's devices.
    pub(super) fn hand_over_assets(&mut self, sink: &mut dyn super::Sink) -> std::io::Result<()> {
        for (path, (made, vendor)) in std::mem::take(&mut self.wanted_assets) {
            let out = OutFile {
                path,
                device: None,
                vendor: &vendor,
                kind: "asset",
                content_type: made.content_type,
                sensitivity: Sensitivity::Public,
                immutable: true,
            };
            sink.take(&out, &made.bytes)?;
        }
        Ok(())
    }
}

fn is_file(text: &str) -> bool {
    !text.contains("://")
}

/// The file at this path, if the folders above it are no customer's.
fn shared(folder: &Folder, path: &str) -> Option<Arc<str>> {
    use crate::load::FileKind;
    if folder.files.iter().any(|file| file.kind == FileKind::Customer) {
        return None;
    }
    if let Some(file) = folder.files.iter().find(|file| &*file.path == path) {
        return (file.kind == FileKind::Asset).then(|| file.path.clone());
    }
    let inside = |inner: &&Folder| path.strip_prefix("devices/").is_some_and(|path| path.starts_with(&format!("{}/", inner.path)));
    folder.folders.iter().find(inside).and_then(|inner| shared(inner, path))
}

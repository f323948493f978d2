//! `[defaults]` of a scope.

use serde_json::{Map, Value, json};

use super::document::{Document, closed, told};
use super::tree::{self, Allowed};
use crate::resolve::fields::DEVICE;
use crate::resolve::of_scope;
use crate::settings::{Field, Registry, Takes};

impl Document {
    /// Settings of all devices, of a vendor's and of a model's.
    pub fn defaults(&mut self) -> Value {
        let mut properties = self.layer();
        let layer = self.refer("layer", |document| {
            let doc = "Settings of the devices of one vendor or model. They stand above those of [defaults] itself.";
            told(closed(document.layer(), std::iter::empty()), "layer", doc)
        });
        for (name, doc) in [
            ("vendor", "Settings of a vendor's devices: [defaults.vendor.yealink]."),
            ("model", "Settings of a model's devices: [defaults.model.\"yealink/t54w\"]."),
        ] {
            let layers = json!({ "type": "object", "additionalProperties": layer });
            properties.insert(name.to_owned(), told(layers, name, doc));
        }
        closed(properties, std::iter::empty())
    }

    fn layer(&mut self) -> Map<String, Value> {
        let mut properties = self.roots(&of_scope, &[]);
        properties.extend(self.free());
        properties
    }

    /// The tables of settings that are not empty, each a definition, without those that have a key of their own.
    pub fn roots(&mut self, allowed: Allowed<'_>, own: &[Field]) -> Map<String, Value> {
        self.unset();
        let roots = Registry::get().root().children.iter();
        let roots = roots.filter(|(name, _)| !own.iter().any(|field| field.name == *name));
        let tables = roots.filter_map(|(name, node)| Some((name, tree::of(node, name, allowed)?)));
        tables.map(|(name, table)| (name.clone(), self.refer(name, |_| table))).collect()
    }

    /// `raw` and `vars`.
    fn free(&mut self) -> Map<String, Value> {
        let free = DEVICE.iter().filter(|field| matches!(field.takes, Takes::Raw | Takes::Vars));
        free.map(|field| (field.name.to_owned(), self.field(field))).collect()
    }
}

//! The tree of settings.

use serde_json::{Map, Value};

use super::document::{closed, sentence, told};
use super::value;
use crate::settings::{Kind, Node, Registry, Setting};

/// Which settings a table may hold.
pub type Allowed<'a> = &'a dyn Fn(&Setting) -> bool;

/// What stands below a node, where a fleet may write it.
pub fn properties(node: &Node, allowed: Allowed<'_>) -> Map<String, Value> {
    let offered = node.children.keys().filter_map(|name| Some((name, node.offered(name, allowed)?)));
    offered.filter_map(|(name, child)| Some((name.clone(), of(child, name, allowed)?))).collect()
}

/// A setting, or a table of settings; `None` where nothing of it may be written. `name` is what a table without a row of its own is called.
pub fn of(node: &Node, name: &str, allowed: Allowed<'_>) -> Option<Value> {
    let own = node.setting.map(|id| Registry::get().setting(id));
    if let Some(setting) = own.filter(|setting| setting.kind != Kind::Table) {
        return (setting.is_written() && allowed(setting)).then(|| value::of(setting));
    }
    let parts = properties(node, allowed);
    if parts.is_empty() {
        return None;
    }
    let table = value::or_unset(closed(parts, std::iter::empty()));
    Some(match own {
        Some(setting) => told(table, &setting.name, &value::told_of(setting, &setting.doc)),
        None => told(table, name, &sentence(area(node))),
    })
}

/// The title of the area that a table without a row of its own belongs to.
fn area(node: &Node) -> &'static str {
    match node.setting {
        Some(id) => &Registry::get().setting(id).area,
        None => node.children.values().next().map(area).unwrap_or_default(),
    }
}

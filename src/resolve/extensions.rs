//! extensions.toml: the users of a customer, once.

use crate::known;
use std::ops::Range;
use std::sync::Arc;

use toml::de::DeTable;

use super::elements::read_settings;
use super::fields::{EXTENSION_GROUP, EXTENSION_NAME, MAX_EXTENSION};
use super::fleet::member;
use crate::diagnostic::Code;
use crate::settings::{MAX_NAME, Parser, Registry, SettingId, Slot, Subject, Val};

/// A user of a customer.
#[derive(Clone, Debug)]
pub struct Extension<'u> {
    /// The file that defines it.
    pub path: Arc<str>,
    /// Its number.
    pub number: &'u str,
    /// Where it stands.
    pub span: Range<usize>,
    /// Its name.
    pub name: Option<&'u str>,
    /// Its group.
    pub group: Option<&'u str>,
    /// What it says of lines that are it.
    pub settings: Vec<(SettingId, Slot<'u>)>,
}

impl<'u> Extension<'u> {
    /// Reads the extensions of a file.
    pub fn read_file(parser: &mut Parser<'_, 'u>, table: &DeTable<'u>) -> Vec<Extension<'u>> {
        let user = known!("line.user");
        let mut extensions = Vec::new();
        for (key, value) in table {
            let number: &'u str = parser.arena.alloc_str(key.get_ref());
            let sound = number.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+*#._~-".contains(&byte))
                && !number.is_empty()
                && number.len() <= MAX_EXTENSION;
            if !sound {
                let found = parser.find(
                    Code::VALUE_INVALID,
                    key.span(),
                    format!("\"{}\" cannot be an extension", number.escape_debug()),
                    "not a SIP user",
                );
                found.help.push(format!("use letters, digits and . _ ~ + * # -, as `{}` does", user.name));
                continue;
            }
            let Some(row) = parser.table(value) else { continue };
            let mut settings = Vec::new();
            let name = member(row, EXTENSION_NAME.name)
                .and_then(|name| Some((parser.value(known!("line.display_name"), name)?, name.span().start)));
            if let Some((name, at)) = name {
                settings.push((known!("line.display_name").id, Slot { value: name, origin: parser.origin(at) }));
            }
            let group = member(row, EXTENSION_GROUP.name).and_then(|group| parser.short_text(group, MAX_NAME));
            read_settings(parser, row, Subject::Line, &[EXTENSION_NAME.name, EXTENSION_GROUP.name], &mut settings);
            extensions.push(Extension {
                path: parser.path.clone(),
                number,
                span: key.span(),
                name: name.and_then(|(name, _)| Val::str(name)),
                group,
                settings,
            });
        }
        extensions
    }

    /// The value of a setting that it names.
    pub fn setting(&self, name: &str) -> Option<&Slot<'u>> {
        let id = Registry::get().known(name).id;
        self.settings.iter().rev().find(|(setting, _)| *setting == id).map(|(_, slot)| slot)
    }
}

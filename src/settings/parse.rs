//! From TOML values to settings, with a finding for everything that is wrong.

use std::borrow::Cow;
use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;

use bumpalo::Bump;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::registry::Node;
use super::{FileId, Kind, Origin, Record, Registry, Sensitivity, Setting, SettingId, Slot, Val};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::Suggest;

/// Reads the values of one file.
pub struct Parser<'p, 'u> {
    /// The file.
    pub file: FileId,
    /// Its path, for findings.
    pub path: &'p Arc<str>,
    /// Owns what cannot be borrowed from the text.
    pub arena: &'u Bump,
    /// What is said of a secret in clear; `None` says nothing.
    pub clear_secrets: Option<Severity>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

type Value<'u> = Spanned<DeValue<'u>>;

impl<'p, 'u> Parser<'p, 'u> {
    /// The origin of what begins at this byte.
    pub fn origin(&self, at: usize) -> Origin {
        Origin { file: self.file, at: at as u32 }
    }

    /// Adds a finding at a place of this file and gives it back to be completed.
    pub fn find(&mut self, code: Code, span: Range<usize>, message: impl Into<String>, text: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(code, message).at(self.path, span, text));
        self.diagnostics.last_mut().expect("just pushed")
    }

    /// Says that a key means nothing here.
    pub fn unknown_key<'k>(&mut self, key: &Spanned<Cow<'_, str>>, known: impl IntoIterator<Item = &'k str>) {
        let best = Suggest::among(known).closest(key.get_ref());
        let found =
            self.find(Code::TOML_UNKNOWN_KEY, key.span(), format!("unknown key `{}`", key.get_ref().escape_debug()), "not a key here");
        if let Some(best) = best {
            found.help.push(format!("did you mean `{best}`?"));
        }
    }

    /// Says that a value has the wrong type.
    pub fn wrong_type(&mut self, value: &Value<'_>, expected: &str) {
        let message = format!("expected {expected}, found {}", type_name(value.get_ref()));
        self.find(Code::TOML_WRONG_TYPE, value.span(), message, format!("should be {expected}"));
    }

    /// A text without control or bidirectional characters, in NFC.
    pub fn text(&mut self, value: &Value<'u>) -> Option<&'u str> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(value, "a string");
            return None;
        };
        if let Some(reason) = text_is_hostile(text) {
            let found = self.find(Code::TEXT_HOSTILE, value.span(), reason, "here");
            found.help.push("remove the character; a phone or a terminal would take it for something else".to_owned());
            return None;
        }
        let text = match text {
            Cow::Borrowed(text) => *text,
            Cow::Owned(text) => self.arena.alloc_str(text),
        };
        if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
            return Some(text);
        }
        Some(self.arena.alloc_str(&text.nfc().collect::<String>()))
    }

    /// A text of at most this many characters.
    pub fn short_text(&mut self, value: &Value<'u>, max: usize) -> Option<&'u str> {
        let text = self.text(value)?;
        let count = text.chars().count();
        if count > max {
            self.find(Code::VALUE_TOO_LONG, value.span(), format!("{count} characters where {max} fit"), format!("at most {max}"));
            return None;
        }
        Some(text)
    }

    /// A whole number.
    pub fn int(&mut self, value: &Value<'u>) -> Option<i64> {
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong_type(value, "a whole number");
            return None;
        };
        let parsed = i64::from_str_radix(number.as_str(), number.radix()).ok();
        if parsed.is_none() {
            self.find(Code::VALUE_OUT_OF_RANGE, value.span(), "a number beyond 64 bits", "too large");
        }
        parsed
    }

    /// true or false.
    pub fn bool(&mut self, value: &Value<'u>) -> Option<bool> {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong_type(value, "true or false");
        }
        found
    }

    /// A table.
    pub fn table<'t>(&mut self, value: &'t Value<'u>) -> Option<&'t DeTable<'u>> {
        let found = value.get_ref().as_table();
        if found.is_none() {
            self.wrong_type(value, "a table");
        }
        found
    }

    /// The settings of a table, appended to `out`. `node` is where the table stands in the tree of names.
    pub fn settings(&mut self, node: &Node, table: &DeTable<'u>, allowed: &dyn Fn(&Setting) -> bool, out: &mut Vec<(SettingId, Slot<'u>)>) {
        for (key, value) in table {
            match node.offered(key.get_ref(), allowed) {
                Some(child) => self.node(child, key, value, allowed, out),
                None => {
                    self.unknown_key(key, node.children.keys().map(String::as_str).filter(|name| node.offered(name, allowed).is_some()))
                }
            }
        }
    }

    /// The settings of one key of a table.
    pub fn node(
        &mut self,
        node: &Node,
        key: &Spanned<Cow<'_, str>>,
        value: &Value<'u>,
        allowed: &dyn Fn(&Setting) -> bool,
        out: &mut Vec<(SettingId, Slot<'u>)>,
    ) {
        let setting = node.setting.map(|id| Registry::get().setting(id));
        let is_leaf = setting.is_some_and(|setting| setting.kind != Kind::Table);
        if let Some(table) = value.get_ref().as_table() {
            if is_unset(table) {
                let origin = self.origin(value.span().start);
                return each_leaf(node, allowed, &mut |id| out.push((id, Slot { value: Val::Unset, origin })));
            }
            if !is_leaf {
                return self.settings(node, table, allowed, out);
            }
        }
        let Some(setting) = setting.filter(|_| is_leaf) else {
            return self.wrong_type(value, "a table");
        };
        if !setting.is_written() {
            let found = self.find(Code::SETTING_READ_ONLY, key.span(), format!("`{}` cannot be set", setting.name), "computed by sipress");
            return found.help.push(read_only_help(setting));
        }
        if let Some(parsed) = self.value(setting, value) {
            out.push((setting.id, Slot { value: parsed, origin: self.origin(value.span().start) }));
        }
    }

    /// A value of a setting.
    pub fn value(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        match setting.kind {
            Kind::Records => return self.records(setting, value),
            Kind::Map => return self.map(setting, value),
            _ if setting.list => {}
            _ => return self.scalar(setting, value),
        }
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_type(value, "a list");
            return None;
        };
        let mut items = bumpalo::collections::Vec::with_capacity_in(array.len(), self.arena);
        for item in array.iter() {
            let parsed = self.scalar(setting, item)?;
            if items.contains(&parsed) {
                self.find(Code::VALUE_INVALID, item.span(), format!("`{}` lists this twice", setting.name), "again");
                return None;
            }
            items.push(parsed);
        }
        if let Some(max) = setting.max_items().filter(|max| items.len() > *max) {
            self.find(
                Code::VALUE_OUT_OF_RANGE,
                value.span(),
                format!("`{}` takes at most {max}", setting.name),
                format!("{} given", items.len()),
            );
            return None;
        }
        if setting.name == "line.dtmf" {
            items.sort_by_key(|item| if let Val::Enum(index) = item { *index } else { 0 });
        }
        Some(Val::List(items.into_bump_slice()))
    }

    fn scalar(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        match setting.kind {
            Kind::Bool => self.bool(value).map(Val::Bool),
            Kind::Int => self.ranged(setting, value, Code::VALUE_OUT_OF_RANGE),
            Kind::Port => self.ranged(setting, value, Code::NET_BAD_PORT),
            Kind::Dscp => self.ranged(setting, value, Code::NET_BAD_DSCP),
            Kind::Vlan => self.ranged(setting, value, Code::NET_BAD_VLAN),
            Kind::Enum => self.enumerated(setting, value),
            _ => self.textual(setting, value),
        }
    }

    fn ranged(&mut self, setting: &Setting, value: &Value<'u>, code: Code) -> Option<Val<'u>> {
        let (min, max) = setting.range();
        let number = self.int(value)?;
        if (min..=max).contains(&number) {
            return Some(Val::Int(number));
        }
        let unit = setting.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
        let message = format!("`{}` is {number}, outside {min} to {max}{unit}", setting.name);
        self.find(code, value.span(), message, format!("{min} to {max}{unit}"));
        None
    }

    fn enumerated(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        if let (Some(bool), Some((yes, no))) = (value.get_ref().as_bool(), &setting.bool_values) {
            let name = if bool { yes } else { no };
            return setting.values.iter().position(|known| known == name).map(|index| Val::Enum(index as u8));
        }
        let text = self.text(value)?;
        if let Some(index) = setting.values.iter().position(|known| known == text) {
            return Some(Val::Enum(index as u8));
        }
        let best = Suggest::among(setting.values.iter().map(String::as_str)).closest(text);
        let found = self.find(
            Code::VALUE_NOT_ONE_OF,
            value.span(),
            format!("`{}` cannot be \"{}\"", setting.name, text.escape_debug()),
            "not one of its values",
        );
        if let Some(best) = best {
            found.help.push(format!("did you mean \"{best}\"?"));
        }
        found.help.push(format!("it is one of {}", setting.values.join(", ")));
        None
    }

    fn textual(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        let text = self.short_text(value, setting.max_chars())?;
        if setting.sensitivity == Sensitivity::Secret && matches!(setting.kind, Kind::String | Kind::Dial) {
            self.clear_secret(setting, value.span(), text);
        }
        if setting.kind == Kind::Zone && !crate::vendor::time::is_zone(text) {
            let near = crate::vendor::time::suggest(text);
            let found = self.find(
                Code::TIME_UNKNOWN_ZONE,
                value.span(),
                format!("there is no time zone \"{}\"", text.escape_debug()),
                "not in the tz database",
            );
            found.help.extend(near.first().map(|near| format!("did you mean \"{near}\"?")));
            return None;
        }
        let Some(expected) = mismatch(setting.kind, text) else {
            return Some(Val::Str(canonical(setting.kind, text)));
        };
        let shown = if setting.sensitivity == Sensitivity::Secret || setting.kind == Kind::Url {
            String::new()
        } else {
            format!(" \"{}\"", text.escape_debug())
        };
        self.find(
            Code::VALUE_INVALID,
            value.span(),
            format!("`{}`{shown} is not {expected}", setting.name),
            format!("should be {}", expected.split(": ").next().unwrap_or_default()),
        );
        None
    }

    fn clear_secret(&mut self, setting: &Setting, span: Range<usize>, text: &str) {
        let Some(severity) = self.clear_secrets else { return };
        if severity != Severity::Note {
            let found = self.find(
                Code::SECRET_IN_CLEAR,
                span.clone(),
                format!("`{}` is written in clear", setting.name),
                "everybody who reads the repository has it",
            );
            found.severity = severity;
            found.help.push(
                "leave it out: passwords are derived from the fleet key; or set `plaintext_secrets` under [policy] in fleet.toml"
                    .to_owned(),
            );
        }
        if setting.name.ends_with("password") && text.chars().count() < 12 {
            let found = self.find(Code::SECRET_WEAK, span, format!("`{}` has fewer than 12 characters", setting.name), "too short");
            found.help.push("leave it out and sipress derives a strong one, or use at least 12 characters".to_owned());
        }
    }

    fn records(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_type(value, "a list of tables");
            return None;
        };
        let node = find_node(Registry::get().root(), &format!("{}[]", setting.name))?;
        let mut records = bumpalo::collections::Vec::with_capacity_in(array.len(), self.arena);
        for item in array.iter() {
            let mut parts = Vec::new();
            let table = self.table(item)?;
            self.settings(node, table, &|_| true, &mut parts);
            records.push(&*self.arena.alloc_slice_copy(&parts) as Record<'u>);
        }
        Some(Val::Records(records.into_bump_slice()))
    }

    fn map(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        let table = self.table(value)?;
        let mut entries = bumpalo::collections::Vec::new_in(self.arena);
        for (key, value) in table {
            if !setting.values.is_empty() && !setting.values.iter().any(|known| known == key.get_ref()) {
                self.unknown_key(key, setting.values.iter().map(String::as_str));
                continue;
            }
            let text = self.short_text(value, 2048)?;
            entries.push((&*self.arena.alloc_str(key.get_ref()), text));
        }
        entries.sort_unstable();
        Some(Val::Map(entries.into_bump_slice()))
    }
}

fn find_node<'n>(root: &'n Node, name: &str) -> Option<&'n Node> {
    name.split('.').try_fold(root, |node, part| node.children.get(part))
}

fn is_unset(table: &DeTable<'_>) -> bool {
    table.len() == 1 && table.iter().all(|(key, value)| key.get_ref() == "unset" && value.get_ref().as_bool() == Some(true))
}

fn each_leaf(node: &Node, allowed: &dyn Fn(&Setting) -> bool, visit: &mut dyn FnMut(SettingId)) {
    if let Some(setting) = node.setting.map(|id| Registry::get().setting(id)) {
        if setting.kind != Kind::Table && setting.is_written() && allowed(setting) {
            visit(setting.id);
        }
        if setting.kind == Kind::Records {
            return;
        }
    }
    node.children.values().for_each(|child| each_leaf(child, allowed, visit));
}

fn read_only_help(setting: &Setting) -> String {
    match setting.name.as_str() {
        name if name.starts_with("time.") => "set `time.zone`; offsets and daylight saving follow from it".to_owned(),
        _ => format!("{}: {}", setting.name, setting.doc),
    }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What is wrong with a text that would cross a format, a terminal or a reader's eye.
pub fn text_is_hostile(text: &str) -> Option<String> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return None;
    }
    text.chars().find_map(|character| {
        let kind = match character {
            '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "a bidirectional control character",
            '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e007f}' => "an invisible character",
            '\u{2028}' | '\u{2029}' => "a line separator",
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => "a private-use character",
            '\u{fdd0}'..='\u{fdef}' => "a character that Unicode forbids",
            _ if character as u32 & 0xfffe == 0xfffe => "a character that Unicode forbids",
            _ if character.is_control() => "a control character",
            _ => return None,
        };
        Some(format!("{kind}, U+{:04X}, in a text", character as u32))
    })
}

/// Whether a canonical text can be a value of a kind.
pub fn accepts(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Bool => matches!(text, "true" | "false"),
        Kind::Int | Kind::Port | Kind::Dscp | Kind::Vlan => text.parse::<i64>().is_ok(),
        Kind::Url => text.contains("://"),
        _ => mismatch(kind, text).is_none(),
    }
}

fn canonical(kind: Kind, text: &str) -> &str {
    match kind {
        Kind::Host => text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text),
        _ => text,
    }
}

fn mismatch(kind: Kind, text: &str) -> Option<Cow<'static, str>> {
    let (ok, expected) = match kind {
        Kind::DigitMap => {
            return super::digit_map::fault(text).map(|fault| Cow::Owned(format!("a digit map such as `112|0xx.T`: {fault}")));
        }
        Kind::Host => (is_host(canonical(kind, text)), "a host name or an IP address"),
        Kind::Ip => (text.parse::<IpAddr>().is_ok(), "an IP address"),
        Kind::Cidr => (is_cidr(text), "a network such as 192.0.2.0/24"),
        Kind::Url => (is_url(text), "an absolute URL (http, https, tftp or ftp)"),
        Kind::Language => (is_language(text), "a language such as en or pt-BR"),
        Kind::Country => (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()), "a country such as GB"),
        Kind::Clock => (is_clock(text), "a time such as 02:30"),
        Kind::Dial => (is_dial(text), "something that a phone can dial"),
        Kind::Extension => (is_user(text), "a SIP user: letters, digits and . _ ~ + * # -"),
        _ => (true, ""),
    };
    (!ok).then_some(Cow::Borrowed(expected))
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    text.parse::<IpAddr>().is_ok() || (text.len() <= 253 && text.strip_suffix('.').unwrap_or(text).split('.').all(label))
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    bits.parse::<u8>().is_ok_and(|bits| bits <= if address.is_ipv4() { 32 } else { 128 })
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.rfind(':').filter(|colon| !authority[*colon..].contains(']')) {
        Some(colon) => (&authority[..colon], authority[colon + 1..].parse::<u16>().is_ok_and(|port| port > 0)),
        None => (authority, true),
    };
    let plain =
        rest.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'));
    matches!(scheme, "http" | "https" | "tftp" | "ftp" | "ftps")
        && plain
        && port
        && is_host(canonical(Kind::Host, host))
        && !has_dot_segment(rest)
}

fn has_dot_segment(rest: &str) -> bool {
    rest.split(['?', '#']).next().unwrap_or_default().split('/').any(|segment| matches!(segment, "." | ".."))
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.len() == 5 && bytes[2] == b':' && [0, 1, 3, 4].iter().all(|place| bytes[*place].is_ascii_digit());
    digits && &text[..2] < "24" && &text[3..] < "60"
}

fn is_dial(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+*#.,_-@:~".contains(&byte))
}

fn is_user(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+*#._~-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_refuse_what_they_are_not() {
        assert!(
            is_host("sip.example.net")
                && is_host("192.0.2.1")
                && is_host("2001:db8::1")
                && !is_host("a b")
                && !is_host("")
                && !is_host("-a")
        );
        assert!(is_url("https://a.example:8443/x?y=z") && !is_url("https://a/../b") && !is_url("javascript://x") && !is_url("http://a:0/"));
        assert!(is_clock("23:59") && !is_clock("24:00") && !is_clock("2:00"));
        assert!(is_language("en") && is_language("pt-BR") && !is_language("English"));
        assert!(is_dial("+442071230101") && is_dial("*97") && !is_dial("12 34") && !is_dial("1;ext=2"));
        assert!(is_cidr("192.0.2.0/24") && !is_cidr("192.0.2.0/33"));
    }

    #[test]
    fn hostile_text_is_named() {
        assert_eq!(text_is_hostile("Zoë & Söhne 株式会社"), None);
        assert!(text_is_hostile("a\nb").unwrap().contains("U+000A"));
        assert!(text_is_hostile("a\u{202e}b").unwrap().contains("bidirectional"));
    }
}

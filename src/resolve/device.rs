//! A device as its file writes it.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::elements::{self, ElementDoc};
use super::fields::DEVICE;
use super::fleet::one_of;
use super::layer::{Layer, of_device};
use crate::diagnostic::Code;
use crate::model::{DeviceId, Imei, Mac, Status, Uuid};
use crate::settings::{FileId, MAX_NAME, Origin, Parser, Registry, Subject, Takes};

/// A text with its place.
#[derive(Clone, Debug)]
pub struct Field<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the device's file.
    pub span: Range<usize>,
}

/// A device as written.
#[derive(Clone, Debug)]
pub struct DeviceDoc<'u> {
    /// Its file.
    pub path: Arc<str>,
    /// Its file's number.
    pub file: FileId,
    /// Its table in the file.
    pub span: Range<usize>,
    /// Its key, if exactly one is there and sound.
    pub id: Option<Field<DeviceId>>,
    /// Model as written.
    pub model: Option<Field<&'u str>>,
    /// Status.
    pub status: Status,
    /// Rental package.
    pub package: Option<Field<&'u str>>,
    /// Day of the request.
    pub requested: Option<Field<Date>>,
    /// Day from which it has its accounts.
    pub activate: Option<Field<Date>>,
    /// A customer named against the folder.
    pub customer: Option<Field<&'u str>>,
    /// What the device says of itself.
    pub layer: Layer<'u>,
    /// Lines.
    pub lines: Vec<ElementDoc<'u>>,
    /// Keys.
    pub keys: Vec<ElementDoc<'u>>,
    /// Handsets.
    pub handsets: Vec<ElementDoc<'u>>,
    /// Ports.
    pub ports: Vec<ElementDoc<'u>>,
    /// Relays.
    pub relays: Vec<ElementDoc<'u>>,
}

impl<'u> DeviceDoc<'u> {
    /// Reads a device file: one device, or `[[device]]` tables.
    pub fn read_file(parser: &mut Parser<'_, 'u>, table: &Spanned<DeTable<'u>>) -> Vec<DeviceDoc<'u>> {
        let list = table.get_ref().iter().find(|(key, _)| key.get_ref() == "device");
        if list.is_none() {
            return vec![DeviceDoc::read(parser, table.get_ref(), 0..0)];
        }
        let mut devices = Vec::new();
        for (key, value) in table.get_ref() {
            if key.get_ref() != "device" {
                parser.unknown_key(key, ["device"]);
                continue;
            }
            super::fleet::each(parser, value, |parser, row, span| devices.push(DeviceDoc::read(parser, row, span)));
        }
        devices
    }

    fn read(parser: &mut Parser<'_, 'u>, table: &DeTable<'u>, span: Range<usize>) -> DeviceDoc<'u> {
        let mut device = DeviceDoc {
            path: parser.path.clone(),
            file: parser.file,
            span: span.clone(),
            id: None,
            model: None,
            status: Status::Active,
            package: None,
            requested: None,
            activate: None,
            customer: None,
            layer: Layer::default(),
            lines: Vec::new(),
            keys: Vec::new(),
            handsets: Vec::new(),
            ports: Vec::new(),
            relays: Vec::new(),
        };
        device.id = identifier(parser, table, &span);
        for (key, value) in table {
            device.field(parser, key, value);
        }
        if device.model.is_none() && !table.iter().any(|(key, _)| key.get_ref() == "model") {
            let found = parser.find(Code::TOML_MISSING_KEY, span, "a device without `model`", "in this device");
            found.help.push("add model = \"vendor/model\"; `sipress vendors` lists them".to_owned());
        }
        device
    }

    fn field(&mut self, parser: &mut Parser<'_, 'u>, key: &Spanned<std::borrow::Cow<'u, str>>, value: &Spanned<DeValue<'u>>) {
        let name = key.get_ref().as_ref();
        let text = |parser: &mut Parser<'_, 'u>| parser.short_text(value, MAX_NAME).map(|text| Field { value: text, span: value.span() });
        match name {
            "mac" | "imei" | "uuid" => {}
            "model" => self.model = text(parser),
            "status" => self.status = one_of(parser, value, &Status::ALL).unwrap_or_default(),
            "package" => self.package = text(parser),
            "requested" => self.requested = date(parser, value),
            "activate" => self.activate = date(parser, value),
            "customer" => self.customer = text(parser),
            "line" => self.lines = elements::read(parser, value, Subject::Line),
            "key" if value.get_ref().is_array() => self.keys = elements::read(parser, value, Subject::Key),
            "handset" => self.handsets = elements::read(parser, value, Subject::Handset),
            "port" => self.ports = elements::read(parser, value, Subject::Port),
            "relay" => self.relays = elements::read(parser, value, Subject::Relay),
            _ => match DEVICE.iter().find(|field| field.name == name).map(|field| field.takes) {
                Some(Takes::Setting(setting)) => {
                    let setting = Registry::get().known(setting);
                    if let Some(parsed) = parser.value(setting, value) {
                        self.layer
                            .settings
                            .push((setting.id, crate::settings::Slot { value: parsed, origin: parser.origin(value.span().start) }));
                    }
                }
                _ => self.setting(parser, key, value),
            },
        }
    }

    fn setting(&mut self, parser: &mut Parser<'_, 'u>, key: &Spanned<std::borrow::Cow<'u, str>>, value: &Spanned<DeValue<'u>>) {
        let name = key.get_ref().as_ref();
        let known = Registry::get().root().children.contains_key(name) && !matches!(name, "device" | "file");
        if known || matches!(name, "raw" | "vars") {
            return self.layer.read(parser, key, value, &of_device);
        }
        let roots = Registry::get().root().children.keys().map(String::as_str).filter(|name| !matches!(*name, "device" | "file"));
        parser.unknown_key(key, DEVICE.iter().map(|field| field.name).chain(roots));
    }

    /// Where the device stands, for values that nobody wrote.
    pub fn origin(&self) -> Origin {
        Origin { file: self.file, at: self.span.start as u32 }
    }
}

fn date<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) -> Option<Field<Date>> {
    let DeValue::Datetime(written) = value.get_ref() else {
        parser.wrong_type(value, "a date such as 2026-12-01, without quotes");
        return None;
    };
    let day = written.date.filter(|_| written.time.is_none());
    let day = day.and_then(|date| Date::new(date.year as i16, date.month as i8, date.day as i8).ok());
    if day.is_none() {
        parser.wrong_type(value, "a date such as 2026-12-01, without a time");
    }
    day.map(|day| Field { value: day, span: value.span() })
}

fn identifier<'u>(parser: &mut Parser<'_, 'u>, table: &DeTable<'u>, span: &Range<usize>) -> Option<Field<DeviceId>> {
    let given: Vec<_> = table.iter().filter(|(key, _)| matches!(key.get_ref().as_ref(), "mac" | "imei" | "uuid")).collect();
    let mut ids = Vec::new();
    for (key, value) in &given {
        let Some(text) = parser.short_text(value, 64) else { continue };
        if let Some(id) = read_id(parser, key.get_ref(), text, value.span()) {
            ids.push(Field { value: id, span: value.span() });
        }
    }
    match given.as_slice() {
        [] => {
            let found = parser.find(Code::DEVICE_NO_IDENTIFIER, span.clone(), "a device without identifier", "in this device");
            found.help.push("add mac = \"…\", or imei or uuid for a client that has no MAC".to_owned());
            None
        }
        [_] => ids.pop(),
        [(first, _), (second, value), ..] => {
            let message = format!("a device is keyed by one identifier, and this one has `{}` and `{}`", first.get_ref(), second.get_ref());
            let found = parser.find(Code::DEVICE_SEVERAL_IDENTIFIERS, value.span(), message, "one too many");
            found.help.push("keep the one that is in the names of its files".to_owned());
            None
        }
    }
}

fn read_id(parser: &mut Parser<'_, '_>, kind: &str, text: &str, span: Range<usize>) -> Option<DeviceId> {
    let shown = text.escape_debug().to_string();
    match kind {
        "mac" => match Mac::parse(text) {
            Ok(mac) => match mac.reserved() {
                Some(why) => {
                    parser
                        .find(Code::DEVICE_RESERVED_MAC, span, format!("{shown} cannot be a device's MAC"), why)
                        .help
                        .push("read it off the phone's back or its screen".to_owned());
                    None
                }
                None => Some(DeviceId::Mac(mac)),
            },
            Err(why) => bad_id(
                parser,
                Code::DEVICE_BAD_MAC,
                span,
                format!("\"{shown}\" is not a MAC: {why}"),
                "twelve hexadecimal digits such as 80:5e:c0:12:34:56",
            ),
        },
        "imei" => match Imei::parse(text) {
            Ok(imei) => Some(DeviceId::Imei(imei)),
            Err(why) => bad_id(
                parser,
                Code::DEVICE_BAD_IMEI,
                span,
                format!("\"{shown}\" is not an IMEI: {why}"),
                "fifteen digits, the last the check digit; *#06# shows it",
            ),
        },
        _ => match Uuid::parse(text) {
            Ok(uuid) => Some(DeviceId::Uuid(uuid)),
            Err(why) => {
                bad_id(parser, Code::DEVICE_BAD_UUID, span, format!("\"{shown}\" is not a UUID: {why}"), "8-4-4-4-12 hexadecimal digits")
            }
        },
    }
}

fn bad_id(parser: &mut Parser<'_, '_>, code: Code, span: Range<usize>, message: String, help: &str) -> Option<DeviceId> {
    parser.find(code, span, message, "here").help.push(help.to_owned());
    None
}

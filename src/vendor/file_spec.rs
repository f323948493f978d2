//! The files of a pack: `[[file]]` of vendor.toml.

use std::sync::Arc;

use toml::{Table, Value};

use super::fields::{FILE, knows};
use super::gate::texts;

/// For whom a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileScope {
    /// One a device.
    Device,
    /// One a customer and phone book.
    Directory,
    /// One a device, in the operator's private reports.
    Private,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// A parameter a line.
    Lines,
    /// A tree of elements.
    Xml,
    /// Nested objects.
    Json,
    /// Tera.
    Template,
}

/// A file of a pack.
#[derive(Clone, Debug)]
pub struct FileSpec {
    /// Its id.
    pub id: String,
    /// Its name, with holes.
    pub name: String,
    /// For whom.
    pub scope: FileScope,
    /// How.
    pub syntax: Syntax,
    /// Media type.
    pub content_type: String,
    /// Its template.
    pub template: Option<String>,
    /// What its template reads.
    pub uses: Vec<String>,
    /// Most contacts.
    pub limit: Option<usize>,
    /// Lines end in CRLF.
    pub crlf: bool,
    /// The picture that its text becomes: `qr-svg` or `qr-png`.
    pub encode: Option<String>,
    /// It is written in ISO-8859-1, not in UTF-8.
    pub latin1: bool,
    /// A text in it, in whose place digits come that change with its content.
    pub serial: Option<String>,
    /// All its fields, for what may be a selector.
    pub fields: Table,
    /// The file that declares it.
    pub path: Arc<str>,
}

impl FileSpec {
    /// Reads `[[file]]`. The error says what is wrong with it.
    pub(super) fn read(fields: Table, path: &Arc<str>) -> Result<FileSpec, String> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let id = text("id").unwrap_or_else(|| "main".to_owned());
        if let Some(unknown) = fields.keys().find(|key| !knows(FILE, key)) {
            return Err(format!("file `{id}` has no field `{unknown}`"));
        }
        let syntax = match text("syntax").as_deref() {
            Some("lines") | None => Syntax::Lines,
            Some("xml") => Syntax::Xml,
            Some("json") => Syntax::Json,
            Some("template") => Syntax::Template,
            Some(other) => return Err(format!("file `{id}`: there is no syntax `{other}`")),
        };
        if let Some(other) = text("encode").filter(|name| !matches!(name.as_str(), "qr-svg" | "qr-png")) {
            return Err(format!("file `{id}`: there is no encoding `{other}`"));
        }
        if let Some(other) = text("charset").filter(|name| !matches!(name.as_str(), "utf-8" | "iso-8859-1")) {
            return Err(format!("file `{id}`: there is no character set `{other}`"));
        }
        if syntax == Syntax::Template
            && let Some(field) = ["charset", "serial", "encode"].into_iter().find(|name| fields.contains_key(*name))
        {
            return Err(format!("file `{id}`: `{field}` is for files of rows, not for templates"));
        }
        let latin1 = text("charset").as_deref() == Some("iso-8859-1");
        let scope = match text("scope").as_deref() {
            Some("device") | None => FileScope::Device,
            Some("directory") => FileScope::Directory,
            Some("private") => FileScope::Private,
            Some(other) => return Err(format!("file `{id}`: there is no scope `{other}`")),
        };
        // Where the name differs by model, the usual one stands for all in lists.
        let usual_name = || fields.get("name")?.get("*")?.as_str().map(str::to_owned);
        let usual = match syntax {
            Syntax::Xml => "application/xml",
            Syntax::Json => "application/json",
            Syntax::Lines | Syntax::Template if latin1 => "text/plain; charset=iso-8859-1",
            Syntax::Lines | Syntax::Template => "text/plain; charset=utf-8",
        };
        Ok(FileSpec {
            name: text("name").or_else(usual_name).ok_or_else(|| format!("file `{id}` has no name"))?,
            id,
            scope,
            syntax,
            content_type: text("content_type").unwrap_or_else(|| usual.to_owned()),
            template: text("template"),
            uses: fields.get("uses").map(|uses| texts(uses).map(str::to_owned).collect()).unwrap_or_default(),
            limit: fields.get("limit").and_then(Value::as_integer).and_then(|limit| usize::try_from(limit).ok()),
            encode: text("encode"),
            latin1,
            serial: text("serial"),
            crlf: text("eol").as_deref() == Some("crlf"),
            fields,
            path: path.clone(),
        })
    }
}

//! Templates: a pack's phone books, a fleet's own files. Values are escaped by the file's format and never parsed again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tera::{ErrorKind, Kwargs, State, Tera};

use super::context::{Seen, Values};
use crate::diagnostic::{Code, Diagnostic};
use crate::vendor::{FileSpec, Pack};

type Parsed = Result<Arc<Tera>, Arc<Diagnostic>>;

/// Templates of a run, each parsed once.
#[derive(Default)]
pub struct Templates {
    parsed: Mutex<HashMap<(String, String, bool), Parsed>>,
}

const NAME: &str = "file";

impl Templates {
    /// Renders a file. The error is a finding in the template.
    pub fn render(&self, pack: &Pack, file: &FileSpec, given: &Seen, device: &str) -> Result<Vec<u8>, Diagnostic> {
        let tera = self.parsed(pack, file).map_err(|found| (*found).clone())?;
        let mut bytes = Vec::new();
        let Seen { context, values } = given;
        match tera.render_to(&name_of(file), context, &mut bytes) {
            Ok(()) => Ok(if file.crlf { with_crlf(&bytes) } else { bytes }),
            Err(error) => {
                let found = self::finding(pack, file, &error, Some(values));
                Err(if device.is_empty() { found } else { found.note(format!("while rendering {device}")) })
            }
        }
    }

    fn parsed(&self, pack: &Pack, file: &FileSpec) -> Parsed {
        let key = (pack.id.clone(), template_of(file).to_owned(), is_xml(file));
        if let Some(known) = self.parsed.lock().ok().and_then(|parsed| parsed.get(&key).cloned()) {
            return known;
        }
        let fresh = parse(pack, file).map(Arc::new).map_err(Arc::new);
        if let Ok(mut parsed) = self.parsed.lock() {
            parsed.insert(key, fresh.clone());
        }
        fresh
    }
}

fn template_of(file: &FileSpec) -> &str {
    file.template.as_deref().unwrap_or("main.tera")
}

fn is_xml(file: &FileSpec) -> bool {
    file.content_type.contains("xml") || file.name.ends_with(".xml")
}

/// The suffix decides what Tera escapes.
fn name_of(file: &FileSpec) -> String {
    format!("{NAME}.{}", if is_xml(file) { "xml" } else { "txt" })
}

fn parse(pack: &Pack, file: &FileSpec) -> Result<Tera, Diagnostic> {
    let template = template_of(file);
    let Some(source) = pack.templates.get(template) else {
        let message = format!("the pack `{}` has no template `{template}`", pack.id);
        return Err(Diagnostic::new(Code::VENDOR_BAD_PACK, message).at(&file.path, 0..0, ""));
    };
    let mut tera = Tera::new();
    tera.register_filter("vcard", |value: &str, _: Kwargs, _: &State<'_>| -> tera::TeraResult<String> { Ok(vcard(value)) });
    tera.register_filter("vcard_part", |value: &str, _: Kwargs, _: &State<'_>| -> tera::TeraResult<String> { Ok(vcard_part(value)) });
    match tera.add_raw_template(&name_of(file), &source.text) {
        Ok(()) => Ok(tera),
        Err(error) => Err(finding(pack, file, &error, None)),
    }
}

/// A finding in a template. A message that repeats a value of the context could tell a secret, and is not printed.
fn finding(pack: &Pack, file: &FileSpec, error: &tera::Error, context: Option<&Values>) -> Diagnostic {
    let source = pack.templates.get(template_of(file));
    let path = source.map_or_else(|| file.path.clone(), |source| source.path.clone());
    let (message, span) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => (report.message().to_owned(), report.span().range.clone()),
        other => (other.to_string(), 0..0),
    };
    let told = context.is_some_and(|values| values.iter().any(|value| message.contains(value.as_str())));
    let first = if told {
        "the template cannot be rendered with these values, which are not shown".to_owned()
    } else {
        message.lines().next().unwrap_or_default().to_owned()
    };
    Diagnostic::new(Code::TEMPLATE_ERROR, first)
        .at(&path, span, "here")
        .help("a template sees the settings that its file lists under `uses`, and nothing else")
}

/// Escapes the value of a vCard property that is one text, RFC 6350 §4: a semicolon stands for itself, and Linphone refuses the whole
/// file where it is escaped.
fn vcard(text: &str) -> String {
    text.replace('\\', "\\\\").replace(',', "\\,").replace('\n', "\\n")
}

/// Escapes one part of a vCard property that has several, as N and ORG.
fn vcard_part(text: &str) -> String {
    vcard(text).replace(';', "\\;")
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    for byte in bytes {
        if *byte == b'\n' {
            lines.push(b'\r');
        }
        lines.push(*byte);
    }
    lines
}

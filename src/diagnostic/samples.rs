//! Findings that all printers are tried on.

use std::ops::Range;
use std::sync::Arc;

use super::{Code, Diagnostic, Sources};

const FILES: [(&str, &str); 5] = [
    ("devices/acme/sales.toml", "mac = \"80:5e:c0:12:34:56\"\nmodel = \"vendor/desk2\"\n\n[[line]]\nextension = \"101\"\nnumber = 3\n"),
    ("devices/acme/tabs.toml", "[[line]]\r\n\tdisplay_name = \"日本 Söhne\"\tuser = 200\r\npassword = \"hunter2\"\t# was hunter2\r\n"),
    ("devices/bakery/till.toml", "# Till\nmac = \"805EC0123456\"\npassword = \"\"\"\nhunter2\nhunter2\"\"\"\n"),
    ("devices/acme/hostile.toml", "label = \"\u{1b}[2J\u{202e}evil\u{9b}\" # `|<b>"),
    ("devices/acme/broken.toml", "x = 1\npassword = \"hunter2\n"),
];

/// The texts that the findings point into.
pub(super) fn sources() -> Sources<'static> {
    Sources::new(|path| {
        let file = FILES.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| (*text).to_owned())
    })
}

/// Several files, multi-byte text, CRLF, tabs, secrets, hostile text, the end of a file, a whole file, none, one that is gone.
pub(super) fn diagnostics() -> Vec<Diagnostic> {
    let at = |code, message, path: &str, what: &str, text: &str| {
        let (path, span) = place(path, what);
        Diagnostic::new(code, message).at(&path, span, text)
    };
    let (sales, model) = place("devices/acme/sales.toml", "\"vendor/desk2\"");
    let (_, number) = place(&sales, "3\n");
    let (till, till_mac) = place("devices/bakery/till.toml", "\"805EC0123456\"");
    let (_, sales_mac) = place(&sales, "\"80:5e:c0:12:34:56\"");
    let (broken, _) = place("devices/acme/broken.toml", "x");
    let old: Arc<str> = "devices/acme/old.toml".into();
    vec![
        Diagnostic::new(Code::LINE_BEYOND_MODEL, "this phone has 2 lines, and this is line 3")
            .see(&sales, model, "2 lines")
            .at(&sales, number, "no such line")
            .help("put the third account on another phone"),
        Diagnostic::new(Code::DEVICE_DUPLICATE_ID, "80:5e:c0:12:34:56 is defined twice")
            .at(&sales, sales_mac, "here")
            .see(&till, till_mac, "and here, in another customer")
            .help("a phone can belong to one customer"),
        at(Code::TOML_WRONG_TYPE, "`user` is a text", "devices/acme/tabs.toml", "200", "a number"),
        at(Code::SECRET_IN_CLEAR, "a password stands in clear", "devices/acme/tabs.toml", "\"hunter2\"", ""),
        at(Code::SECRET_WEAK, "the password can be guessed", "devices/bakery/till.toml", "\"\"\"\nhunter2\nhunter2\"\"\"", "this")
            .note("it is on the lists that attackers try first"),
        at(
            Code::TEXT_HOSTILE,
            "the label holds \u{1b}[2J and \u{202e}",
            "devices/acme/hostile.toml",
            "\"\u{1b}[2J\u{202e}evil\u{9b}\"",
            "\u{1b}[31m here",
        )
        .help("type it again\nwithout \u{9b}"),
        Diagnostic::new(Code::TOML_SYNTAX, "the text is not closed").at(&broken, 28..28, "expected `\"`"),
        Diagnostic::new(Code::FILE_NOT_UTF8, "the file is not UTF-8").at(&old, 0..0, ""),
        at(Code::FILE_UNUSED, "the file is gone", "devices/gone.toml", "", "unused"),
        Diagnostic::new(Code::FLEET_EMPTY, "the fleet has no devices"),
    ]
}

fn place(path: &str, what: &str) -> (Arc<str>, Range<usize>) {
    let file = FILES.iter().find(|(name, _)| *name == path);
    let start = file.and_then(|(_, text)| text.find(what)).unwrap_or(7);
    (path.into(), start..start + what.trim_end().len())
}

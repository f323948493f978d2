//! Markdown for comments and job summaries. Text of the fleet only appears where Markdown and HTML do not act on it.

use super::print::{Options, spot};
use super::sources::Sources;
use super::text::visible;
use super::{Diagnostic, Severity, human};

/// A table of all findings and, folded, what a terminal would show.
pub(super) fn print(found: &[Diagnostic], sources: &Sources<'_>) -> String {
    if found.is_empty() {
        return String::new();
    }
    let rows: String = found.iter().map(|diagnostic| row(diagnostic, sources)).collect();
    let details = fence(&human::print(found, sources, Options::PLAIN));
    format!("| | Finding | Place |\n| --- | --- | --- |\n{rows}\n<details><summary>Details</summary>\n\n{details}\n</details>\n")
}

fn row(diagnostic: &Diagnostic, sources: &Sources<'_>) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "**error**",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let name = code(diagnostic.code.name());
    let message = code(&diagnostic.message);
    let place = diagnostic.place().map(|label| code(&spot(label, sources))).unwrap_or_default();
    format!("| {severity} {name} | {message} | {place} |\n")
}

/// The text as inline code, inert also in a table: no markup, no link, no mention, no reference acts in it.
pub fn code(text: &str) -> String {
    let mut out = String::from("<code>");
    for c in visible(text).chars() {
        match c.is_ascii_punctuation() && !matches!(c, '-' | ',') {
            true => out.push_str(&format!("&#{};", c as u32)),
            false => out.push(c),
        }
    }
    out + "</code>"
}

/// The text as a block of code, with a fence longer than any in it.
pub fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, samples};

    #[test]
    fn a_row_a_finding() {
        let told = print(&samples::diagnostics(), &samples::sources());
        let rows: Vec<&str> = told.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(rows.len(), samples::diagnostics().len() + 2);
        assert_eq!(
            rows[2],
            "| **error** <code>line&#58;&#58;beyond-model</code> \
             | <code>this phone has 2 lines, and this is line 3</code> \
             | <code>devices&#47;acme&#47;sales&#46;toml&#58;6&#58;10</code> |"
        );
    }

    #[test]
    fn a_hostile_name_is_inert() {
        let name = "a|b `c` <img src=x> [x](javascript:1) @all #1 $m$ ~~s~~ \\| ```\n/close";
        let inline = code(name);
        let inside = inline.strip_prefix("<code>").and_then(|rest| rest.strip_suffix("</code>")).unwrap();
        let acting = |c: char| "|`<>[]()@$~\\*_!:/.\n".contains(c);
        assert!(!inside.contains(acting), "{inside}");
        let found = [Diagnostic::new(Code::LINE_ZERO, name).note("```\n````\n</details>")];
        let told = print(&found, &samples::sources());
        let fences: Vec<&str> = told.lines().filter(|line| line.starts_with("`````")).collect();
        assert_eq!(fences, ["`````text", "`````"]);
    }
}

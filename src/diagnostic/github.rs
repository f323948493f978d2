//! Workflow commands of GitHub Actions, which become annotations in a pull request.

use std::fmt::Write;

use super::print::prose;
use super::sources::Sources;
use super::text::visible;
use super::{Diagnostic, Severity};

/// A command a line.
pub(super) fn print(found: &[Diagnostic], sources: &Sources<'_>) -> String {
    found.iter().map(|diagnostic| command(diagnostic, sources) + "\n").collect()
}

fn command(diagnostic: &Diagnostic, sources: &Sources<'_>) -> String {
    let name = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let title = property(diagnostic.code.name());
    let place = place(diagnostic, sources);
    let message = data(&prose(diagnostic, sources));
    format!("::{name} title={title}{place}::{message}")
}

/// Columns are only understood within one line.
fn place(diagnostic: &Diagnostic, sources: &Sources<'_>) -> String {
    let Some(label) = diagnostic.place() else {
        return String::new();
    };
    let mut place = format!(",file={}", property(&visible(&label.path)));
    if let Some(region) = sources.locate(label) {
        let (start, end) = (region.start, region.end);
        let _ = write!(place, ",line={},endLine={}", start.line, end.line);
        if start.line == end.line {
            let _ = write!(place, ",col={},endColumn={}", start.column, end.column);
        }
    }
    place
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::samples;

    #[test]
    fn a_command_a_finding() {
        let told = print(&samples::diagnostics(), &samples::sources());
        assert_eq!(told.lines().count(), samples::diagnostics().len());
        assert_eq!(
            told.lines().next().unwrap(),
            "::error title=line%3A%3Abeyond-model,file=devices/acme/sales.toml,line=6,endLine=6,col=10,endColumn=11::\
             this phone has 2 lines, and this is line 3%0A\
             devices/acme/sales.toml:2:9: 2 lines%0A\
             devices/acme/sales.toml:6:10: no such line%0A\
             help: put the third account on another phone"
        );
        assert!(told.contains("\n::warning title=fleet%3A%3Aempty::the fleet has no devices\n"));
        assert!(told.contains(",file=devices/acme/old.toml::"));
    }

    #[test]
    fn text_cannot_begin_a_command_or_a_property() {
        assert_eq!(data("a%\r\n::error::b"), "a%25%0D%0A::error::b");
        assert_eq!(property("a,line=1::b%"), "a%2Cline=1%3A%3Ab%25");
    }
}

//! For people: the message, the lines it is about with marks below them, and the way out, as rustc tells it.

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::print::Options;
use super::sources::Sources;
use super::text::{visible, visible_lines};
use super::window::Window;
use super::{Diagnostic, Label, Severity};

/// Narrower terminals are treated as this wide.
const NARROWEST: usize = 40;

/// The findings, an empty line between them.
pub(super) fn print(found: &[Diagnostic], sources: &Sources<'_>, options: Options) -> String {
    let told: Vec<String> = found.iter().map(|diagnostic| one(diagnostic, sources, options)).collect();
    told.join("\n")
}

/// One finding.
pub(super) fn one(diagnostic: &Diagnostic, sources: &Sources<'_>, options: Options) -> String {
    let renderer = match options.colour {
        true => Renderer::styled(),
        false => Renderer::plain(),
    };
    let renderer = renderer.term_width(options.width.max(NARROWEST));
    renderer.render(&[group(diagnostic, sources)]) + "\n"
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &Sources<'_>) -> Group<'a> {
    let title = level(diagnostic.severity).primary_title(visible(&diagnostic.message)).id(diagnostic.code.name());
    let notes = diagnostic.notes.iter().map(|text| Level::NOTE.message(visible_lines(text)));
    let help = diagnostic.help.iter().map(|text| Level::HELP.message(visible_lines(text)));
    Group::with_title(title).elements(places(diagnostic, sources)).elements(notes).elements(help)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// A picture a file, that of the place where the finding is listed first.
fn places<'a>(diagnostic: &'a Diagnostic, sources: &Sources<'_>) -> Vec<Element<'a>> {
    let Some(place) = diagnostic.place() else {
        return Vec::new();
    };
    let mut paths = vec![&place.path];
    for label in &diagnostic.labels {
        if !paths.contains(&&label.path) {
            paths.push(&label.path);
        }
    }
    let labels_of = |path| {
        let labels = diagnostic.labels.iter().filter(move |label| &label.path == path);
        labels.collect::<Vec<&Label>>()
    };
    paths.into_iter().flat_map(|path| file(&labels_of(path), place, sources)).collect()
}

/// A picture of one file with all labels that point into it, or only their places where there is none to show.
fn file<'a>(labels: &[&'a Label], place: &Label, sources: &Sources<'_>) -> Vec<Element<'a>> {
    let inside: Vec<&Label> = labels.iter().copied().filter(|label| label.span != (0..0)).collect();
    match picture(&inside, place, sources) {
        Some(picture) => {
            let whole = labels.iter().filter(|label| label.span == (0..0));
            std::iter::once(picture).chain(whole.flat_map(|label| said(label))).collect()
        }
        None => labels.iter().flat_map(|label| origin(label, sources)).collect(),
    }
}

fn picture<'a>(labels: &[&'a Label], place: &Label, sources: &Sources<'_>) -> Option<Element<'a>> {
    let path = &labels.first()?.path;
    let source = sources.get(path)?;
    let spans: Vec<_> = labels.iter().map(|label| label.span.clone()).collect();
    let Window { text, first_line, marks } = Window::new(&source, &spans)?;
    let annotations = labels.iter().zip(marks).map(|(label, mark)| {
        let leads = label.primary && (std::ptr::eq(*label, place) || *path != place.path);
        annotation(leads).span(mark).label(visible(&label.text))
    });
    let annotations: Vec<Annotation<'a>> = annotations.collect();
    let snippet = Snippet::source(text).line_start(first_line).path(visible(path)).annotations(annotations);
    Some(snippet.into())
}

fn annotation(leads: bool) -> AnnotationKind {
    match leads {
        true => AnnotationKind::Primary,
        false => AnnotationKind::Context,
    }
}

/// A place without a picture, and what is said of it.
fn origin<'a>(label: &'a Label, sources: &Sources<'_>) -> Vec<Element<'a>> {
    let mut origin = Origin::path(visible(&label.path));
    if let Some(region) = sources.locate(label) {
        origin = origin.line(region.start.line).char_column(region.start.column);
    }
    std::iter::once(origin.into()).chain(said(label)).collect()
}

fn said(label: &Label) -> Option<Element<'_>> {
    (!label.text.is_empty()).then(|| Level::NOTE.message(visible(&label.text)).into())
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init)]
#[path = "human_tests.rs"]
mod tests;

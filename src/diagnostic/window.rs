//! The few lines of a file that a finding shows.

use std::ops::Range;

use super::sources::Source;

/// Lines further than this from the beginning or end of a mark are not needed.
const CONTEXT: usize = 4;
/// Longer lines are cut; marks beyond are told without a picture.
const LONGEST_LINE: usize = 4096;

/// Consecutive lines with marks in them; those that no renderer shows are empty.
pub(super) struct Window {
    /// The lines, as they may be shown.
    pub text: String,
    /// The number of the first one in its file.
    pub first_line: usize,
    /// The marks, as byte ranges of `text`, in the order they were given in.
    pub marks: Vec<Range<usize>>,
}

impl Window {
    /// The lines around these spans; `None` where a span lies too far out in a long line.
    pub fn new(source: &Source, spans: &[Range<usize>]) -> Option<Self> {
        let spans: Vec<Range<usize>> = spans.iter().map(|span| source.settled(span)).collect();
        let edges = || spans.iter().flat_map(|span| [span.start, span.end]);
        let edge_lines: Vec<usize> = edges().map(|edge| source.line_of(edge)).collect();
        let first_line = *edge_lines.iter().min()?;
        let last_line = *edge_lines.iter().max()?;
        if edges().any(|edge| edge - source.line(source.line_of(edge)).start > LONGEST_LINE) {
            return None;
        }
        let mut text = String::new();
        let mut starts = Vec::new();
        for number in first_line..=last_line {
            starts.push(text.len());
            if edge_lines.iter().any(|edge| edge.abs_diff(number) <= CONTEXT) {
                text.push_str(&shown_line(source, number));
            }
            if number < last_line {
                text.push('\n');
            }
        }
        let place = |offset: usize| {
            let number = source.line_of(offset);
            starts[number - first_line] + source.shown(source.line(number).start..offset).len()
        };
        let marks = spans.iter().map(|span| place(span.start)..place(span.end)).collect();
        Some(Self { text, first_line, marks })
    }
}

fn shown_line(source: &Source, number: usize) -> String {
    let line = source.line(number);
    if line.len() <= LONGEST_LINE {
        return source.shown(line);
    }
    let end = source.floor(line.start + LONGEST_LINE);
    source.shown(line.start..end) + "…"
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init)]
mod tests {
    use super::*;

    fn window(text: &str, spans: &[Range<usize>]) -> Option<Window> {
        Window::new(&Source::new("a.toml", text.to_owned()), spans)
    }

    #[test]
    fn marks_follow_covered_and_wide_characters() {
        let text = "x = 1\npassword = \"日本é\" # 日\ny = 2";
        let at = text.find("\"日").unwrap();
        let window = window(text, &[at..at + 10]).unwrap();
        assert_eq!(window.first_line, 2);
        assert_eq!(window.text, "password = \"＊＊*\" # ＊");
        assert_eq!(&window.text[window.marks[0].clone()], "\"＊＊*\"");
    }

    #[test]
    fn lines_in_between_are_left_out() {
        let text = "line = 1\n".repeat(1000);
        let window = window(&text, &[0..4, 8991..8995]).unwrap();
        assert_eq!(window.text.matches('\n').count(), 999);
        assert_eq!(window.text.matches("line").count(), 10);
        assert_eq!(&window.text[window.marks[1].clone()], "line");
    }

    #[test]
    fn long_lines_are_cut() {
        let text = "é".repeat(100_000);
        let near = window(&text, &[0..4]).unwrap();
        assert!(near.text.len() < 5000 && near.text.ends_with('…'));
        assert!(window(&text, &[9000..9004]).is_none());
    }
}

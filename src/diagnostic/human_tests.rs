//! The look of findings, to the letter.

use std::sync::Arc;

use super::*;
use crate::diagnostic::{Code, samples};

#[test]
fn samples_look_like_this() {
    let told = print(&samples::diagnostics(), &samples::sources(), Options::PLAIN);
    assert_eq!(told, include_str!("human_samples.txt"));
}

#[test]
fn colours_are_only_used_when_asked_for() {
    let told = |colour| {
        let options = Options { colour, width: 100 };
        print(&samples::diagnostics(), &samples::sources(), options)
    };
    assert!(!told(false).contains('\x1b'));
    let coloured = told(true);
    assert!(coloured.contains("\x1b[1m\x1b[91merror[line::beyond-model]"));
    let codes = coloured.split('\x1b').skip(1);
    for code in codes {
        let (style, _) = code.split_once('m').unwrap();
        assert!(style.strip_prefix('[').unwrap().chars().all(|c| c.is_ascii_digit() || c == ';'));
    }
}

fn at(text: &str, spans: &[std::ops::Range<usize>], width: usize) -> String {
    let path: Arc<str> = "a.toml".into();
    let sources = Sources::new(|_| Some(text.to_owned()));
    let mut diagnostic = Diagnostic::new(Code::LINE_ZERO, "no");
    for span in spans {
        diagnostic = diagnostic.at(&path, span.clone(), "here");
    }
    let options = Options { colour: false, width };
    print(&[diagnostic], &sources, options)
}

#[test]
fn long_lines_fit_the_terminal() {
    let text = format!("codecs = [{} \"last\"]", "\"opus\", ".repeat(100));
    let start = text.find("\"last\"").unwrap();
    let told = at(&text, &[start..start + 6], 60);
    assert!(told.contains("a.toml:1:812"), "{told}");
    assert!(told.contains("\"last\"") && told.lines().all(|line| line.len() <= 62), "{told}");
}

#[test]
fn far_out_in_a_line_only_the_place_is_told() {
    let told = at(&"x".repeat(100_000), &[90_000..90_001], 80);
    assert_eq!(told, "error[line::zero]: no\n--> a.toml:1:90001\n = note: here\n");
}

#[test]
fn the_place_where_a_finding_is_listed_leads() {
    let told = at("a = 1\nb = 2\n", &[6..7, 0..1], 80);
    assert!(told.contains(" --> a.toml:2:1\n"), "{told}");
    assert!(told.contains("1 | a = 1\n  | - here\n2 | b = 2\n  | ^ here\n"), "{told}");
}

#[test]
fn a_whole_file_is_named_beside_a_place_in_it() {
    let told = at("a = 1\n", &[0..1, 0..0], 80);
    assert!(told.ends_with("1 | a = 1\n  | ^ here\n  |\n  = note: here\n"), "{told}");
}

#[test]
fn any_span_can_be_shown() {
    let texts = ["", "\n", "日本\r\né\t\n\n", "\u{feff}a = \"\u{202e}\"\r\n\r\n", "a\rb\u{2028}\n\0", "e\u{301}\n[x]\n"];
    for text in texts {
        for start in 0..text.len() + 3 {
            for end in 0..text.len() + 3 {
                let told = at(text, &[start..end, end..start + 1], 80);
                assert!(told.starts_with("error[line::zero]: no\n"), "{text:?} {start}..{end}");
            }
        }
    }
}

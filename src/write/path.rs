//! Where a file may be written: a grammar so small that no path can leave the site.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A path below the site, with forward slashes, that means the same file on every disk and every server.
///
/// Segments are `[A-Za-z0-9._-]{1,128}`, begin with a letter, a digit or `_`, do not end with a dot,
/// and are not the name of a Windows device. The whole is at most 1024 bytes long.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OutPath(Arc<str>);

const LONGEST_PATH: usize = 1024;
const LONGEST_SEGMENT: usize = 128;

impl OutPath {
    /// Takes a path that keeps the grammar. The error says what is wrong with it.
    pub fn new(text: &str) -> Result<OutPath, String> {
        if text.len() > LONGEST_PATH {
            return Err(format!("it is longer than {LONGEST_PATH} bytes"));
        }
        text.split('/').try_for_each(check_segment)?;
        Ok(OutPath(text.into()))
    }

    /// The path as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders above the file, outermost first.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        folders(&self.0)
    }

    /// The folder of the file; empty where it lies at the top.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// The folders above `path`, outermost first.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// What is wrong with one segment.
pub(super) fn check_segment(segment: &str) -> Result<(), String> {
    if segment.is_empty() {
        return Err("it has an empty segment".to_owned());
    }
    if segment.len() > LONGEST_SEGMENT {
        return Err(format!("it has a segment longer than {LONGEST_SEGMENT} bytes"));
    }
    if let Some(bad) = segment.chars().find(|&character| !is_allowed(character)) {
        return Err(format!("{bad:?} is not among the letters, digits, `.`, `_` and `-` that it may have"));
    }
    if segment.starts_with(['.', '-']) {
        return Err(format!("`{segment}` begins with `{}`", &segment[..1]));
    }
    if segment.ends_with('.') {
        return Err(format!("`{segment}` ends with a dot"));
    }
    if is_windows_device(segment) {
        return Err(format!("`{segment}` is the name of a device on Windows"));
    }
    Ok(())
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-')
}

/// `CON`, `nul.cfg`, `COM1`: Windows opens the device, whatever the extension.
fn is_windows_device(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or(segment).to_ascii_uppercase();
    let numbered = |name: &str| {
        let number = stem.strip_prefix(name);
        number.is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

impl TryFrom<String> for OutPath {
    type Error = String;

    fn try_from(text: String) -> Result<OutPath, String> {
        OutPath::new(&text).map_err(|wrong| format!("{text:?} is not a path of the site: {wrong}"))
    }
}

impl From<OutPath> for String {
    fn from(path: OutPath) -> String {
        path.as_str().to_owned()
    }
}

impl fmt::Display for OutPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for OutPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_paths_are_taken() {
        for text in [
            "805ec0123456.cfg",
            "7o74x5epfbdwki2wjdxjmff5vm/y000000000096.cfg",
            "acme/SEP805EC0123456.cnf.xml",
            "a/0f/_shared/ring-tone_1.wav",
            "com10.cfg",
            "console.xml",
            "x/nul-1.cfg",
            "lpt.cfg",
        ] {
            assert_eq!(OutPath::new(text).unwrap().as_str(), text);
        }
        assert!(OutPath::new(&"s".repeat(128)).is_ok());
        assert!(OutPath::new(&vec!["s".repeat(127); 8].join("/")).is_ok());
    }

    #[test]
    #[rustfmt::skip]
    fn hostile_paths_are_refused() {
        let deep = vec!["d"; 10_000].join("/");
        let long_segment = "s".repeat(256);
        let long_path = vec!["s".repeat(127); 8].join("/") + "/s";
        assert_eq!(long_path.len(), 1025);
        for text in [
            "..", "../x", r"..\x", "x/../../y", "/etc/passwd", "//h/s", r"C:\x", "C:x", r"\\?\C:\x", r"\\.\pipe\x", "file:///x", "%2e%2e%2f", "..%2f", "..%5c",
            "%252e%252e%252f", "..;/", "....//", "..././", ".", "", " ", "x.", "x ", "x./y", "x /y", "CON", "NUL.cfg", "COM1", "aux.xml", "prn", "lpt9.txt", "nul.tar.gz", "x/Con.cfg",
            "COM0", "a:b", "a.cfg:stream", "-rf", "x/-rf", "~root", "$HOME/x", "x\0y", "x\ny", "x\ry", "./x", "x//y", "x/", "x/.", "x/./y",
            "\u{ff0e}\u{ff0e}/x", "x\u{ff0f}y", "x\u{2215}y", "x\u{29f8}y", "\u{2024}\u{2024}/x", "caf\u{e9}.cfg", "cafe\u{301}.cfg", "x\u{202e}gfc.y", "x\u{200b}y",
            ".git/config", ".htaccess", ".well-known/x", "/proc/self/environ", r"a\b", r"\a", "\u{feff}x", "x\ty", "a*b", "a?b", "a|b", "a<b", "a\"b", "a'b", "a`b", "a&b", "a#b", "a+b", "a,b", "a=b", "a@b", "COM\u{b9}",
            &deep, &long_segment, &long_path,
        ] {
            let wrong = OutPath::new(text).expect_err(text);
            assert!(!wrong.is_empty() && !wrong.chars().any(char::is_control), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text: &str| OutPath::new(text).unwrap_err();
        assert_eq!(wrong("x/../y"), "`..` begins with `.`");
        assert_eq!(wrong("NUL.cfg"), "`NUL.cfg` is the name of a device on Windows");
        assert_eq!(wrong("x//y"), "it has an empty segment");
        assert_eq!(wrong("x\ny"), r"'\n' is not among the letters, digits, `.`, `_` and `-` that it may have");
    }

    #[test]
    fn folders_come_outermost_first() {
        let path = OutPath::new("a/b/c.cfg").unwrap();
        assert_eq!(path.folders().collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(path.folder(), "a/b");
        assert_eq!(OutPath::new("c.cfg").unwrap().folder(), "");
    }

    #[test]
    fn json_cannot_bring_in_a_hostile_path() {
        assert!(serde_json::from_str::<OutPath>(r#""a/b.cfg""#).is_ok());
        assert!(serde_json::from_str::<OutPath>(r#""../b.cfg""#).is_err());
    }
}

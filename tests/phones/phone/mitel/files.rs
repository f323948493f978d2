//! The syntax of configuration files: lines of `name: value`.

use super::super::Outcome;
use super::super::flash::Flash;

/// Puts what a file says over what earlier files said.
pub fn read(file: &str, bytes: &[u8], said: &mut Flash) -> Outcome<()> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{file}: not UTF-8"))?;
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(format!("{file}: torn, the last line does not end"));
    }
    let mut seen = Flash::default();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = parameter(line).ok_or_else(|| format!("{file}:{}: `{line}` is no `name: value`", at + 1))?;
        if seen.knows(&name) {
            return Err(format!("{file}:{}: `{name}` is there twice", at + 1));
        }
        seen.set(&name, "");
        said.set(name, value);
    }
    Ok(())
}

/// `!` locks a parameter and `^` takes it back from the user: the value is the server's either way.
/// Names are not case-sensitive.
fn parameter(line: &str) -> Option<(String, String)> {
    let (name, value) = line.trim_start_matches(['!', '^']).split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || " -|[]_".contains(c);
    let name = name.trim();
    if name.is_empty() || !name.chars().all(plain) {
        return None;
    }
    Some((name.to_ascii_lowercase(), self::value(value.trim())?))
}

/// A `#` begins a comment, unless it stands between quotes.
fn value(text: &str) -> Option<String> {
    let value = match text.strip_prefix('"') {
        Some(rest) => {
            let (inner, after) = rest.split_once('"')?;
            let after = after.trim_start();
            (after.is_empty() || after.starts_with('#')).then_some(inner)?
        }
        None => text.split('#').next().unwrap_or_default().trim_end(),
    };
    (!value.contains(|c: char| c == '"' || c.is_control())).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flash(text: &str) -> Outcome<Flash> {
        let mut said = Flash::default();
        read("f", text.as_bytes(), &mut said)?;
        Ok(said)
    }

    #[test]
    fn quotes_marks_and_comments() {
        let text = "# all\n!Admin Password: 22222 # locked\n^sip line1 screen name: \"Anna #3: R&D\" # a\nlanguage 1:\n";
        let said = flash(text).unwrap();
        assert_eq!(said.raw("admin password"), Some("22222"));
        assert_eq!(said.raw("sip line1 screen name"), Some("Anna #3: R&D"));
        assert_eq!(said.raw("language 1"), Some(""));
    }

    #[test]
    fn broken_files() {
        for (broken, because) in [
            ("language: 1", "torn"),
            ("language 1\n", "f:1"),
            ("a: 1\nA: 2\n", "twice"),
            ("a: \"b\n", "f:1"),
            ("a: \"b\" c\n", "f:1"),
            ("a: b\"c\n", "f:1"),
            ("a=1: 2\n", "f:1"),
        ] {
            let error = flash(broken).unwrap_err();
            assert!(error.contains(because), "{broken:?}: {error}");
        }
        assert!(read("f", b"a: \xe4\n", &mut Flash::default()).is_err());
    }
}

//! The syntax of boot and configuration files, and the names of the common files.

use super::super::Outcome;

/// Names and values in the order of the file: of two values for one name the later one counts.
pub type Settings = Vec<(String, String)>;

const FIRST_LINE: &str = "#!version:1.0.0.1";

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Boot {
    pub includes: Vec<String>,
    /// What the included files do not say goes back to the factory.
    pub overwrite: bool,
}

pub fn settings(file: &str, bytes: &[u8]) -> Outcome<Settings> {
    lines(file, bytes)?
        .into_iter()
        .map(|(at, line)| setting(line).ok_or_else(|| format!("{file}:{at}: `{line}` is no `name = value`")))
        .collect()
}

pub fn boot(file: &str, bytes: &[u8], model: &str) -> Outcome<Boot> {
    let mut boot = Boot::default();
    for (at, line) in lines(file, bytes)? {
        let broken = || format!("{file}:{at}: `{line}` is no include");
        match setting(line) {
            Some((name, value)) if name == "overwrite_mode" => boot.overwrite = value == "1",
            Some((name, _)) => return Err(format!("{file}:{at}: unknown `{name}`")),
            None => {
                let (models, include) = models(line).ok_or_else(broken)?;
                let path = include.strip_prefix("include:config").and_then(|path| unquoted(path.trim())).ok_or_else(broken)?;
                if models.is_none_or(|models| models.split(',').any(|known| known.trim().eq_ignore_ascii_case(model))) {
                    boot.includes.push(path.to_owned());
                }
            }
        }
    }
    Ok(boot)
}

/// The lines that say something, numbered from 1.
fn lines<'a>(file: &str, bytes: &'a [u8]) -> Outcome<Vec<(usize, &'a str)>> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{file}: not UTF-8"))?;
    if text.lines().next() != Some(FIRST_LINE) {
        return Err(format!("{file}: the first line is not `{FIRST_LINE}`"));
    }
    if !text.ends_with('\n') {
        return Err(format!("{file}: torn, the last line does not end"));
    }
    if let Some(control) = text.chars().find(|c| c.is_control() && !"\r\n\t".contains(*c)) {
        return Err(format!("{file}: control character {control:?}"));
    }
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    Ok(numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect())
}

/// Passwords are three settings under one name, told apart by the login in the value.
fn setting(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    let (name, value) = (name.trim_end(), value.trim_start());
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if !plain {
        return None;
    }
    if name.trim_start_matches("static.") == "security.user_password" && value != "%NULL%" {
        let (login, password) = value.split_once(':')?;
        return Some((format!("{name}#{login}"), password.to_owned()));
    }
    Some((name.to_owned(), value.to_owned()))
}

/// `[T46S,T48S]include…`: the models before a line that is not for all.
fn models(line: &str) -> Option<(Option<&str>, &str)> {
    match line.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(models, line)| (Some(models), line)),
        None => Some((None, line)),
    }
}

fn unquoted(path: &str) -> Option<&str> {
    let inner = path.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.or_else(|| path.strip_prefix('<')?.strip_suffix('>')).filter(|path| !path.is_empty())
}

/// The number in the name of a model's common file.
pub fn common_code(model: &str) -> Option<u32> {
    COMMON.iter().find(|(known, _)| known.eq_ignore_ascii_case(model)).map(|(_, code)| *code)
}

#[rustfmt::skip]
const COMMON: &[(&str, u32)] = &[
    ("AX83H", 180), ("AX86R", 182), ("CP860", 37), ("CP920", 78), ("CP925", 148), ("CP930W", 77),
    ("CP960", 73), ("CP965", 143), ("T18", 9), ("T19P", 53), ("T19P_E2", 53), ("T20P", 7), ("T21P", 34),
    ("T21P_E2", 52), ("T22P", 5), ("T23G", 44), ("T23P", 44), ("T26P", 4), ("T27G", 69), ("T27P", 45),
    ("T28P", 0), ("T29G", 46), ("T30", 127), ("T30P", 127), ("T31", 123), ("T31G", 123), ("T31P", 123),
    ("T31W", 172), ("T32G", 32), ("T33G", 124), ("T33P", 124), ("T34W", 171), ("T38G", 38), ("T40G", 76),
    ("T40P", 54), ("T41P", 36), ("T41S", 68), ("T42G", 29), ("T42S", 67), ("T42U", 116), ("T43U", 107),
    ("T44U", 173), ("T44W", 174), ("T46G", 28), ("T46S", 66), ("T46U", 108), ("T48G", 35), ("T48S", 65),
    ("T48U", 109), ("T49G", 51), ("T52S", 74), ("T53", 95), ("T53W", 95), ("T54S", 70), ("T54W", 96),
    ("T56A", 56), ("T57W", 97), ("T58", 58), ("T58A", 58), ("T58V", 58), ("T58W", 150), ("T73U", 186),
    ("T73W", 183), ("T74U", 187), ("T74W", 184), ("T77U", 188), ("T85W", 196), ("T87W", 197),
    ("T88V", 192), ("T88W", 192), ("VP530", 23), ("VP540", 12), ("VP59", 91), ("W52P", 25), ("W53P", 77),
    ("W56P", 25), ("W60B", 77), ("W70B", 146), ("W80", 175), ("W80B", 103), ("W80DM", 103), ("W90B", 130),
    ("W90DM", 130),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_the_equals_sign_do_not_count_and_later_signs_do() {
        let read = settings("f", b"#!version:1.0.0.1\r\na.b=1\r\nc =  x = y # z\r\n\r\n#d = 1\r\n").unwrap();
        assert_eq!(read, [("a.b".into(), "1".into()), ("c".into(), "x = y # z".into())]);
    }

    #[test]
    fn broken_files() {
        for (broken, because) in [
            ("a = 1\n", "first line"),
            ("\u{feff}#!version:1.0.0.1\na = 1\n", "first line"),
            ("#!version:1.0.0.1 \na = 1\n", "first line"),
            ("#!version:1.0.0.1\na = 1\nb", "torn"),
            ("#!version:1.0.0.1\na\n", "f:2"),
            ("#!version:1.0.0.1\na b = 1\n", "f:2"),
            ("#!version:1.0.0.1\nstatic.security.user_password = secret\n", "f:2"),
            ("#!version:1.0.0.1\na = \u{1b}\n", "control"),
            ("", "first line"),
        ] {
            let error = settings("f", broken.as_bytes()).unwrap_err();
            assert!(error.contains(because), "{broken:?}: {error}");
        }
    }

    #[test]
    fn boot_files_know_two_statements_only() {
        let read = |text: &str| boot("b", format!("#!version:1.0.0.1\n{text}\n").as_bytes(), "T46S");
        let two = read("[T46S]include:config \"a.cfg\"\n[T48S]include:config \"b.cfg\"\ninclude:config <c.cfg>").unwrap();
        assert_eq!(two.includes, ["a.cfg", "c.cfg"]);
        assert!(read("account.1.enable = 1").is_err());
        assert!(read("include:config a.cfg").is_err());
    }

    #[test]
    fn common_files_have_twelve_digits() {
        assert_eq!(format!("y{:012}.cfg", common_code("T46S").unwrap()), "y000000000066.cfg");
        assert_eq!(common_code("t54w"), Some(96));
        assert_eq!(common_code("T12P"), None);
    }
}

//! A directory list: `name, number, line`, a line for each number.

use super::super::Outcome;
use super::super::report::{Entry, Number};

const LONGEST_LINE: usize = 255;
const LONGEST_NUMBER: usize = 45;
const ENTRIES: usize = 200;

pub fn read(file: &str, bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{file}: not UTF-8"))?;
    let mut entries: Vec<Entry> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let wrong = |what: &str| format!("{file}:{}: {what}: `{line}`", at + 1);
        if line.chars().count() > LONGEST_LINE {
            return Err(wrong("too long"));
        }
        let fields = fields(line).ok_or_else(|| wrong("torn"))?;
        if fields.iter().all(String::is_empty) {
            continue;
        }
        let entry = entry(&fields).ok_or_else(|| wrong("no `name, number, line`"))?;
        // The phone knows the same name with the same number only once.
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    if entries.len() > ENTRIES {
        return Err(format!("{file}: {} entries, the phone keeps {ENTRIES}", entries.len()));
    }
    Ok(entries)
}

/// After the line, which is the first where it is left out, only the words for public and private may follow.
fn entry(fields: &[String]) -> Option<Entry> {
    let [name, number, rest @ ..] = fields else {
        return None;
    };
    let line: u32 = rest.first().map_or(Some(1), |line| line.parse().ok())?;
    let mode = rest.get(1).is_none_or(|mode| matches!(mode.as_str(), "" | "public" | "private"));
    let fits = !name.is_empty() && (1..=LONGEST_NUMBER).contains(&number.chars().count());
    (fits && mode && (1..=9).contains(&line) && rest.len() <= 2).then(|| Entry {
        name: name.clone(),
        group: None,
        numbers: vec![Number { kind: None, number: number.clone() }],
    })
}

/// Between quotes a comma parts nothing and a sharp begins no comment.
fn fields(line: &str) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            '#' if !quoted => break,
            other => fields.last_mut()?.push(other),
        }
    }
    (!quoted).then(|| fields.iter().map(|field| field.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_comments_and_repetitions() {
        let text = "# ours\njoe foo, 123, 6\n\"manny, jr\", \"12#34\"\n\njoe foo, 123\n";
        let book = read("b", text.as_bytes()).unwrap();
        let told: Vec<_> = book.iter().map(|entry| (entry.name.as_str(), entry.numbers[0].number.as_str())).collect();
        assert_eq!(told, [("joe foo", "123"), ("manny, jr", "12#34")]);
    }

    #[test]
    fn broken_lines() {
        for broken in ["joe", "joe, 1, 10", "\"joe, 1", ", 1", "joe,", "joe, 1, 1, secret"] {
            assert!(read("b", broken.as_bytes()).is_err(), "{broken}");
        }
        let many: String = (0..201).map(|number| format!("joe, {number}\n")).collect();
        assert!(read("b", many.as_bytes()).unwrap_err().contains("201 entries"));
    }
}

//! What can be dialled.

/// Why a number cannot be dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Undialable {
    /// There is no digit in it.
    Empty,
    /// This character is none that is dialled.
    Character(char),
    /// A `+` that is not the first character.
    Plus,
    /// `+44 (0)20 …` says two numbers at once.
    Trunk,
    /// Not a `user@host`.
    Uri,
}

impl Undialable {
    /// What is wrong, to follow the number in a sentence.
    pub(super) fn reason(self) -> String {
        match self {
            Undialable::Empty => "it has no digits".to_owned(),
            Undialable::Character(character) => {
                format!("a phone cannot dial `{}`", character.escape_debug())
            }
            Undialable::Plus => "`+` is the first character or none".to_owned(),
            Undialable::Trunk => "`(0)` is not dialled after a country code".to_owned(),
            Undialable::Uri => "it is no SIP address".to_owned(),
        }
    }

    /// The way out.
    pub(super) fn help(self) -> &'static str {
        match self {
            Undialable::Trunk => "leave out the `(0)`",
            Undialable::Uri => "a SIP address is written `user@host` or `user@host:port`",
            _ => "a number is digits with `+`, `*` and `#`; space and - . ( ) / only make it readable",
        }
    }
}

/// The number as it is dialled, without the characters that only make it readable.
pub(super) fn dialable(text: &str) -> Result<String, Undialable> {
    if text.contains('@') {
        return sip_address(text);
    }
    if text.starts_with('+') && text.contains("(0)") {
        return Err(Undialable::Trunk);
    }
    let number: String = text.chars().filter(|character| !is_separator(*character)).collect();
    for (index, character) in number.char_indices() {
        match character {
            '0'..='9' | '*' | '#' => {}
            '+' if index == 0 => {}
            '+' => return Err(Undialable::Plus),
            other => return Err(Undialable::Character(other)),
        }
    }
    if number.bytes().any(|byte| byte.is_ascii_digit()) { Ok(number) } else { Err(Undialable::Empty) }
}

fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '-' | '.' | '(' | ')' | '/')
}

fn sip_address(text: &str) -> Result<String, Undialable> {
    let scheme = text.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("sip:"));
    let address = scheme.map_or(text, |scheme| &text[scheme.len()..]);
    let (user, place) = address.split_once('@').ok_or(Undialable::Uri)?;
    if is_user(user) && is_place(place) { Ok(address.to_owned()) } else { Err(Undialable::Uri) }
}

fn is_user(user: &str) -> bool {
    let marks = b"-_.!~*+#&=$";
    !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_alphanumeric() || marks.contains(&byte))
}

fn is_place(place: &str) -> bool {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if address.parse::<std::net::Ipv6Addr>().is_ok() => ("v6", port),
            _ => return false,
        },
        None => place.split_at(place.find(':').unwrap_or(place.len())),
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    host.split('.').all(is_label) && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_stripped_of_what_only_makes_them_readable() {
        for (written, dialled) in [
            ("+44 20 7123-0101", "+442071230101"),
            ("(030) 123/456.7", "0301234567"),
            ("+49\u{a0}30", "+4930"),
            ("*21*0170#", "*21*0170#"),
            ("sip:ann@acme.example", "ann@acme.example"),
            ("+4420@sip.acme.example:5061", "+4420@sip.acme.example:5061"),
            ("101@[2001:db8::1]:5060", "101@[2001:db8::1]:5060"),
            ("101@192.0.2.1", "101@192.0.2.1"),
        ] {
            assert_eq!(dialable(written), Ok(dialled.to_owned()), "{written}");
        }
    }

    #[test]
    fn what_cannot_be_dialled_is_refused() {
        for (written, reason) in [
            ("", Undialable::Empty),
            ("+", Undialable::Empty),
            ("(-)", Undialable::Empty),
            ("0800 FLOWERS", Undialable::Character('F')),
            ("101,102", Undialable::Character(',')),
            ("٠١٢", Undialable::Character('٠')),
            ("44+20", Undialable::Plus),
            ("++44", Undialable::Plus),
            ("+44 (0)20 7123", Undialable::Trunk),
            ("ann@", Undialable::Uri),
            ("@acme.example", Undialable::Uri),
            ("ann@acme..example", Undialable::Uri),
            ("ann@acme.example:0", Undialable::Uri),
            ("ann@acme.example:99999", Undialable::Uri),
            ("ann@[::1", Undialable::Uri),
            ("ann@acme.example;transport=tcp", Undialable::Uri),
            ("a b@acme.example", Undialable::Uri),
            ("a@b@c", Undialable::Uri),
            ("ä@b", Undialable::Uri),
        ] {
            assert_eq!(dialable(written), Err(reason), "{written}");
        }
    }
}

//! What a text of each kind may be.

use std::borrow::Cow;
use std::net::IpAddr;

use super::Kind;

/// Whether a canonical text can be a value of a kind.
pub fn accepts(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Bool => matches!(text, "true" | "false"),
        Kind::Int | Kind::Port | Kind::Dscp | Kind::Vlan => text.parse::<i64>().is_ok(),
        Kind::Url | Kind::Asset => text.contains("://"),
        _ => mismatch(kind, text).is_none(),
    }
}

/// The spelling that phones are told.
pub(super) fn canonical(kind: Kind, text: &str) -> &str {
    match kind {
        Kind::Host => text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text),
        _ => text,
    }
}

/// What a text of a kind should be; `None` where it is that.
pub(super) fn mismatch(kind: Kind, text: &str) -> Option<Cow<'static, str>> {
    let (ok, expected) = match kind {
        Kind::DigitMap => {
            return super::digit_map::fault(text).map(|fault| Cow::Owned(format!("a digit map such as `112|0xx.T`: {fault}")));
        }
        Kind::Host => (is_host(canonical(kind, text)), "a host name or an IP address"),
        Kind::Ip => (text.parse::<IpAddr>().is_ok(), "an IP address"),
        Kind::Cidr => (is_cidr(text), "a network such as 192.0.2.0/24"),
        Kind::Url => (is_url(text), "an absolute URL (http, https, tftp or ftp)"),
        Kind::Asset if text.contains("://") => (is_url(text), "an absolute URL (http, https, tftp or ftp)"),
        Kind::Asset => (is_relative(text), "a file of the fleet, such as \"brand/lobby.png\", or an absolute URL"),
        Kind::Language => (is_language(text), "a language such as en or pt-BR"),
        Kind::Country => (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()), "a country such as GB"),
        Kind::Clock => (is_clock(text), "a time such as 02:30"),
        Kind::Dial => (is_dial(text), "something that a phone can dial"),
        Kind::Extension => (is_user(text), "a SIP user: letters, digits and . _ ~ + * # -"),
        _ => (true, ""),
    };
    (!ok).then_some(Cow::Borrowed(expected))
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    text.parse::<IpAddr>().is_ok() || (text.len() <= 253 && text.strip_suffix('.').unwrap_or(text).split('.').all(label))
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    bits.parse::<u8>().is_ok_and(|bits| bits <= if address.is_ipv4() { 32 } else { 128 })
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.rfind(':').filter(|colon| !authority[*colon..].contains(']')) {
        Some(colon) => (&authority[..colon], authority[colon + 1..].parse::<u16>().is_ok_and(|port| port > 0)),
        None => (authority, true),
    };
    let plain =
        rest.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'));
    matches!(scheme, "http" | "https" | "tftp" | "ftp" | "ftps")
        && plain
        && port
        && is_host(canonical(Kind::Host, host))
        && !has_dot_segment(rest)
}

/// A path from the folder of the file that holds it, with forward slashes.
fn is_relative(text: &str) -> bool {
    text.split('/').all(|name| !name.is_empty() && name != ".") && !text.contains(['\\', ':']) && !text.ends_with("..")
}

fn has_dot_segment(rest: &str) -> bool {
    rest.split(['?', '#']).next().unwrap_or_default().split('/').any(|segment| matches!(segment, "." | ".."))
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.len() == 5 && bytes[2] == b':' && [0, 1, 3, 4].iter().all(|place| bytes[*place].is_ascii_digit());
    digits && &text[..2] < "24" && &text[3..] < "60"
}

fn is_dial(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+*#.,_-@:~".contains(&byte))
}

fn is_user(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+*#._~-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_refuse_what_they_are_not() {
        assert!(
            is_host("sip.example.net")
                && is_host("192.0.2.1")
                && is_host("2001:db8::1")
                && !is_host("a b")
                && !is_host("")
                && !is_host("-a")
        );
        assert!(is_url("https://a.example:8443/x?y=z") && !is_url("https://a/../b") && !is_url("javascript://x") && !is_url("http://a:0/"));
        assert!(is_relative("lobby.png") && is_relative("../brand/a b.png"));
        assert!(["/etc/passwd", "a//b.png", "./a.png", "a\\b.png", "c:a.png", "..", "a/", ""].iter().all(|path| !is_relative(path)));
        assert!(is_clock("23:59") && !is_clock("24:00") && !is_clock("2:00"));
        assert!(is_language("en") && is_language("pt-BR") && !is_language("English"));
        assert!(is_dial("+442071230101") && is_dial("*97") && !is_dial("12 34") && !is_dial("1;ext=2"));
        assert!(is_cidr("192.0.2.0/24") && !is_cidr("192.0.2.0/33"));
    }
}

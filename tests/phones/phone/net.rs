//! Hosts, ports, URLs and SIP addresses as phones write them.

use super::Outcome;
use super::report::HostPort;

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
pub fn host_port(text: &str) -> Outcome<HostPort> {
    let broken = || format!("`{text}` is neither host nor host:port");
    if text.is_empty() || text.contains(|c: char| c.is_whitespace() || "/@;<>\"".contains(c)) {
        return Err(broken());
    }
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or_else(broken)?;
            (host, if after.is_empty() { None } else { Some(after.strip_prefix(':').ok_or_else(broken)?) })
        }
        None if text.matches(':').count() > 1 => (text, None),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map(|port| port.parse().map_err(|_| broken())).transpose()?;
    Ok(HostPort { host: host.to_owned(), port })
}

/// An address and a port that a phone keeps in two places.
pub fn joined(host: Option<String>, port: Option<u16>) -> Option<HostPort> {
    host.map(|host| HostPort { host: host.trim_matches(['[', ']']).to_owned(), port })
}

/// The URL of a folder: everything up to the last slash of the path, which is added where there is none.
pub fn folder(url: &str) -> String {
    let path = url.find("://").map_or(0, |at| at + 3);
    match url[path..].rfind('/') {
        Some(slash) => url[..=path + slash].to_owned(),
        None => format!("{url}/"),
    }
}

/// A reference from a file in `base`, a folder that ends with a slash.
pub fn resolve(base: &str, reference: &str) -> String {
    if reference.contains("://") {
        return reference.to_owned();
    }
    let origin = base.find("://").and_then(|at| base[at + 3..].find('/').map(|slash| at + 3 + slash)).unwrap_or(base.len());
    if reference.starts_with('/') {
        return format!("{}{reference}", &base[..origin]);
    }
    let mut folders: Vec<&str> = base[origin..].split('/').filter(|part| !part.is_empty()).collect();
    let mut rest = reference;
    while let Some(shorter) = rest.strip_prefix("../") {
        folders.pop();
        rest = shorter;
    }
    let path: String = folders.iter().map(|part| format!("/{part}")).collect();
    format!("{}{path}/{}", &base[..origin], rest.trim_start_matches("./"))
}

/// A SIP address: `"Name" <sip:user@host:port;transport=tls;lr>`, or the URI alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SipAddress {
    pub name: Option<String>,
    pub user: Option<String>,
    pub host: HostPort,
    pub transport: Option<String>,
}

pub fn sip_address(text: &str) -> Outcome<SipAddress> {
    let broken = || format!("`{text}` is no SIP address");
    let (name, uri) = match text.strip_suffix('>') {
        Some(inner) => {
            let (name, uri) = inner.split_once('<').ok_or_else(broken)?;
            (display_name(name.trim()).ok_or_else(broken)?, uri)
        }
        None => (None, text),
    };
    let uri = uri.strip_prefix("sips:").or_else(|| uri.strip_prefix("sip:")).ok_or_else(broken)?;
    let mut parts = uri.split(';');
    let address = parts.next().unwrap_or_default();
    let transport = parts.find_map(|part| part.strip_prefix("transport=")).map(str::to_owned);
    let (user, host) = match address.rsplit_once('@') {
        Some((user, host)) => (Some(percent_decoded(user).ok_or_else(broken)?), host),
        None => (None, address),
    };
    Ok(SipAddress { name, user, host: host_port(host)?, transport })
}

/// The inner `None` is no name at all, the outer one a broken quotation.
#[allow(clippy::option_option, reason = "the outer option is the failure")]
fn display_name(text: &str) -> Option<Option<String>> {
    if text.is_empty() {
        return Some(None);
    }
    let Some(quoted) = text.strip_prefix('"') else {
        return (!text.contains('"')).then(|| Some(text.to_owned()));
    };
    let inner = quoted.strip_suffix('"')?;
    let mut name = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => name.push(characters.next()?),
            '"' => return None,
            other => name.push(other),
        }
    }
    Some(Some(name))
}

pub fn percent_decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = text.get(at + 1..at + 3)?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_with_and_without_port() {
        assert_eq!(host_port("a.example").unwrap(), HostPort { host: "a.example".into(), port: None });
        assert_eq!(host_port("a.example:5061").unwrap().port, Some(5061));
        assert_eq!(host_port("[2001:db8::1]:5060").unwrap(), HostPort { host: "2001:db8::1".into(), port: Some(5060) });
        assert_eq!(host_port("2001:db8::1").unwrap().host, "2001:db8::1");
        for broken in ["", "a b", "a:", "a:99999", "[::1", "sip:a@b:1", "a/b"] {
            assert!(host_port(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn references_are_relative_to_the_folder() {
        let base = folder("http://h:1/t/x.boot");
        assert_eq!(base, "http://h:1/t/");
        assert_eq!(folder("http://h:1"), "http://h:1/");
        assert_eq!(resolve(&base, "a.cfg"), "http://h:1/t/a.cfg");
        assert_eq!(resolve(&base, "../b/a.cfg"), "http://h:1/b/a.cfg");
        assert_eq!(resolve(&base, "/a.cfg"), "http://h:1/a.cfg");
        assert_eq!(resolve(&base, "https://o/a.cfg"), "https://o/a.cfg");
    }

    #[test]
    fn sip_addresses() {
        let address = sip_address(r#""Ann \"A\" Lee" <sip:101@acme.example>"#).unwrap();
        assert_eq!(address.name.as_deref(), Some(r#"Ann "A" Lee"#));
        assert_eq!(address.user.as_deref(), Some("101"));
        let route = sip_address("<sip:proxy.example:5061;transport=tls;lr>").unwrap();
        assert_eq!((route.user, route.host.port, route.transport.as_deref()), (None, Some(5061), Some("tls")));
        assert_eq!(sip_address("sip:*97@acme.example").unwrap().user.as_deref(), Some("*97"));
        for broken in ["101", "<101@x>", "\"A <sip:1@x>", "\"A\"B\" <sip:1@x>", "<sip:1@x"] {
            assert!(sip_address(broken).is_err(), "{broken}");
        }
    }
}

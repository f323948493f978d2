//! Accounts from `sip lineN …`; what a line does not say is said for all lines without `lineN`.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::net::joined;
use super::super::report::{Account, HostPort};
use super::super::words::{Words, push_once, word};

/// The maker's guides number lines from 1 to 9 on every model.
const LINES: u32 = 9;

pub fn all(flash: &Flash) -> Outcome<Vec<Account>> {
    let mut accounts = Vec::new();
    for number in flash.indices("sip line", " user name") {
        let line = Line { flash, number };
        let Some(user) = flash.text(&line.own("user name")) else {
            continue;
        };
        if number == 0 || number > LINES {
            return Err(format!("sip line{number}: this phone has {LINES} lines"));
        }
        accounts.push(account(&line, user)?);
    }
    Ok(accounts)
}

fn account(line: &Line, user: String) -> Outcome<Account> {
    let flash = line.flash;
    let server = line.server("")?;
    let registers = server.is_some();
    let server = server.ok_or_else(|| format!("{}: not told", line.own("registrar ip")))?;
    Ok(Account {
        number: line.number,
        label: flash.text(&line.own("screen name")),
        display_name: flash.text(&line.own("display name")),
        user,
        auth_user: flash.text(&line.own("auth name")),
        password: flash.text(&line.own("password")),
        ha1: None,
        domain: server.host.clone(),
        server,
        backups: line.server("backup ")?.into_iter().collect(),
        transport: flash.word("sip transport protocol", TRANSPORTS)?.unwrap_or("udp"),
        dns_mode: None,
        outbound_proxy: line.host_port("outbound proxy", "outbound proxy port")?,
        registers,
        expires: line.number("registration period")?.filter(|seconds| *seconds > 0),
        voicemail: flash.text(&line.own("vmail")),
        shared: line.word("mode", MODES)?.unwrap_or("off"),
        srtp: line.srtp()?,
        codecs: codecs(flash)?,
        dtmf: line.dtmf()?,
        uses_stun: super::stun(flash)?.is_some(),
    })
}

struct Line<'f> {
    flash: &'f Flash,
    number: u32,
}

impl Line<'_> {
    fn own(&self, name: &str) -> String {
        format!("sip line{} {name}", self.number)
    }

    /// The name under which this is told: the line's own, or that of all lines.
    fn name(&self, name: &str) -> String {
        let own = self.own(name);
        if self.flash.knows(&own) { own } else { format!("sip {name}") }
    }

    fn word(&self, name: &str, words: Words) -> Outcome<Option<&'static str>> {
        self.flash.word(&self.name(name), words)
    }

    fn number(&self, name: &str) -> Outcome<Option<u32>> {
        self.flash.number(&self.name(name))
    }

    /// Port 0 asks the DNS, 0.0.0.0 is no host.
    fn host_port(&self, host: &str, port: &str) -> Outcome<Option<HostPort>> {
        let port: Option<u16> = self.flash.number(&self.name(port))?;
        let host = self.flash.text(&self.name(host)).filter(|host| host != "0.0.0.0");
        Ok(joined(host, port.filter(|port| *port > 0)))
    }

    /// Where the line registers. Calls go to the proxy, so another one there would be half an account.
    fn server(&self, rank: &str) -> Outcome<Option<HostPort>> {
        let of = |what: &str| self.host_port(&format!("{rank}{what} ip"), &format!("{rank}{what} port"));
        let (registrar, proxy) = (of("registrar")?, of("proxy")?);
        if registrar != proxy {
            return Err(format!("{}: registers at {registrar:?}, but calls through {proxy:?}", self.own(rank)));
        }
        Ok(registrar)
    }

    /// -1 leaves it to what is said for all lines.
    fn srtp(&self) -> Outcome<Option<&'static str>> {
        let own = self.own("srtp mode");
        match self.flash.text(&own) {
            Some(mode) if mode != "-1" => word(&own, &mode, SRTP).map(Some),
            _ => self.flash.word("sip srtp mode", SRTP),
        }
    }

    /// Digits in RTP go as events, if these are on, and else as tones.
    fn dtmf(&self) -> Outcome<Vec<&'static str>> {
        let Some(method) = self.word("dtmf method", METHODS)? else {
            return Ok(Vec::new());
        };
        let rtp = if self.flash.flag("sip out-of-band dtmf")?.unwrap_or(true) { "rfc4733" } else { "inband" };
        Ok(match (method, rtp) {
            ("info", _) => vec!["info"],
            ("both", "inband") => vec!["info", "inband"],
            ("both", _) => vec!["rfc4733", "info"],
            _ => vec![rtp],
        })
    }
}

/// `payload=9;ptime=20;silsupp=off,payload=8;…`, the preferred first; basic codecs would count instead.
fn codecs(flash: &Flash) -> Outcome<Vec<&'static str>> {
    const NAME: &str = "sip customized codec";
    let mut order = Vec::new();
    let Some(list) = flash.text(NAME) else {
        return Ok(order);
    };
    if flash.flag("sip use basic codecs")? == Some(true) {
        return Err(format!("{NAME}: told, but `sip use basic codecs` is on"));
    }
    for codec in list.split(',') {
        for part in codec.split(';') {
            match part.split_once('=') {
                Some(("payload", payload)) => push_once(&mut order, word(NAME, payload, PAYLOADS)?),
                Some(("ptime", "10" | "20" | "30" | "40" | "50" | "60" | "70" | "80" | "90") | ("silsupp", "on" | "off")) => {}
                _ => return Err(format!("{NAME}: `{part}` is nothing that this phone knows")),
            }
        }
    }
    Ok(order)
}

/// 0 is UDP and TCP: the phone begins with UDP.
const TRANSPORTS: Words = &[("0", "udp"), ("1", "udp"), ("2", "tcp"), ("4", "tls")];
const MODES: Words = &[("0", "off"), ("1", "sca"), ("3", "bla")];
const SRTP: Words = &[("0", "off"), ("1", "optional"), ("2", "required")];
const METHODS: Words = &[("0", "rtp"), ("1", "info"), ("2", "both")];
/// Those of RFC 3551; the numbers above 95 are the maker's own and not in the public lists.
const PAYLOADS: Words = &[("0", "pcmu"), ("8", "pcma"), ("9", "g722"), ("18", "g729")];

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(told: &[(&str, &str)]) -> Outcome<Vec<Account>> {
        let mut flash = Flash::default();
        for (name, value) in [("user name", "101"), ("registrar ip", "a.example"), ("proxy ip", "a.example")] {
            flash.set(format!("sip line1 {name}"), value);
        }
        for (name, value) in told {
            flash.set(*name, *value);
        }
        all(&flash)
    }

    #[test]
    fn what_a_line_does_not_say_is_said_for_all() {
        let told = [("sip srtp mode", "1"), ("sip line1 srtp mode", "-1"), ("sip dtmf method", "1"), ("sip registration period", "0")];
        let found = accounts(&told).unwrap().remove(0);
        assert_eq!((found.srtp, found.dtmf, found.expires), (Some("optional"), vec!["info"], None));
        assert_eq!(accounts(&[("sip line1 dtmf method", "0"), ("sip out-of-band dtmf", "0")]).unwrap()[0].dtmf, ["inband"]);
    }

    #[test]
    fn no_server_and_port_zero() {
        let told = [("sip line1 outbound proxy", "0.0.0.0"), ("sip line1 proxy port", "0")];
        let found = accounts(&told).unwrap().remove(0);
        assert_eq!((found.outbound_proxy, found.server.port), (None, None));
        assert!(accounts(&[("sip line1 proxy ip", "b.example")]).is_err());
        assert!(accounts(&[("sip line10 user name", "110")]).is_err());
        assert!(accounts(&[("sip transport protocol", "3")]).is_err());
    }

    #[test]
    fn codecs_in_their_order() {
        let told = ("sip customized codec", "payload=9;ptime=20;silsupp=on,payload=0;ptime=30;silsupp=off");
        assert_eq!(accounts(&[told]).unwrap()[0].codecs, ["g722", "pcmu"]);
        for broken in ["payload=77", "codec=9", "payload=9,", "payload=9;ptime=25"] {
            assert!(accounts(&[("sip customized codec", broken)]).is_err(), "{broken}");
        }
        assert!(accounts(&[told, ("sip use basic codecs", "1")]).is_err());
    }
}

//! Where a report differs from what is wanted.

use std::fmt::Debug;

use crate::phone::report::{Account, Entry, Key, Report};

/// A line for each difference: where, what is wanted, what was found.
pub fn differences(vendor: &str, wanted: &Report, found: &Report) -> Vec<String> {
    let mut said = Differences { vendor, lines: Vec::new() };
    said.accounts(&wanted.accounts, &found.accounts);
    said.keys(&wanted.keys, found);
    said.book(&wanted.phonebook, &found.phonebook);
    said.check("stun", &wanted.stun, &found.stun);
    said.check("ntp", &wanted.ntp, &found.ntp);
    said.check("admin password", &wanted.admin_password, &found.admin_password);
    said.check("provisioning", &wanted.provisioning.as_deref().map(without_slash), &found.provisioning.as_deref().map(without_slash));
    said.check("language", &wanted.language.as_deref().map(primary), &found.language.as_deref().map(primary));
    match (&wanted.time, &found.time) {
        (Some(wanted), Some(found)) => {
            said.check("time zone offset", &wanted.offset, &found.offset);
            said.check("daylight saving", &wanted.dst, &found.dst);
            if matches!(vendor, "polycom" | "gigaset") {
                said.check("time zone", &wanted.zone, &found.zone);
            }
        }
        (wanted, found) => said.check("time", wanted, found),
    }
    said.lines
}

fn without_slash(url: &str) -> &str {
    url.trim_end_matches('/')
}

/// The language of a tag: phones have one of its countries only.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

struct Differences<'d> {
    vendor: &'d str,
    lines: Vec<String>,
}

impl Differences<'_> {
    fn check<T: PartialEq + Debug>(&mut self, place: &str, wanted: &T, found: &T) {
        if wanted != found {
            self.lines.push(format!("{place}: wanted {wanted:?}, found {found:?}"));
        }
    }

    fn accounts(&mut self, wanted: &[Account], found: &[Account]) {
        let numbers = |accounts: &[Account]| -> Vec<u32> { accounts.iter().map(|account| account.number).collect() };
        self.check("accounts", &numbers(wanted), &numbers(found));
        for wanted in wanted {
            if let Some(found) = found.iter().find(|found| found.number == wanted.number) {
                self.account(wanted, found);
            }
        }
    }

    fn account(&mut self, wanted: &Account, found: &Account) {
        macro_rules! check {
            ($($field:ident),*) => {
                $(self.check(concat!("account ", stringify!($field)), &wanted.$field, &found.$field);)*
            };
        }
        check!(
            label,
            display_name,
            user,
            auth_user,
            password,
            ha1,
            transport,
            registers,
            expires,
            voicemail,
            shared,
            srtp,
            codecs,
            dtmf,
            uses_stun,
            backups
        );
        if found.dns_mode.is_some() {
            check!(dns_mode);
        }
        self.server(wanted, found);
    }

    /// Where the address-of-record has no domain of its own, it is that of the server.
    fn server(&mut self, wanted: &Account, found: &Account) {
        let by_domain = found.domain == wanted.domain
            && found.server.host == wanted.domain
            && wanted.server.host != wanted.domain
            && matches!(self.vendor, "yealink" | "grandstream" | "snom" | "aastra" | "mitel" | "htek" | "cisco-mpp" | "cisco-spa");
        if by_domain {
            let route = wanted.outbound_proxy.clone().unwrap_or_else(|| wanted.server.clone());
            return self.check("account outbound_proxy", &Some(route), &found.outbound_proxy);
        }
        self.check("account server", &wanted.server, &found.server);
        self.check("account outbound_proxy", &wanted.outbound_proxy, &found.outbound_proxy);
        self.check("account domain", &wanted.domain, &found.domain);
    }

    fn keys(&mut self, wanted: &[Key], report: &Report) {
        let found = &report.keys;
        let place = |key: &Key| (key.area, key.module, key.position);
        for wanted in wanted {
            match found.iter().find(|found| place(found) == place(wanted)) {
                Some(found) => self.key(wanted, found, report),
                None => self.lines.push(format!("key: wanted {wanted:?}, found none")),
            }
        }
        for found in found {
            if !wanted.iter().any(|wanted| place(wanted) == place(found)) {
                self.lines.push(format!("key: wanted none, found {found:?}"));
            }
        }
    }

    /// Where a line key has no label, it may show that of its account.
    fn key(&mut self, wanted: &Key, found: &Key, report: &Report) {
        self.check("key kind", &wanted.kind, &found.kind);
        let place = |what: &str| format!("{} key {what}", wanted.kind);
        self.check(&place("value"), &wanted.value, &found.value);
        self.check(&place("pickup"), &wanted.pickup, &found.pickup);
        let of_account = || {
            let account = report.account(found.line?)?;
            (wanted.kind == "line" && wanted.label.is_none()).then_some(account.label.clone())
        };
        if of_account().is_none_or(|label| label != found.label) {
            self.check(&place("label"), &wanted.label, &found.label);
        }
        if wanted.kind == "line" || found.line.is_some() || self.vendor != "polycom" {
            self.check(&place("line"), &wanted.line, &found.line);
        }
    }

    /// Kinds of number are compared where the phone's format has them.
    fn book(&mut self, wanted: &[Entry], found: &[Entry]) {
        let names = |book: &[Entry]| -> Vec<String> { book.iter().map(|entry| entry.name.clone()).collect() };
        if names(wanted) != names(found) {
            return self.check("phone book", &names(wanted), &names(found));
        }
        for (wanted, found) in wanted.iter().zip(found) {
            self.check("phone book group", &wanted.group, &found.group);
            let mut numbers = wanted.numbers.clone();
            for (number, found) in numbers.iter_mut().zip(&found.numbers) {
                number.kind = number.kind.filter(|_| found.kind.is_some());
            }
            self.check("phone book numbers", &numbers, &found.numbers);
        }
    }
}

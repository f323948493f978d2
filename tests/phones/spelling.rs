//! What a vendor's phones cannot be told, taken out of what is wanted of them.

use sipress::model::phonebook::Contact;

use crate::fleet::Resolved;
use crate::phone::report::{Account, Area, Dst, Entry, Key, Number, Report};
use crate::wanted;

/// What is wanted of a device, as far as its phone can be told.
pub fn spelled(of: &Resolved) -> Report {
    let mut report = wanted::wanted(of);
    match of.vendor {
        "fanvil" => fanvil(of, &mut report),
        "htek" => htek(&mut report),
        "yealink" => yealink(of, &mut report),
        "grandstream" => grandstream(of, &mut report),
        "polycom" => polycom(of, &mut report),
        "linphone" => linphone(of, &mut report),
        "snom" => snom(&mut report),
        "aastra" | "mitel" => mitel(&mut report),
        "gigaset" => gigaset(of, &mut report),
        "panasonic" => panasonic(of, &mut report),
        "cisco-spa" => cisco_spa(of, &mut report),
        "cisco-mpp" => cisco_mpp(of, &mut report),
        other => panic!("there is no phone of {other}"),
    }
    let limit = limit(of).unwrap_or(usize::MAX);
    report.phonebook.truncate(limit);
    report
}

/// Most entries of the model's directory.
fn limit(of: &Resolved) -> Option<usize> {
    let files = &of.compiled.plan.files;
    let book = files.iter().find(|file| file.spec.uses.iter().any(|name| name.starts_with("phonebook.")))?;
    of.model.contacts.or(book.spec.limit)
}

fn keep(account: &mut Account, codecs: &[&str], backups: usize) {
    account.codecs.retain(|codec| codecs.contains(codec));
    account.backups.truncate(backups);
}

/// Only the watching keys have a pickup code.
fn pickups(keys: &mut [Key], watching: &[&str]) {
    for key in keys.iter_mut().filter(|key| !watching.contains(&key.kind)) {
        key.pickup = None;
    }
}

fn yealink(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] =
        &["pcmu", "pcma", "g722", "g729", "opus", "ilbc", "g726-16", "g726-24", "g726-32", "g726-40", "g723", "g722.1", "g722.1c"];
    for account in &mut report.accounts {
        keep(account, CODECS, 1);
        account.dns_mode = None;
    }
    pickups(&mut report.keys, &["blf"]);
    if of.model.class == "dect" {
        report.language = None;
    }
    let menus = std::mem::take(&mut report.phonebook);
    report.phonebook = yealink_menus(of, menus);
}

/// It registers by the minute, has the summer time of its zone, and a phone book that is one list with three numbers to an entry.
fn htek(report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729", "g726-32", "g723", "ilbc", "opus"];
    for account in &mut report.accounts {
        keep(account, CODECS, 2);
        account.codecs.truncate(6);
        account.expires = account.expires.map(|seconds| seconds.div_ceil(60) * 60);
        if account.shared == "bla" {
            account.shared = "off";
        }
    }
    pickups(&mut report.keys, &["blf"]);
    if let Some(time) = report.time.as_mut().filter(|time| time.dst != Dst::Off) {
        time.dst = Dst::Automatic;
    }
    report.phonebook = in_threes(std::mem::take(&mut report.phonebook));
}

/// Entries without a group, of three numbers each.
fn in_threes(entries: Vec<Entry>) -> Vec<Entry> {
    let mut divided = Vec::new();
    for entry in entries {
        let numbers = entry.numbers.chunks(3);
        divided.extend(numbers.map(|numbers| Entry { name: entry.name.clone(), group: None, numbers: numbers.to_vec() }));
    }
    divided
}

/// A line shows its display name, a watched line has one meaning, and a phone book is one list with three numbers to an entry.
fn fanvil(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729", "g726-32", "g723"];
    const LATER: &[&str] = &["opus", "ilbc", "g726-16", "g726-24", "g726-40", "amr", "amr-wb"];
    let old = of.model.families.iter().any(|family| family == "old");
    let codecs = if old { CODECS.to_vec() } else { [CODECS, LATER].concat() };
    for account in &mut report.accounts {
        keep(account, &codecs, 1);
        account.label = None;
        if account.shared == "bla" {
            account.shared = "off";
        }
    }
    pickups(&mut report.keys, &["blf", "blf_transfer_blind", "blf_transfer_attended", "blf_conference"]);
    for key in report.keys.iter_mut().filter(|key| !fanvil_tells_line(key)) {
        key.line = None;
    }
    report.phonebook = in_threes(std::mem::take(&mut report.phonebook));
}

/// Memory and line keys name their line, events and tones have none; what forwards is an event among the soft keys.
fn fanvil_tells_line(key: &Key) -> bool {
    match key.kind {
        "forward" => key.area != Area::Programmable,
        kind => matches!(kind, "line" | "speed_dial" | "intercom" | "call_park" | "presence") || kind.starts_with("blf"),
    }
}

/// A menu for each group and one of the book's own name for the rest; three numbers to an entry.
fn yealink_menus(of: &Resolved, entries: Vec<Entry>) -> Vec<Entry> {
    let title = crate::fleet::device_text(of.device, "phonebook.title");
    let mut placed: Vec<(Option<usize>, Entry)> = Vec::new();
    for (contact, entry) in of.contacts.iter().zip(entries) {
        for numbers in entry.numbers.chunks(3) {
            let entry = Entry { name: entry.name.clone(), group: entry.group.clone().or_else(|| title.clone()), numbers: numbers.to_vec() };
            placed.push((contact.group_id, entry));
        }
    }
    placed.sort_by_key(|(group, _)| group.unwrap_or(usize::MAX));
    placed.into_iter().map(|(_, entry)| entry).collect()
}

fn grandstream(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729", "opus", "ilbc", "g726-32", "g723", "gsm"];
    if of.model.class == "ata" {
        report.accounts = if of.enabled { ports(of) } else { Vec::new() };
        report.keys.clear();
        report.phonebook.clear();
        report.language = None;
    }
    for account in &mut report.accounts {
        keep(account, CODECS, 1);
        account.shared = "off";
        account.expires = account.expires.map(|seconds| seconds.div_ceil(60) * 60);
    }
    pickups(&mut report.keys, &["blf"]);
    let has = |family: &str| of.model.families.iter().any(|known| known == family);
    if !has("item") && !has("wp81") {
        report.ntp.truncate(1);
    }
    if let Some(time) = &mut report.time {
        time.zone = None;
    }
    report.phonebook = if report.phonebook.is_empty() {
        Vec::new()
    } else {
        let named = |contact: &Contact| {
            let kind = |number: &sipress::model::phonebook::Number| {
                use sipress::model::phonebook::NumberKind::{Fax, Home, Mobile, Other, Work};
                match number.kind {
                    Fax => None,
                    Mobile => Some("mobile"),
                    Home => Some("home"),
                    Work | Other => Some("work"),
                }
            };
            Entry {
                name: full_name(contact),
                group: contact.group.clone(),
                numbers: contact
                    .numbers
                    .iter()
                    .filter_map(|number| Some(Number { kind: Some(kind(number)?), number: number.number.clone() }))
                    .collect(),
            }
        };
        of.contacts.iter().map(named).collect()
    };
}

/// An adapter has an account for each port, and no name or mailbox of it.
fn ports(of: &Resolved) -> Vec<Account> {
    let ports = of.device.ports.iter().filter_map(|port| {
        let line = crate::fleet::number(port.slot(crate::fleet::setting("port.line")))?;
        Some(Account {
            number: port.number.into(),
            label: None,
            voicemail: None,
            srtp: None,
            dtmf: Vec::new(),
            backups: Vec::new(),
            dns_mode: None,
            ..wanted::account(of.device, of.device.line(line)?)
        })
    });
    ports.collect()
}

fn polycom(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729", "opus", "ilbc", "g722.1", "g722.1c", "siren14", "siren22"];
    let codecs = report.accounts.first().map(|first| first.codecs.clone()).unwrap_or_default();
    let dtmf = report.accounts.first().map(|first| first.dtmf.clone()).unwrap_or_default();
    for account in &mut report.accounts {
        account.codecs.clone_from(&codecs);
        account.dtmf.clone_from(&dtmf);
        keep(account, CODECS, 3);
        account.dns_mode = None;
        account.uses_stun &= firmware_is(of, ">= 5.9");
        if account.shared == "bla" {
            account.shared = "off";
        }
    }
    report.stun = report.stun.take_if(|_| firmware_is(of, ">= 5.9"));
    report.ntp.truncate(1);
    if let Some(time) = &mut report.time
        && !of.model.capabilities.iter().any(|capability| capability == "olson")
    {
        time.zone = None;
    }
    polycom_keys(of, &mut report.keys);
    let split = report.phonebook.is_empty();
    report.phonebook = of
        .contacts
        .iter()
        .filter(|_| !split)
        .flat_map(|contact| {
            let several = contact.numbers.len() > 1;
            contact.numbers.iter().map(move |number| {
                let kind = format!("{:?}", number.kind).to_lowercase();
                Entry {
                    name: polycom_name(contact, several.then_some(kind.as_str())),
                    group: None,
                    numbers: vec![Number { kind: None, number: number.number.clone() }],
                }
            })
        })
        .collect();
}

fn firmware_is(of: &Resolved, condition: &str) -> bool {
    let firmware = of.compiled.plan.firmware.as_ref();
    firmware.and_then(|version| version.meets(condition)) == Some(true)
}

/// Without flexible keys lines come first, then the watched ones, among them speed dials.
fn polycom_keys(of: &Resolved, keys: &mut Vec<Key>) {
    if of.model.class != "deskphone" {
        return keys.clear();
    }
    if !firmware_is(of, ">= 5.5") {
        for key in keys.iter_mut().filter(|key| key.kind == "speed_dial") {
            key.kind = "blf";
            key.pickup = code(of);
        }
    }
    if !firmware_is(of, ">= 4.1") {
        keys.retain(|key| key.area == Area::Line);
        keys.sort_by_key(|key| (key.kind != "line", key.position));
        for (key, position) in keys.iter_mut().zip(1..) {
            key.position = position;
        }
    }
    for key in keys.iter_mut() {
        if key.area == Area::Expansion {
            let before = (key.module.unwrap_or(1) - 1) * of.model.number("module_keys") as u32;
            key.position += u32::from(of.model.keys("line")) + before;
            (key.area, key.module) = (Area::Line, None);
        }
        match key.kind {
            "park_monitor" => key.kind = "blf",
            "blf" => {}
            _ => key.pickup = None,
        }
    }
}

fn code(of: &Resolved) -> Option<String> {
    crate::fleet::device_text(of.device, "feature.codes.pickup.direct")
}

fn full_name(contact: &Contact) -> String {
    if contact.first.is_empty() && contact.last.is_empty() {
        return contact.name.clone();
    }
    joined(&contact.first, &contact.last)
}

fn polycom_name(contact: &Contact, kind: Option<&str>) -> String {
    let last = match (contact.last.as_str(), contact.first.as_str()) {
        ("", "") => contact.name.as_str(),
        (last, _) => last,
    };
    let first = match kind {
        Some(kind) => joined(&contact.first, &format!("({kind})")),
        None => contact.first.clone(),
    };
    joined(&first, last)
}

fn joined(first: &str, last: &str) -> String {
    let parts = [first, last].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// One value for all accounts, numbered without gaps; no keys, no clock, no screen.
fn linphone(_: &Resolved, report: &mut Report) {
    let first = report.accounts.first().cloned().unwrap_or_default();
    for (account, number) in report.accounts.iter_mut().zip(1..) {
        account.number = number;
        account.label = None;
        account.shared = "off";
        account.dns_mode = None;
        account.backups.clear();
        account.srtp = first.srtp;
        account.dtmf.clone_from(&first.dtmf);
        account.codecs.clone_from(&first.codecs);
        let route = account.outbound_proxy.take();
        account.outbound_proxy = route.or_else(|| Some(account.server.clone()));
    }
    report.keys.clear();
    report.ntp.clear();
    report.time = None;
    report.admin_password = None;
    report.language = None;
}

/// No backup of a server and no port of one behind a proxy, one server of time, STUN with an account only.
/// A key event has no number, a soft key no label; a function is of the account that is active.
/// An entry of the directory is one number, and none is a fax.
fn snom(report: &mut Report) {
    const CODECS: &[&str] = &["g722", "pcma", "pcmu", "gsm", "g729", "g723", "g726-32", "amr", "amr-wb"];
    for account in &mut report.accounts {
        keep(account, CODECS, 0);
        account.dns_mode = None;
        if account.outbound_proxy.is_some() {
            account.server.port = None;
        }
        if account.shared == "bla" {
            account.shared = "off";
        }
    }
    if report.accounts.is_empty() {
        report.stun = None;
    }
    report.ntp.truncate(1);
    pickups(&mut report.keys, &["blf"]);
    for key in &mut report.keys {
        let is_of_a_line = matches!(key.kind, "line" | "blf" | "intercom" | "park_monitor" | "presence" | "shared_line" | "speed_dial");
        key.line = key.line.filter(|_| is_of_a_line && key.area != Area::Soft);
        key.label = key.label.take().filter(|_| key.area != Area::Soft);
        if matches!(key.kind, "directory" | "dnd" | "history" | "hold" | "ldap" | "menu" | "mute" | "redial" | "status" | "voicemail") {
            key.value = None;
        }
    }
    let book = std::mem::take(&mut report.phonebook);
    report.phonebook = book.into_iter().flat_map(without_fax).collect();
}

fn without_fax(entry: Entry) -> Vec<Entry> {
    let numbers = entry.numbers.iter().filter(|number| number.kind != Some("fax"));
    numbers.map(|number| Entry { numbers: vec![number.clone()], ..entry.clone() }).collect()
}

/// Transport and codecs are those of the phone, one backup of a server, two servers of time.
/// A line of the directory is one number, never twice the same, and between quotes there is no third one.
/// The payload numbers of other codecs are not public.
fn mitel(report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729"];
    let first = report.accounts.first().cloned().unwrap_or_default();
    for account in &mut report.accounts {
        account.transport = first.transport;
        account.codecs.clone_from(&first.codecs);
        keep(account, CODECS, 1);
    }
    pickups(&mut report.keys, &["blf", "blf_transfer_blind", "blf_list"]);
    let mut lines: Vec<Entry> = Vec::new();
    for entry in report.phonebook.iter().flat_map(of_one_number) {
        if !lines.contains(&entry) {
            lines.push(entry);
        }
    }
    report.phonebook = lines;
}

fn of_one_number(entry: &Entry) -> Vec<Entry> {
    let name = entry.name.replace('"', "'");
    let numbers = entry.numbers.iter();
    numbers.map(|number| Entry { name: name.clone(), group: None, numbers: vec![Number { kind: None, ..number.clone() }] }).collect()
}

/// No way of DNS, no shared line; a zone has its rules with it.
fn gigaset(of: &Resolved, report: &mut Report) {
    for account in &mut report.accounts {
        account.dns_mode = None;
        account.shared = "off";
    }
    if let Some(time) = &mut report.time {
        time.dst = Dst::Automatic;
    }
    if of.model.class == "dect" { gigaset_base(report) } else { maxwell(of, report) }
}

/// A base has no label of an account, no codecs, no STUN, one backup, and no language of its handsets.
/// An entry of the directory has one number at home and one that is mobile.
fn gigaset_base(report: &mut Report) {
    for account in &mut report.accounts {
        account.label = None;
        account.codecs.clear();
        account.backups.truncate(1);
        account.uses_stun = false;
    }
    report.keys.clear();
    report.stun = None;
    report.language = None;
    for entry in &mut report.phonebook {
        entry.group = None;
        let numbers = entry.numbers.iter().filter(|number| number.kind != Some("fax")).cloned();
        let (mobile, mut fixed): (Vec<_>, Vec<_>) = numbers.partition(|number| number.kind == Some("mobile"));
        let mobile = mobile.into_iter().next();
        fixed.truncate(if mobile.is_some() { 1 } else { 2 });
        entry.numbers = fixed.into_iter().chain(mobile).collect();
    }
}

/// Transport, encryption and codecs are those of the phone; no backup, one server of time, STUN with an
/// account only. The directory is LDAP's. A key has an account only where it is a line, a soft key no label;
/// what a code of the server does is known to the server.
fn maxwell(of: &Resolved, report: &mut Report) {
    let first = report.accounts.first().cloned().unwrap_or_default();
    for account in &mut report.accounts {
        account.transport = first.transport;
        account.srtp = first.srtp;
        account.codecs.clone_from(&first.codecs);
        keep(account, &["pcmu", "pcma", "g722", "g729"], 0);
    }
    if report.accounts.is_empty() {
        report.stun = None;
    }
    pickups(&mut report.keys, &["blf"]);
    for key in &mut report.keys {
        key.line = key.line.filter(|_| key.kind == "line");
        key.label = key.label.take().filter(|_| key.area != Area::Soft);
        if key.kind == "voicemail" {
            key.kind = "feature_code";
        }
    }
    report.ntp.truncate(1);
    report.phonebook.clear();
    // its address has a place for the phone's own
    report.provisioning = Some(format!("{}%MACD.xml", of.url));
}

/// A line has no label but that of its key, watching is on the first line. No file names a directory:
/// what there is of books is the user's own, LDAP, or an application that answers as it is asked.
/// What the values of encryption mean is not public, nor are languages but English.
fn panasonic(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] = &["g722", "pcma", "g726-32", "g729", "pcmu"];
    let labels: Vec<_> = report.accounts.iter().map(|account| (account.number, account.label.clone())).collect();
    for account in &mut report.accounts {
        keep(account, CODECS, 1);
        account.label = None;
        account.srtp = None;
    }
    pickups(&mut report.keys, &["blf"]);
    for key in &mut report.keys {
        if key.kind != "line" {
            key.line = None;
        } else if key.label.is_none() {
            key.label = labels.iter().find(|(number, _)| Some(*number) == key.line).and_then(|(_, label)| label.clone());
        }
    }
    report.ntp.truncate(1);
    report.phonebook.clear();
    let english = report.language.as_deref().is_some_and(|tag| tag.starts_with("en"));
    if !english || !of.model.name.starts_with("KX-UT") {
        report.language = None;
    }
}

fn cisco_spa(of: &Resolved, report: &mut Report) {
    // the phone's own order, in which what is not among the three preferred follows
    const SPA500: &[&str] = &["pcmu", "pcma", "g726-16", "g726-24", "g726-32", "g726-40", "g729", "g722"];
    const SPA525: &[&str] = &["pcmu", "pcma", "g726-32", "g729", "g722"];
    let spa525 = of.model.id.starts_with("cisco-spa/spa525");
    flat_profile(report);
    for account in &mut report.accounts {
        keep(account, if spa525 { SPA525 } else { SPA500 }, 1);
        // G.711 cannot be switched off
        let always: &[&str] = if spa525 { &[] } else { &["pcmu", "pcma"] };
        after_three(account, SPA500, always);
    }
    // the code is that of the phone, which came with one
    let code = code(of).unwrap_or_else(|| "**#".to_owned());
    pickups(&mut report.keys, &["blf"]);
    for key in report.keys.iter_mut().filter(|key| key.kind == "blf") {
        key.pickup = Some(code.clone());
    }
    // the server knows what these do: the phone dials
    for key in &mut report.keys {
        if matches!(key.kind, "voicemail" | "intercom" | "paging" | "park_retrieve") {
            key.kind = "speed_dial";
        }
    }
}

fn cisco_mpp(of: &Resolved, report: &mut Report) {
    // the phone's own order, in which what is not among the three preferred follows
    const CODECS: &[&str] = &["pcmu", "pcma", "g729", "g722", "amr-wb", "ilbc", "opus"];
    let newest = of.model.id == "cisco-mpp/9861";
    flat_profile(report);
    for account in &mut report.accounts {
        keep(account, CODECS, 1);
        // only the newest can be told to leave out G.711 µ-law
        after_three(account, CODECS, if newest { &[] } else { &["pcmu"] });
        // a list of servers is an SRV answer that the profile gives in the place of a name server
        if !account.backups.is_empty() {
            account.dns_mode = Some("srv");
        }
    }
    // the code is that of the phone, which came with one
    let code = code(of).unwrap_or_else(|| "#97".to_owned());
    for key in &mut report.keys {
        key.pickup = (key.kind == "blf").then(|| code.clone());
        match key.kind {
            // the server knows what these do: the phone dials
            "intercom" | "paging" | "park_retrieve" => key.kind = "speed_dial",
            // functions of the phone, for which it has its own words and which are of no line
            "dnd" | "forward" | "queue_login" => (key.label, key.line) = (None, Some(1)),
            _ => {}
        }
    }
    // no directory is written for it: its menu has other ones
    if newest {
        report.phonebook.clear();
    }
}

/// Three codecs are told in order, the others are on or off.
fn after_three(account: &mut Account, order: &'static [&'static str], always: &[&'static str]) {
    let told = std::mem::take(&mut account.codecs);
    account.codecs.extend(told.iter().take(3));
    let rest = order.iter().filter(|codec| told.contains(codec) || always.contains(codec));
    for codec in rest {
        crate::phone::words::push_once(&mut account.codecs, codec);
    }
}

/// What holds for Cisco's flat profiles: one mailbox for the phone, labels of keys and not of accounts.
fn flat_profile(report: &mut Report) {
    let first = report.accounts.first().cloned().unwrap_or_default();
    for account in &mut report.accounts {
        account.voicemail.clone_from(&first.voicemail);
        account.srtp = first.srtp;
        if account.shared == "bla" {
            account.shared = "off";
        }
        // NAPTR is not looked up
        account.dns_mode = account.dns_mode.map(|mode| if mode == "srv" { "srv" } else { "a" });
        let on_key = |key: &&Key| matches!(key.kind, "line" | "shared_line") && key.line == Some(account.number);
        let key = report.keys.iter().find(on_key);
        account.label = key.and_then(|key| key.label.clone().or(account.label.take()));
    }
    for key in report.keys.iter_mut().filter(|key| key.line.is_none()) {
        key.line = Some(1);
    }
    if let Some(time) = &mut report.time {
        time.zone = None;
    }
    report.ntp.truncate(2);
    // a name with each number
    let entries = std::mem::take(&mut report.phonebook);
    let split = entries.into_iter().flat_map(|entry| {
        let name = entry.name;
        entry.numbers.into_iter().map(move |number| Entry {
            name: name.clone(),
            group: None,
            numbers: vec![Number { kind: None, ..number }],
        })
    });
    report.phonebook = split.collect();
}

//! What the TOML wants of a device, in the words of the phones' reports.

use sipress::model::phonebook::Contact;
use sipress::settings::{Device, Element, Val};

use crate::fleet::{Resolved, device_slot, device_text, element_text, number, setting, text, word, words};
use crate::phone::report::{Account, Area, Day, Dst, Edge, Entry, HostPort, Key, Number, Report, Time, Weekday};

/// Everything, whether or not a phone of this vendor can be told.
pub fn wanted(of: &Resolved) -> Report {
    let device = of.device;
    let (accounts, keys, contacts) =
        if of.enabled { (accounts(device), keys(device), of.contacts.as_slice()) } else { (Vec::new(), Vec::new(), [].as_slice()) };
    Report {
        requests: Vec::new(),
        stun: device_text(device, "sip.stun.host").map(|host| HostPort { host, port: number(device_slot(device, "sip.stun.port")) }),
        accounts,
        keys,
        phonebook: contacts.iter().map(entry).collect(),
        ntp: ntp(device),
        time: time(device),
        admin_password: device_text(device, "admin.login.password"),
        provisioning: Some(of.url.clone()),
        language: device_text(device, "locale.language"),
    }
}

fn accounts(device: &Device) -> Vec<Account> {
    let lines = device.lines.iter();
    lines.map(|line| account(device, line)).collect()
}

pub fn account(device: &Device, line: &Element) -> Account {
    let said = |name| element_text(line, name);
    let own = |name| device.line_slot(line, setting(name));
    let one_of = |name| word(name, line.slot(setting(name)).value);
    Account {
        number: line.number.into(),
        label: said("line.label"),
        display_name: said("line.display_name"),
        user: said("line.user").unwrap_or_default(),
        auth_user: said("line.auth_user"),
        password: said("line.password"),
        ha1: None,
        domain: said("line.domain").unwrap_or_default(),
        server: server(line, "line.registrar").unwrap_or_default(),
        backups: backups(line),
        transport: one_of("line.transport").unwrap_or("udp"),
        dns_mode: one_of("line.dns_mode").map(|mode| match mode {
            "naptr" => "naptr+srv",
            other => other,
        }),
        outbound_proxy: server(line, "line.outbound_proxy"),
        registers: true,
        expires: number(line.slot(setting("line.expires"))),
        voicemail: said("line.voicemail"),
        shared: one_of("line.shared").unwrap_or("off"),
        srtp: one_of("line.srtp"),
        codecs: words("media.codecs", own("media.codecs")),
        dtmf: words("line.dtmf", line.slot(setting("line.dtmf"))),
        uses_stun: own("sip.stun.host").value.is_set(),
    }
}

fn server(line: &Element, name: &str) -> Option<HostPort> {
    Some(HostPort { host: element_text(line, &format!("{name}.host"))?, port: number(line.slot(setting(&format!("{name}.port")))) })
}

fn backups(line: &Element) -> Vec<HostPort> {
    let Val::Records(records) = line.slot(setting("line.registrar.backups")).value else {
        return Vec::new();
    };
    let part = |record: &&[(_, _)], name: &str| {
        let wanted = setting(&format!("line.registrar.backups[].{name}")).id;
        record.iter().find(|(id, _)| *id == wanted).map(|(_, slot)| *slot)
    };
    let records = records.iter().map(|record| HostPort {
        host: part(record, "host").and_then(|slot| text("line.registrar.backups[].host", slot)).unwrap_or_default(),
        port: part(record, "port").and_then(number),
    });
    records.collect()
}

/// Keys that nothing is on are left out, as in the reports.
fn keys(device: &Device) -> Vec<Key> {
    let keys = device.keys.iter().map(key).filter(|key| key.kind != "none");
    keys.collect()
}

pub fn key(key: &Element) -> Key {
    let area = match setting("key.area").values[usize::from(key.area)].as_str() {
        "memory" => Area::Memory,
        "programmable" => Area::Programmable,
        "softkey" => Area::Soft,
        "expansion" => Area::Expansion,
        _ => Area::Line,
    };
    Key {
        area,
        module: (area == Area::Expansion).then(|| key.module.into()),
        position: key.number.into(),
        kind: word("key.type", key.slot(setting("key.type")).value).unwrap_or("none"),
        value: element_text(key, "key.value"),
        label: element_text(key, "key.label"),
        line: number(key.slot(setting("key.line"))),
        pickup: element_text(key, "key.pickup"),
    }
}

fn entry(contact: &Contact) -> Entry {
    let numbers = contact.numbers.iter().map(|number| Number {
        kind: Some(match number.kind {
            sipress::model::phonebook::NumberKind::Work => "work",
            sipress::model::phonebook::NumberKind::Mobile => "mobile",
            sipress::model::phonebook::NumberKind::Home => "home",
            sipress::model::phonebook::NumberKind::Fax => "fax",
            sipress::model::phonebook::NumberKind::Other => "other",
        }),
        number: number.number.clone(),
    });
    Entry { name: contact.name.clone(), group: contact.group.clone(), numbers: numbers.collect() }
}

fn ntp(device: &Device) -> Vec<String> {
    match device_slot(device, "time.ntp").value {
        Val::List(items) => items.iter().filter_map(|item| item.str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn time(device: &Device) -> Option<Time> {
    let dst = match word("time.dst.kind", device_slot(device, "time.dst.kind").value)? {
        "none" => Dst::Off,
        kind => Dst::Rule {
            start: edge(device, "start", kind)?,
            end: edge(device, "end", kind)?,
            save: number(device_slot(device, "time.dst.save"))?,
        },
    };
    Some(Time { offset: number(device_slot(device, "time.offset"))?, zone: device_text(device, "time.zone"), dst })
}

fn edge(device: &Device, which: &str, kind: &str) -> Option<Edge> {
    let part = |name: &str| number::<u32>(device_slot(device, &format!("time.dst.{which}.{name}")));
    let day = match kind {
        "week" => Day::Week { week: part("week")?, weekday: Weekday::from_sunday_zero(part("weekday")?)? },
        _ => Day::Date(part("day")?),
    };
    let minutes = part("hour")? * 60 + part("minute")?;
    Some(Edge { month: part("month")?, day, at: minutes.cast_signed() * 60 })
}

//! What follows from what was said: fallbacks, passwords, URLs, time-zone facts, the device's own moment in the night.

use crate::known;
use std::collections::HashMap;
use std::sync::Arc;

use bumpalo::Bump;
use jiff::civil::Date;

use super::dial_rules::{dial_rules, dial_templates};
use super::fleet::{Fleet, Layout};
use crate::model::DeviceId;
use crate::secret::{CustomerKey, Purpose};
use crate::settings::{Derived, Device, Element, Part, Registry, Setting, Slot, Val};
use crate::vendor::{Plan, time};

/// What a customer's devices share, and where their files go.
pub struct Site<'u> {
    /// The customer, by folder.
    pub customer: &'u str,
    /// Root of the published site, without a slash at its end.
    pub base_url: &'u str,
    /// Layout.
    pub layout: Layout,
    /// Key of the customer.
    pub key: CustomerKey,
    /// The day of the build.
    pub as_of: Date,
}

/// Where a device's files go, and its book.
pub struct Placement<'u> {
    /// Folder below `site/`, empty for `site/` itself.
    pub folder: &'u str,
    /// URL of the book, if it gets one.
    pub book: Option<&'u str>,
    /// The title of the book.
    pub title: &'u str,
    /// Names of the device's files by id.
    pub main_file: &'u str,
}

/// Time-zone facts as slots, by zone.
pub type Zones<'u> = HashMap<&'u str, Arc<Vec<(u16, Val<'u>)>>>;

impl<'u> Site<'u> {
    /// Folder of a device below `site/`.
    pub fn device_folder(&self, id: DeviceId, generation: i64, arena: &'u Bump) -> &'u str {
        match self.layout {
            Layout::Token => arena.alloc_str(&self.key.token(&id.to_string(), generation)),
            Layout::Customer => self.customer,
            Layout::Flat => "",
        }
    }

    /// Folder of a book below `site/`.
    pub fn book_folder(&self, vendor: &str, book: &str) -> String {
        match self.layout {
            Layout::Token => self.key.token(&format!("phonebook:{vendor}:{book}"), 1),
            Layout::Customer => format!("{}/{vendor}/{book}", self.customer),
            Layout::Flat => format!("{}/{vendor}/{book}", self.customer.replace('/', "-")),
        }
    }
}

/// Fills in a device's slots.
pub struct Deriver<'d, 'u> {
    /// The fleet.
    pub fleet: &'d Fleet<'u>,
    /// The customer.
    pub site: &'d Site<'u>,
    /// The model's plan.
    pub plan: &'d Plan,
    /// The device's key.
    pub id: DeviceId,
    /// Owns what is computed.
    pub arena: &'u Bump,
    /// Facts of zones that were asked for.
    pub zones: &'d mut Zones<'u>,
}

impl<'u> Deriver<'_, 'u> {
    fn keep(&self, text: &str) -> Val<'u> {
        Val::Str(self.arena.alloc_str(text))
    }

    /// Completes a line: names, domain, port, password.
    pub fn line(&self, line: &mut Element<'u>) {
        fallback(line, known!("line.label"), &[known!("line.display_name"), known!("line.extension"), known!("line.user")]);
        fallback(line, known!("line.display_name"), &[known!("line.label")]);
        fallback(line, known!("line.user"), &[known!("line.extension")]);
        fallback(line, known!("line.auth_user"), &[known!("line.user")]);
        fallback(line, known!("line.domain"), &[known!("line.registrar.host")]);
        fallback(line, known!("line.registrar.host"), &[known!("line.domain")]);
        let get = |line: &Element<'u>, setting: &Setting| line.slot(setting).value;
        if !get(line, known!("line.registrar.port")).is_set() && get(line, known!("line.registrar.port")) != Val::Unset {
            let word = |setting: &'static Setting| match get(line, setting) {
                Val::Enum(index) => setting.values[index as usize].as_str(),
                _ => "",
            };
            let resolved = matches!(word(known!("line.dns_mode")), "srv" | "naptr") || word(known!("line.transport")) == "dns-naptr";
            if !resolved {
                put(
                    line,
                    known!("line.registrar.port"),
                    Val::Int(if word(known!("line.transport")) == "tls" { 5061 } else { 5060 }),
                    Derived::Usual,
                );
            }
        }
        route(line);
        self.password(line);
        if let (Some(user), Some(domain)) = (get(line, known!("line.user")).str(), get(line, known!("line.domain")).str()) {
            let uri = self.keep(&format!("{user}@{domain}"));
            put(line, known!("line.uri"), uri, Derived::Fallback);
        }
        if self.plan.reads(known!("line.ha1").id) {
            self.ha1(line);
        }
    }

    fn password(&self, line: &mut Element<'u>) {
        let get = |setting: &Setting| line.slot(setting).value;
        if get(known!("line.password")) != Val::Absent || get(known!("line.external")) == Val::Bool(true) {
            return;
        }
        let subject = match (get(known!("line.extension")).str(), get(known!("line.user")).str()) {
            (Some(extension), _) => format!("extension:{extension}"),
            (None, Some(user)) => format!("user:{user}"),
            (None, None) => return,
        };
        let generation = get(known!("line.password_generation")).int().unwrap_or(1);
        let password = self.site.key.password(Purpose::Sip, &subject, generation, &self.plan.pack.password("sip"));
        put(line, known!("line.password"), self.keep(&password), Derived::Key);
    }

    fn ha1(&self, line: &mut Element<'u>) {
        use md5::Digest;
        let get = |setting: &Setting| line.slot(setting).value.str();
        if let (Some(user), Some(realm), Some(password)) =
            (get(known!("line.auth_user")), get(known!("line.domain")), get(known!("line.password")))
        {
            let digest = md5::Md5::digest(format!("{user}:{realm}:{password}").as_bytes());
            put(line, known!("line.ha1"), self.keep(&data_encoding::HEXLOWER.encode(&digest)), Derived::Key);
        }
    }

    /// Completes the device-wide slots.
    pub fn device(&mut self, device: &mut Device<'u>, placement: &Placement<'u>) {
        self.urls(device, placement);
        self.passwords(device);
        self.time(device);
        self.schedule(device);
        self.dial_rules(device);
        let stun = device.slot(known!("sip.stun.host")).value.is_set()
            || device.lines.iter().any(|line| line.slots[known!("sip.stun.host").line_slot.unwrap_or(0) as usize].value.is_set());
        usual(device, known!("sip.stun.port"), Val::Int(3478), stun);
        let turn = device.slot(known!("sip.turn.host")).value.is_set();
        usual(device, known!("sip.turn.port"), Val::Int(3478), turn);
        let syslog = device.slot(known!("log.syslog.host")).value.is_set();
        usual(device, known!("log.syslog.port"), Val::Int(514), syslog);
        if let (Some(start), Some(end)) =
            (device.slot(known!("media.rtp_ports.start")).value.int(), device.slot(known!("media.rtp_ports.end")).value.int())
        {
            set(device, known!("media.rtp_ports.count"), Val::Int(end - start + 1), Derived::Fallback);
        }
        let clock = |name| seconds_of_day(device.slot(name).value.str()?);
        if let (Some(start), Some(end)) = (clock(known!("ui.powersave.start")), clock(known!("ui.powersave.end"))) {
            const DAY: i64 = 24 * 3600;
            let lasts = (end - start + DAY - 1) % DAY + 1;
            set(device, known!("ui.powersave.duration"), Val::Int(lasts), Derived::Fallback);
        }
    }

    fn urls(&self, device: &mut Device<'u>, placement: &Placement<'u>) {
        let base = device.slot(known!("prov.base_url")).value.str().unwrap_or(self.site.base_url).trim_end_matches('/');
        let folder = if placement.folder.is_empty() { String::new() } else { format!("{}/", placement.folder) };
        let derived = self.keep(&format!("{base}/{folder}"));
        default(device, known!("prov.url"), derived, Derived::Layout);
        if let Some(url) = device.slot(known!("prov.url")).value.str() {
            let main = self.keep(&format!("{}/{}", url.trim_end_matches('/'), placement.main_file));
            set(device, known!("file.main.url"), main, Derived::Layout);
        }
        set(device, known!("prov.scheme"), Part::Scheme.of(derived), Derived::Layout);
        set(device, known!("prov.path"), Part::Path.of(derived), Derived::Layout);
        set(device, known!("file.main.name"), Val::Str(placement.main_file), Derived::Model);
        set(device, known!("prov.filename"), Val::Str(placement.main_file), Derived::Model);
        if let Some(book) = placement.book {
            default(device, known!("phonebook.url"), Val::Str(book), Derived::Phonebook);
        }
        if device.slot(known!("phonebook.url")).value.is_set() {
            default(device, known!("phonebook.title"), Val::Str(placement.title), Derived::Phonebook);
        }
        self.folder_of(device, known!("phonebook.url"), known!("phonebook.base"), Derived::Phonebook);
        self.firmware(device);
        self.folder_of(device, known!("firmware.url"), known!("firmware.base"), Derived::Firmware);
        if let Some(file) = device.slot(known!("firmware.url")).value.str().and_then(|url| url.rsplit('/').next()) {
            set(device, known!("firmware.file"), self.keep(file), Derived::Firmware);
        }
    }

    fn dial_rules(&self, device: &mut Device<'u>) {
        let (plan, rules, templates) = (known!("dial.plan"), known!("dial.rules"), known!("dial.templates"));
        // A check tells of lines that differ.
        let Ok(told) = device.agreed(plan) else { return };
        let reads_rules = self.plan.reads(rules.id) || self.plan.reads(known!("dial.rules[].pattern").id);
        if let Some(slot) = reads_rules.then(|| dial_rules(told, self.arena)).flatten() {
            device.slots[rules.slot as usize] = slot;
        }
        if let Some(slot) = self.plan.reads(templates.id).then(|| dial_templates(told, self.arena)).flatten() {
            device.slots[templates.slot as usize] = slot;
        }
    }

    fn folder_of(&self, device: &mut Device<'u>, url: &Setting, base: &Setting, reason: Derived) {
        if let Some(url) = device.slot(url).value.str()
            && let Some(slash) = url.rfind('/').filter(|slash| *slash > 8)
        {
            set(device, base, Val::Str(&url[..=slash]), reason);
        }
    }

    fn firmware(&self, device: &mut Device<'u>) {
        let Some(version) = device.slot(known!("firmware.version")).value.str() else { return };
        if let Some(url) = self.fleet.firmware(&self.plan.model.id, version).and_then(|row| row.url) {
            default(device, known!("firmware.url"), Val::Str(url), Derived::Firmware);
        }
    }

    fn passwords(&self, device: &mut Device<'u>) {
        if self.plan.reads(known!("admin.login.password").id) {
            self.derive(device, known!("admin.login.password"), Purpose::Admin, "admin");
        }
        if device.slot(known!("prov.auth.username")).value.is_set() {
            self.derive(device, known!("prov.auth.password"), Purpose::Http, "http");
        }
    }

    fn derive(&self, device: &mut Device<'u>, setting: &Setting, purpose: Purpose, shape: &str) {
        if device.slot(setting).value == Val::Absent {
            let password = self.site.key.password(purpose, &self.id.to_string(), 1, &self.plan.pack.password(shape));
            set(device, setting, self.keep(&password), Derived::Key);
        }
    }

    fn time(&mut self, device: &mut Device<'u>) {
        let Some(zone) = device.slot(known!("time.zone")).value.str() else { return };
        let facts = match self.zones.get(zone) {
            Some(facts) => facts.clone(),
            None => {
                let facts = Arc::new(time::facts(zone, self.site.as_of).map(|facts| slots_of(&facts, self.arena)).unwrap_or_default());
                self.zones.insert(zone, facts.clone());
                facts
            }
        };
        for (slot, value) in facts.iter() {
            device.slots[*slot as usize] = Slot::derived(*value, Derived::TimeZone);
        }
    }

    fn schedule(&self, device: &mut Device<'u>) {
        let days = known!("prov.poll.window.days");
        if matches!(device.slot(days).value, Val::List(items) if items.len() == days.values.len()) {
            device.slots[days.slot as usize].value = Val::Absent;
        }
        let window = |setting: &Setting| match device.slot(setting).value {
            Val::Str(clock) => minutes(clock),
            _ => None,
        };
        let (start, end) = (window(known!("prov.poll.window.start")), window(known!("prov.poll.window.end")));
        if let (Some(start), Some(end)) = (start, end) {
            let length = (end + 1440 - start) % 1440;
            let moment = (start + self.site.key.spread(&self.id.to_string(), length.max(1))) % 1440;
            set(device, known!("prov.poll.spread"), self.keep(&format!("{:02}:{:02}", moment / 60, moment % 60)), Derived::Identifier);
        }
        let boot = device.slot(known!("prov.poll.at_boot")).value == Val::Bool(true);
        let repeat = device.slot(known!("prov.poll.interval")).value.is_set();
        let mode = match (boot, repeat, start.is_some()) {
            (true, _, true) => "boot-window",
            (false, _, true) => "window",
            (true, true, _) => "boot-repeat",
            (false, true, _) => "repeat",
            (true, false, _) => "boot",
            (false, false, _) => "off",
        };
        let place = known!("prov.poll.mode").values.iter().position(|value| value == mode).unwrap_or(0);
        set(device, known!("prov.poll.mode"), Val::Enum(place as u8), Derived::Fallback);
    }
}

/// Where requests go: the outbound proxy, else a registrar that is not the domain itself.
fn route(line: &mut Element<'_>) {
    let get = |setting: &Setting| line.slot(setting);
    let (proxy, registrar) = (get(known!("line.outbound_proxy.host")), get(known!("line.registrar.host")));
    let own = registrar.value.is_set() && registrar.value != get(known!("line.domain")).value;
    let (host, port) = match (proxy.value.is_set(), own) {
        (true, _) => (proxy, get(known!("line.outbound_proxy.port"))),
        (false, true) => (registrar, get(known!("line.registrar.port"))),
        (false, false) => return,
    };
    line.slots[known!("line.route.host").slot as usize] = host;
    line.slots[known!("line.route.port").slot as usize] = port;
}

fn minutes(clock: &str) -> Option<u32> {
    let (hour, minute) = clock.split_once(':')?;
    Some(hour.parse::<u32>().ok()? * 60 + minute.parse::<u32>().ok()?)
}

fn slots_of<'u>(facts: &time::Facts, arena: &'u Bump) -> Vec<(u16, Val<'u>)> {
    let kind = |name: &str| known!("time.dst.kind").values.iter().position(|value| value == name).unwrap_or(0) as u8;
    let mut slots = vec![
        (known!("time.offset").slot, Val::Int(i64::from(facts.offset))),
        (known!("time.posix").slot, Val::Str(arena.alloc_str(&facts.posix))),
    ];
    let Some(dst) = &facts.dst else {
        slots.push((known!("time.dst.kind").slot, Val::Enum(kind("none"))));
        return slots;
    };
    let word = if dst.kind == time::Kind::Week { "week" } else { "date" };
    slots.push((known!("time.dst.kind").slot, Val::Enum(kind(word))));
    slots.push((known!("time.dst.save").slot, Val::Int(i64::from(dst.save))));
    for (name, edge) in [("start", &dst.start), ("end", &dst.end)] {
        let parts = [
            ("month", edge.month),
            ("week", edge.week),
            ("weekday", edge.weekday),
            ("day", edge.day),
            ("day_or_last", edge.day_or_last),
            ("hour", edge.hour),
            ("minute", edge.minute),
        ];
        slots.extend(
            parts.map(|(part, number)| (Registry::get().known(&format!("time.dst.{name}.{part}")).slot, Val::Int(i64::from(number)))),
        );
    }
    slots
}

fn put<'u>(line: &mut Element<'u>, setting: &Setting, value: Val<'u>, reason: Derived) {
    line.slots[setting.slot as usize] = Slot::derived(value, reason);
}

fn fallback(line: &mut Element<'_>, setting: &Setting, others: &[&Setting]) {
    if line.slot(setting).value == Val::Absent
        && let Some(other) = others.iter().map(|other| line.slot(other).value).find(|value| value.is_set())
    {
        put(line, setting, other, Derived::Fallback);
    }
}

/// Sets a device-wide slot.
pub fn set<'u>(device: &mut Device<'u>, setting: &Setting, value: Val<'u>, reason: Derived) {
    device.slots[setting.slot as usize] = Slot::derived(value, reason);
}

fn default<'u>(device: &mut Device<'u>, setting: &Setting, value: Val<'u>, reason: Derived) {
    if device.slot(setting).value == Val::Absent {
        set(device, setting, value, reason);
    }
}

fn usual<'u>(device: &mut Device<'u>, setting: &Setting, value: Val<'u>, wanted: bool) {
    if wanted {
        default(device, setting, value, Derived::Usual);
    }
}

/// Seconds since midnight of a clock, `HH:MM`.
fn seconds_of_day(clock: &str) -> Option<i64> {
    let (hours, minutes) = clock.split_once(':')?;
    Some(hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60)
}

//! What a phone understood, in canonical words.

use serde::Serialize;

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// In the order asked: path and status.
    pub requests: Vec<(String, u16)>,
    pub accounts: Vec<Account>,
    pub stun: Option<HostPort>,
    /// Keys without a function are left out.
    pub keys: Vec<Key>,
    pub phonebook: Vec<Entry>,
    pub ntp: Vec<String>,
    pub time: Option<Time>,
    pub admin_password: Option<String>,
    pub provisioning: Option<String>,
    /// A BCP 47 tag.
    pub language: Option<String>,
}

impl Report {
    pub fn account(&self, number: u32) -> Option<&Account> {
        self.accounts.iter().find(|account| account.number == number)
    }

    pub fn key(&self, area: Area, position: u32) -> Option<&Key> {
        self.keys.iter().find(|key| key.area == area && key.module.is_none() && key.position == position)
    }

    pub fn module_key(&self, module: u32, position: u32) -> Option<&Key> {
        self.keys.iter().find(|key| key.module == Some(module) && key.position == position)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Account {
    /// From 1.
    pub number: u32,
    pub label: Option<String>,
    pub display_name: Option<String>,
    pub user: String,
    /// `None`: the user.
    pub auth_user: Option<String>,
    pub password: Option<String>,
    /// A digest that was served in the place of a password.
    pub ha1: Option<String>,
    pub domain: String,
    pub server: HostPort,
    pub backups: Vec<HostPort>,
    /// `udp`, `tcp`, `tls` or `dns-naptr`.
    pub transport: &'static str,
    /// `a`, `srv`, `naptr+srv` or `ip-list`, where a phone has it apart from the transport.
    pub dns_mode: Option<&'static str>,
    pub outbound_proxy: Option<HostPort>,
    pub registers: bool,
    /// Seconds.
    pub expires: Option<u32>,
    pub voicemail: Option<String>,
    /// `off`, `sca` or `bla`.
    pub shared: &'static str,
    /// `off`, `optional` or `required`; `None`: never told.
    pub srtp: Option<&'static str>,
    /// In order of preference. Empty: never told. A codec that the phone has switched on from the
    /// factory and that no file switched off is in the list, because it would be offered.
    pub codecs: Vec<&'static str>,
    /// `rfc4733`, `info`, `inband`, in this order. Empty: never told.
    pub dtmf: Vec<&'static str>,
    pub uses_stun: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HostPort {
    pub host: String,
    /// `None`: the phone's default.
    pub port: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    Line,
    Memory,
    Programmable,
    /// Below a screen, with a meaning that the screen shows.
    Soft,
    Expansion,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    pub area: Area,
    /// From 1, on expansion modules only.
    pub module: Option<u32>,
    /// From 1, within its module.
    pub position: u32,
    /// A canonical key type.
    pub kind: &'static str,
    pub value: Option<String>,
    pub label: Option<String>,
    /// The account, from 1.
    pub line: Option<u32>,
    /// The pickup code that the phone puts before the watched number.
    pub pickup: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub name: String,
    pub group: Option<String>,
    pub numbers: Vec<Number>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Number {
    /// `work`, `mobile`, `home`, `other`, where the phone's format has kinds.
    pub kind: Option<&'static str>,
    pub number: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Time {
    /// Seconds east of Greenwich, in winter.
    pub offset: i32,
    /// The zone's name, where the phone was given one.
    pub zone: Option<String>,
    pub dst: Dst,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Dst {
    Off,
    /// The phone decides by its own table of zones.
    Automatic,
    Rule {
        start: Edge,
        end: Edge,
        save: i32,
    },
}

/// A change of the clock, told in the wall clock that ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Edge {
    pub month: u32,
    pub day: Day,
    /// Seconds after midnight.
    pub at: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Day {
    /// Week 5 is the last one of the month.
    Week {
        week: u32,
        weekday: Weekday,
    },
    Date(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Weekday {
    Sunday,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
}

impl Weekday {
    const ALL: [Weekday; 7] =
        [Weekday::Sunday, Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday, Weekday::Saturday];

    /// Sunday is 0, Saturday is 6.
    pub fn from_sunday_zero(day: u32) -> Option<Weekday> {
        Weekday::ALL.get(day as usize).copied()
    }

    /// Monday is 1, Sunday is 7.
    pub fn from_monday_one(day: u32) -> Option<Weekday> {
        (1..=7).contains(&day).then(|| Weekday::ALL[day as usize % 7])
    }

    /// Sunday is 1, Saturday is 7.
    pub fn from_sunday_one(day: u32) -> Option<Weekday> {
        Weekday::from_sunday_zero(day.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::Weekday;

    #[test]
    fn each_base_has_its_own_sunday() {
        assert_eq!(Weekday::from_sunday_zero(0), Some(Weekday::Sunday));
        assert_eq!(Weekday::from_monday_one(7), Some(Weekday::Sunday));
        assert_eq!(Weekday::from_monday_one(1), Some(Weekday::Monday));
        assert_eq!(Weekday::from_sunday_one(1), Some(Weekday::Sunday));
        assert_eq!(Weekday::from_monday_one(0), None);
        assert_eq!(Weekday::from_sunday_one(0), None);
        assert_eq!(Weekday::from_sunday_one(8), None);
    }
}

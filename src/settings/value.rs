//! Values and where they come from.

use super::{Registry, SettingId};

/// A file of this run, an index into [`Files`](crate::load::Files).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// Why a value that nobody wrote is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Derived {
    /// Nothing is known of it.
    Unknown,
    /// From the fleet key.
    Key,
    /// From the path layout and the device's token.
    Layout,
    /// From the time-zone database.
    TimeZone,
    /// From the firmware catalogue.
    Firmware,
    /// From the customer's phone book.
    Phonebook,
    /// From the device's identifier.
    Identifier,
    /// From another setting of the same thing.
    Fallback,
    /// From the model.
    Model,
    /// The usual value.
    Usual,
}

impl Derived {
    const ALL: [Derived; 10] = [
        Derived::Unknown,
        Derived::Key,
        Derived::Layout,
        Derived::TimeZone,
        Derived::Firmware,
        Derived::Phonebook,
        Derived::Identifier,
        Derived::Fallback,
        Derived::Model,
        Derived::Usual,
    ];

    /// What `explain` prints in the place of a file.
    pub fn text(self) -> &'static str {
        match self {
            Derived::Unknown => "computed",
            Derived::Key => "derived from the fleet key",
            Derived::Layout => "derived from base_url and the layout",
            Derived::TimeZone => "derived from time.zone and the tz database",
            Derived::Firmware => "from the firmware catalogue",
            Derived::Phonebook => "derived from the customer's phone book",
            Derived::Identifier => "drawn from the device's identifier",
            Derived::Fallback => "follows from another setting",
            Derived::Model => "a fact of the model",
            Derived::Usual => "the usual value",
        }
    }
}

/// The place of a value: a file and a byte offset, or a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file; `FileId(u32::MAX)` marks a derived value.
    pub file: FileId,
    /// Byte offset of the value, or the reason.
    pub at: u32,
}

impl Origin {
    /// The origin of a derived value.
    pub const fn derived(reason: Derived) -> Origin {
        Origin { file: FileId(u32::MAX), at: reason as u32 }
    }

    /// The reason, for a derived value.
    pub fn reason(self) -> Option<Derived> {
        (self.file.0 == u32::MAX).then(|| Derived::ALL.get(self.at as usize).copied().unwrap_or(Derived::Unknown))
    }
}

/// The parts of one entry of a list of tables.
pub type Record<'u> = &'u [(SettingId, Slot<'u>)];

/// A value, borrowed from the text that it was read from. Equal where it says the same, wherever it was written.
#[derive(Clone, Copy, Debug)]
pub enum Val<'u> {
    /// Nobody said anything.
    Absent,
    /// Somebody said that the phone's own default shall hold.
    Unset,
    /// true or false.
    Bool(bool),
    /// A number.
    Int(i64),
    /// The index of one of the setting's values.
    Enum(u8),
    /// Text.
    Str(&'u str),
    /// An ordered list.
    List(&'u [Val<'u>]),
    /// A list of tables.
    Records(&'u [Record<'u>]),
    /// Free keys, sorted.
    Map(&'u [(&'u str, &'u str)]),
}

impl PartialEq for Val<'_> {
    fn eq(&self, other: &Self) -> bool {
        let alike = |own: &Record<'_>, other: &Record<'_>| own.iter().map(said).eq(other.iter().map(said));
        match (self, other) {
            (Val::Absent, Val::Absent) | (Val::Unset, Val::Unset) => true,
            (Val::Bool(own), Val::Bool(other)) => own == other,
            (Val::Int(own), Val::Int(other)) => own == other,
            (Val::Enum(own), Val::Enum(other)) => own == other,
            (Val::Str(own), Val::Str(other)) => own == other,
            (Val::List(own), Val::List(other)) => own == other,
            (Val::Records(own), Val::Records(other)) => {
                own.len() == other.len() && own.iter().zip(*other).all(|(own, other)| alike(own, other))
            }
            (Val::Map(own), Val::Map(other)) => own == other,
            _ => false,
        }
    }
}

fn said<'u>((id, slot): &(SettingId, Slot<'u>)) -> (SettingId, Val<'u>) {
    (*id, slot.value)
}

impl<'u> Val<'u> {
    /// Whether it holds a value.
    pub fn is_set(self) -> bool {
        !matches!(self, Val::Absent | Val::Unset)
    }

    /// The text, of a text.
    pub fn str(self) -> Option<&'u str> {
        match self {
            Val::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The number, of a number.
    pub fn int(self) -> Option<i64> {
        match self {
            Val::Int(number) => Some(number),
            _ => None,
        }
    }

    /// Appends the canonical spelling, as TOML would hold it without quotes.
    pub fn spell(self, setting: SettingId, out: &mut String) {
        use std::fmt::Write;
        match self {
            Val::Absent | Val::Unset => {}
            Val::Bool(true) => out.push_str("true"),
            Val::Bool(false) => out.push_str("false"),
            Val::Int(number) => _ = write!(out, "{number}"),
            Val::Enum(index) => out.push_str(&Registry::get().setting(setting).values[index as usize]),
            Val::Str(text) => out.push_str(text),
            Val::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        out.push('+');
                    }
                    item.spell(setting, out);
                }
            }
            Val::Records(_) | Val::Map(_) => {}
        }
    }
}

/// A value with its origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot<'u> {
    /// The value.
    pub value: Val<'u>,
    /// Where it comes from.
    pub origin: Origin,
}

impl<'u> Slot<'u> {
    /// Nothing, from nowhere.
    pub const EMPTY: Slot<'static> = Slot { value: Val::Absent, origin: Origin::derived(Derived::Unknown) };

    /// A derived value.
    pub fn derived(value: Val<'u>, reason: Derived) -> Slot<'u> {
        Slot { value, origin: Origin::derived(reason) }
    }
}

/// A named part of a composite value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All of it.
    Whole,
    /// Scheme of a URL.
    Scheme,
    /// Host of a URL.
    Host,
    /// Port of a URL.
    Port,
    /// Path and query of a URL, with the leading slash.
    Path,
    /// The last name in the path of a URL.
    File,
    /// Hour of a clock time.
    Hour,
    /// Minute of a clock time.
    Minute,
    /// The n-th entry of a list, from 1.
    Nth(u8),
    /// The entry of a map.
    Key(&'static str),
}

impl Part {
    /// The part of this name.
    pub fn find(name: &str) -> Option<Part> {
        Some(match name {
            "scheme" => Part::Scheme,
            "host" => Part::Host,
            "port" => Part::Port,
            "path" => Part::Path,
            "file" => Part::File,
            "hour" => Part::Hour,
            "minute" => Part::Minute,
            _ => Part::Nth(name.parse().ok().filter(|place| *place > 0)?),
        })
    }

    /// The part of a value; absent where the value has none.
    pub fn of(self, value: Val<'_>) -> Val<'_> {
        match (self, value) {
            (Part::Whole, value) => value,
            (Part::Key(key), Val::Map(entries)) => {
                entries.iter().find(|(name, _)| *name == key).map_or(Val::Absent, |(_, text)| Val::Str(text))
            }
            (Part::Nth(place), Val::List(items)) => items.get(place as usize - 1).copied().unwrap_or(Val::Absent),
            (Part::Hour, Val::Str(clock)) => number(clock.split(':').next()),
            (Part::Minute, Val::Str(clock)) => number(clock.split(':').nth(1)),
            (part, Val::Str(url)) => url_part(part, url),
            _ => Val::Absent,
        }
    }
}

fn number(text: Option<&str>) -> Val<'_> {
    text.and_then(|text| text.parse().ok()).map_or(Val::Absent, Val::Int)
}

fn url_part(part: Part, url: &str) -> Val<'_> {
    let Some((scheme, rest)) = url.split_once("://") else { return Val::Absent };
    let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let colon = authority.rfind(':').filter(|colon| !authority[*colon..].contains(']'));
    let (host, port) = colon.map_or((authority, None), |colon| (&authority[..colon], Some(&authority[colon + 1..])));
    match part {
        Part::Scheme => Val::Str(scheme),
        Part::Host => Val::Str(host),
        Part::Port => number(port),
        Part::Path if !path.is_empty() => Val::Str(path),
        Part::File => path
            .split(['?', '#'])
            .next()
            .and_then(|path| path.rsplit('/').next())
            .filter(|name| !name.is_empty())
            .map_or(Val::Absent, Val::Str),
        _ => Val::Absent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_small() {
        assert_eq!(size_of::<Slot>(), 32);
    }

    #[test]
    fn urls_and_clocks_have_parts() {
        let url = Val::Str("https://u@[2001:db8::1]:8443/a/b?c");
        assert_eq!(Part::Scheme.of(url), Val::Str("https"));
        assert_eq!(Part::Host.of(url), Val::Str("[2001:db8::1]"));
        assert_eq!((Part::File.of(url), Part::File.of(Val::Str("http://a/"))), (Val::Str("b"), Val::Absent));
        assert_eq!(Part::Port.of(url), Val::Int(8443));
        assert_eq!(Part::Path.of(url), Val::Str("/a/b?c"));
        assert_eq!(Part::Port.of(Val::Str("http://a")), Val::Absent);
        assert_eq!(Part::Hour.of(Val::Str("02:05")), Val::Int(2));
        assert_eq!(Part::Minute.of(Val::Str("02:05")), Val::Int(5));
    }
}

//! Spellings that turn round: each codec writes a canonical text as a vendor does, and reads it back.

use std::collections::HashMap;
use std::sync::Arc;

/// A table of canonical values and what the vendor calls them.
#[derive(Debug, Default)]
pub struct Map {
    entries: Vec<(String, String)>,
    write: HashMap<String, String>,
    read: HashMap<String, String>,
    other: Option<String>,
    unset: Option<String>,
    many_to_one: bool,
}

impl Map {
    /// Whether no value has a word.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.other.is_none()
    }

    /// A map of these pairs in their order; `*` stands for any other value, the empty text for an unset one.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut map = Map::default();
        for (canonical, vendor) in pairs {
            match canonical.as_str() {
                "*" => map.other = Some(vendor),
                "" => map.unset = Some(vendor),
                _ => {
                    map.read.entry(vendor.clone()).or_insert_with(|| canonical.clone());
                    map.write.insert(canonical.clone(), vendor.clone());
                    map.entries.push((canonical, vendor));
                }
            }
        }
        map
    }

    /// Declares that several values share a word, and that the first of them is as good when read back.
    pub fn allowing_many_to_one(mut self, allowed: bool) -> Self {
        self.many_to_one = allowed;
        self
    }

    /// Whether a word tells its value, or stands for several by declaration.
    pub fn tells(&self, vendor: &str) -> bool {
        !self.many_to_one || self.entries.iter().filter(|(_, word)| word == vendor).count() < 2
    }

    /// The vendor's word for a value.
    pub fn write(&self, canonical: &str) -> Option<&str> {
        self.write.get(canonical).or(self.other.as_ref()).map(String::as_str)
    }

    /// The value of a vendor's word, if it tells one.
    pub fn read(&self, vendor: &str) -> Option<&str> {
        self.read.get(vendor).map(String::as_str)
    }

    /// What an unset value is written as.
    pub fn unset(&self) -> Option<&str> {
        self.unset.as_deref()
    }

    /// Whether a word can come from this map without telling the value: that of `*` or of an unset one.
    pub fn is_constraint(&self, vendor: &str) -> bool {
        self.other.as_deref() == Some(vendor) || self.unset() == Some(vendor)
    }

    /// Its pairs, in their order.
    pub fn entries(&self) -> &[(String, String)] {
        &self.entries
    }

    /// What any other value is written as.
    pub fn other(&self) -> Option<&str> {
        self.other.as_deref()
    }
}

/// One codec.
#[derive(Clone, Debug)]
pub enum Codec {
    /// A number divided; refused when it does not divide.
    Divide(i64),
    /// A number multiplied.
    Times(i64),
    /// A number moved by this much.
    Plus(i64),
    /// An offset in minutes, west positive.
    WestMinutes,
    /// An offset in hours with a sign: +1, -3:30, 0.
    HoursSigned,
    /// An offset as +01:00.
    HourMinute,
    /// A number padded with zeros.
    Pad(usize),
    /// A weekday, Sunday 0, in a week that begins on Monday with this number.
    MondayFirst(i64),
    /// A bool in words.
    Bool(&'static str, &'static str),
    /// A bool turned round.
    Not,
    /// Letters in upper case.
    Upper,
    /// Letters in lower case.
    Lower,
    /// Two hex digits at a time.
    Hex(char),
    /// Percent-encoding of everything but these and letters and digits.
    Percent(&'static str),
    /// An IPv6 address in brackets.
    HostLiteral,
    /// Double quotes with backslash escapes.
    Quoted,
    /// Percent to 0 … N, rounded.
    Scale(i64),
    /// A path without the slash at its end.
    Folder,
    /// One of the four numbers of an IPv4 address, from 1; it tells a part, so it is not read back.
    Octet(usize),
    /// A number in hexadecimal: 5060 as 0x13c4.
    Hexadecimal,
    /// An IPv4 address as one hexadecimal number: 192.0.2.1 as 0xc0000201.
    HexAddress,
    /// A dial plan in a maker's dialect.
    DialPlan(super::dial_plan::DialPlan),
    /// A table.
    Map(Arc<Map>),
}

impl Codec {
    /// The codec of this name, or the map of this name.
    pub fn find(name: &str, map: impl Fn(&str) -> Option<Arc<Map>>) -> Option<Codec> {
        Some(match name {
            "min" => Codec::Divide(60),
            "hours" => Codec::Divide(3600),
            "days" => Codec::Divide(86400),
            "quarter" => Codec::Divide(900),
            "ms" => Codec::Times(1000),
            "tos" => Codec::Times(4),
            "west-min" => Codec::WestMinutes,
            "hours-signed" => Codec::HoursSigned,
            "hhmm" => Codec::HourMinute,
            "pad2" => Codec::Pad(2),
            "pad5" => Codec::Pad(5),
            "from0" => Codec::Plus(-1),
            "sun0" | "int" => Codec::Plus(0),
            "sun1" => Codec::Plus(1),
            "mon0" => Codec::MondayFirst(0),
            "mon1" => Codec::MondayFirst(1),
            "01" => Codec::Bool("1", "0"),
            "yesno" => Codec::Bool("Yes", "No"),
            "onoff" => Codec::Bool("on", "off"),
            "truefalse" => Codec::Bool("true", "false"),
            "enabled" => Codec::Bool("enabled", "disabled"),
            "not" => Codec::Not,
            "upper" => Codec::Upper,
            "lower" => Codec::Lower,
            "mac-colon" => Codec::Hex(':'),
            "mac-dash" => Codec::Hex('-'),
            "percent-encoded" => Codec::Percent("-._~"),
            "uri-user" => Codec::Percent("-_.!~*'()&=+$,;?/"),
            "host-literal" => Codec::HostLiteral,
            "quoted" => Codec::Quoted,
            "hex" => Codec::Hexadecimal,
            "hex-address" => Codec::HexAddress,
            "folder" => Codec::Folder,
            _ => match name.split_once(':') {
                Some(("scale", top)) => Codec::Scale(top.parse().ok().filter(|top| *top > 0)?),
                Some(("div", by)) => Codec::Divide(by.parse().ok().filter(|by| *by > 0)?),
                Some(("dialplan", dialect)) => Codec::DialPlan(super::dial_plan::DialPlan::find(dialect)?),
                Some(("octet", place)) => Codec::Octet(place.parse().ok().filter(|place| (1..=4).contains(place))?),
                _ => Codec::Map(map(name)?),
            },
        })
    }

    /// Canonical to vendor. The error says why this value has no spelling.
    pub fn write(&self, text: &str) -> Result<String, String> {
        match self {
            Codec::Divide(by) => {
                let number = integer(text)?;
                if number % by != 0 {
                    return Err(format!("{number} is not a multiple of {by}"));
                }
                Ok((number / by).to_string())
            }
            Codec::Times(by) => integer(text)?.checked_mul(*by).map(|number| number.to_string()).ok_or_else(|| "too large".to_owned()),
            Codec::Plus(by) => Ok((integer(text)? + by).to_string()),
            Codec::WestMinutes => Codec::Divide(60).write(&(-integer(text)?).to_string()),
            Codec::HoursSigned => hours_signed(integer(text)?),
            Codec::HourMinute => hour_minute(integer(text)?),
            Codec::Pad(width) => Ok(format!("{:0width$}", integer(text)?, width = *width)),
            Codec::MondayFirst(first) => Ok(((integer(text)? + 6) % 7 + first).to_string()),
            Codec::Bool(yes, no) => Ok(if boolean(text)? { yes } else { no }.to_string()),
            Codec::Not => Ok((!boolean(text)?).to_string()),
            Codec::Upper => Ok(text.to_ascii_uppercase()),
            Codec::Lower => Ok(text.to_ascii_lowercase()),
            Codec::Hex(separator) => Ok(pairs(text, *separator)),
            Codec::Percent(plain) => Ok(percent_encode(text, plain)),
            Codec::HostLiteral => Ok(if text.contains(':') { format!("[{text}]") } else { text.to_owned() }),
            Codec::Quoted => Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))),
            Codec::Scale(top) => Ok(((integer(text)? * top + 50) / 100).to_string()),
            Codec::Folder => text.strip_suffix('/').map(str::to_owned).ok_or_else(|| "the path does not end in a slash".to_owned()),
            Codec::Octet(place) => octet(text, *place),
            Codec::Hexadecimal => match integer(text)? {
                number @ 0.. => Ok(format!("{number:#x}")),
                _ => Err("a negative number has no such spelling".to_owned()),
            },
            Codec::HexAddress => Ok(format!("{:#010x}", u32::from(address(text)?))),
            Codec::DialPlan(dialect) => dialect.write(text),
            Codec::Map(map) => {
                map.write(text).map(str::to_owned).ok_or_else(|| format!("the phone has no word for `{}`", text.escape_debug()))
            }
        }
    }

    /// Vendor to canonical, where the text tells a value.
    pub fn read(&self, text: &str) -> Option<String> {
        let number = || text.parse::<i64>().ok();
        Some(match self {
            Codec::Divide(by) => (number()?.checked_mul(*by)?).to_string(),
            Codec::Times(by) => (number()? / by).to_string(),
            Codec::Plus(by) => (number()? - by).to_string(),
            Codec::WestMinutes => (-number()?.checked_mul(60)?).to_string(),
            Codec::HoursSigned => read_hours_signed(text)?.to_string(),
            Codec::HourMinute => read_hours_signed(text)?.to_string(),
            Codec::Pad(_) => number()?.to_string(),
            Codec::MondayFirst(first) => ((number()? - first + 1) % 7).to_string(),
            Codec::Bool(yes, no) => (text == *yes || if text == *no { false } else { return None }).to_string(),
            Codec::Not => (!boolean(text).ok()?).to_string(),
            Codec::Upper => text.to_ascii_lowercase(),
            Codec::Lower => text.to_owned(),
            Codec::Hex(separator) => text.replace(*separator, ""),
            Codec::Percent(_) => percent_decode(text)?,
            Codec::HostLiteral => text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text).to_owned(),
            Codec::Quoted => unquote(text)?,
            Codec::Scale(top) => ((number()? * 100 + top / 2) / top).to_string(),
            Codec::Folder => format!("{text}/"),
            Codec::Octet(_) => return None,
            Codec::Hexadecimal => i64::from_str_radix(text.strip_prefix("0x")?, 16).ok()?.to_string(),
            Codec::HexAddress => std::net::Ipv4Addr::from(u32::from_str_radix(text.strip_prefix("0x")?, 16).ok()?).to_string(),
            Codec::DialPlan(dialect) => dialect.read(text)?,
            Codec::Map(map) => map.read(text)?.to_owned(),
        })
    }

    /// Whether reading back gives a neighbour of what was written, by declaration.
    pub fn rounds(&self) -> bool {
        matches!(self, Codec::Scale(_) | Codec::Upper | Codec::Lower)
    }

    /// Whether a vendor's text constrains the value without telling it.
    pub fn is_constraint(&self, text: &str) -> bool {
        matches!(self, Codec::Map(map) if map.is_constraint(text))
    }
}

/// Applies codecs in order.
pub fn write_all(codecs: &[Codec], text: &str) -> Result<String, String> {
    codecs.iter().try_fold(text.to_owned(), |text, codec| codec.write(&text))
}

/// Applies codecs backwards.
pub fn read_all(codecs: &[Codec], text: &str) -> Option<String> {
    codecs.iter().rev().try_fold(text.to_owned(), |text, codec| codec.read(&text))
}

fn octet(text: &str, place: usize) -> Result<String, String> {
    Ok(address(text)?.octets()[place - 1].to_string())
}

fn address(text: &str) -> Result<std::net::Ipv4Addr, String> {
    text.parse().map_err(|_| "it is no IPv4 address".to_owned())
}

fn integer(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "it is not a number".to_owned())
}

fn boolean(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "it is not true or false".to_owned())
}

fn hours_signed(seconds: i64) -> Result<String, String> {
    if seconds % 60 != 0 {
        return Err("it is no whole minute".to_owned());
    }
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let sign = if seconds < 0 { "-" } else { "+" };
    Ok(match (hours, minutes) {
        (0, 0) => "0".to_owned(),
        (_, 0) => format!("{sign}{hours}"),
        _ => format!("{sign}{hours}:{minutes:02}"),
    })
}

fn hour_minute(seconds: i64) -> Result<String, String> {
    if seconds % 60 != 0 {
        return Err("it is no whole minute".to_owned());
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    Ok(format!("{sign}{:02}:{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60))
}

fn read_hours_signed(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    Some(sign * (hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60))
}

fn pairs(text: &str, separator: char) -> String {
    let mut spaced = String::new();
    for (place, digit) in text.chars().enumerate() {
        if place > 0 && place % 2 == 0 {
            spaced.push(separator);
        }
        spaced.push(digit);
    }
    spaced
}

fn percent_encode(text: &str, plain: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.as_bytes().contains(&byte) {
            encoded.push(byte as char);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

fn unquote(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut plain = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.push(characters.next()?),
            '"' => return None,
            _ => plain.push(character),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn turns_round(name: &str, canonical: &str, vendor: &str) {
        let codec = Codec::find(name, |_| None).unwrap();
        assert_eq!(codec.write(canonical).as_deref(), Ok(vendor), "{name} writes {canonical}");
        assert_eq!(codec.read(vendor).as_deref(), Some(canonical), "{name} reads {vendor}");
    }

    #[test]
    fn each_codec_turns_round() {
        let cases = [
            ("min", "3600", "60"),
            ("hours", "7200", "2"),
            ("ms", "20", "20000"),
            ("quarter", "19800", "22"),
            ("west-min", "-12600", "210"),
            ("hours-signed", "-12600", "-3:30"),
            ("hours-signed", "3600", "+1"),
            ("hours-signed", "0", "0"),
            ("hhmm", "-12600", "-03:30"),
            ("tos", "46", "184"),
            ("pad2", "5", "05"),
            ("from0", "1", "0"),
            ("sun1", "0", "1"),
            ("mon1", "0", "7"),
            ("mon1", "1", "1"),
            ("mon0", "0", "6"),
            ("yesno", "true", "Yes"),
            ("onoff", "false", "off"),
            ("not", "true", "false"),
            ("folder", "/a/b/", "/a/b"),
            ("dialplan:plus", "xx.T|*xx.T|[2-9]xxx", "x+|*x+|[2-9]xxx"),
            ("dialplan:dot,angle,+", "xx.T|*x.T|<00:+>xxx", "xx.|*x.|<00:+>xxx"),
            ("mac-colon", "805ec0123456", "80:5e:c0:12:34:56"),
            ("percent-encoded", "a b&é", "a%20b%26%C3%A9"),
            ("host-literal", "2001:db8::1", "[2001:db8::1]"),
            ("quoted", "a\"b\\c", "\"a\\\"b\\\\c\""),
        ];
        for (name, canonical, vendor) in cases {
            turns_round(name, canonical, vendor);
        }
    }

    #[test]
    fn what_does_not_divide_is_refused() {
        assert!(Codec::Divide(60).write("90").is_err());
    }

    #[test]
    fn the_first_of_equal_spellings_is_read_back() {
        let map = Map::new([("a", "1"), ("b", "1"), ("*", "2"), ("", "0")].map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!((map.write("b"), map.read("1")), (Some("1"), Some("a")));
        assert_eq!((map.write("z"), map.read("2"), map.unset()), (Some("2"), None, Some("0")));
    }

    proptest! {
        #[test]
        fn texts_turn_round(text in "\\PC{0,40}") {
            for name in ["quoted", "percent-encoded", "uri-user"] {
                let codec = Codec::find(name, |_| None).unwrap();
                prop_assert_eq!(codec.read(&codec.write(&text).unwrap()), Some(text.clone()));
            }
        }

        #[test]
        fn numbers_turn_round(number in -50000i64..50000) {
            for name in ["ms", "tos", "from0", "sun1"] {
                let codec = Codec::find(name, |_| None).unwrap();
                prop_assert_eq!(codec.read(&codec.write(&number.to_string()).unwrap()), Some(number.to_string()));
            }
        }
    }
}

//! What texts look like, in the regular expressions that ECMA-262 and Rust share.
//!
//! They may let through what the compiler refuses, such as an address of IPv6 with too many parts, but never refuse what it takes.

use crate::settings::Kind;

/// A text without control, bidirectional, invisible or private-use characters of the basic plane.
pub const TEXT: &str = r"^[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufffe\uffff]*$";
/// Twelve hexadecimal digits, by twos, fours or sixes.
pub const MAC: &str = "^(?:[0-9A-Fa-f]{2}([:. -]?)(?:[0-9A-Fa-f]{2}\\1){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}([:. -])[0-9A-Fa-f]{4}\\2[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6}[:. -][0-9A-Fa-f]{6})$";
/// Fifteen digits.
pub const IMEI: &str = "^(?:[ -]*[0-9]){15}[ -]*$";
/// 8-4-4-4-12 hexadecimal digits.
pub const UUID: &str = "^(?:urn:uuid:)?\\{?[0-9A-Fa-f]{8}(-?)[0-9A-Fa-f]{4}\\1[0-9A-Fa-f]{4}\\1[0-9A-Fa-f]{4}\\1[0-9A-Fa-f]{12}\\}?$";
/// A day of TOML.
pub const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
/// Money.
pub const AMOUNT: &str = "^[0-9]{1,12}(?:\\.[0-9]{1,12})?$";
/// Three capitals.
pub const CURRENCY: &str = "^[A-Z]{3}$";
/// A number as people write it, or a SIP address.
pub const NUMBER: &str = "^(?: *(?!\\+.*\\(0\\))[ .()/\u{a0}\u{202f}-]*\\+?[0-9*# .()/\u{a0}\u{202f}-]*| *(?:[sS][iI][pP]:)?[A-Za-z0-9_.!~*+#&=$-]+@[A-Za-z0-9.:\\[\\]-]+ *)$";

const COUNTRY: &str = "^[A-Z]{2}$";
const LANGUAGE: &str = "^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$";
const CLOCK: &str = "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$";
const DIAL: &str = "^[A-Za-z0-9+*#.,_@:~-]+$";
const USER: &str = "[A-Za-z0-9+*#._~-]";
const V4: &str = r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const V6: &str = "(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}";
const LABEL: &str = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
/// Visible ASCII that a URL holds as it is.
const URL: &str = r"[!#-;=?-\[\]_a-z~]";

/// The pattern of a kind of setting, where it has one of its own.
pub fn of(kind: Kind) -> Option<String> {
    let name = format!(r"{LABEL}(?:\.{LABEL})*\.?");
    Some(match kind {
        Kind::Host => format!(r"^(?:{name}|{V6}|\[(?:{V4}|{V6})\])$"),
        Kind::Ip => format!("^(?:{V4}|{V6})$"),
        Kind::Cidr => format!("^(?:{V4}/(?:3[0-2]|[12]?[0-9])|{V6}/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))$"),
        Kind::Url => {
            let user = r"(?:[!#-.0-;=?-\[\]_a-z~]*@)?";
            let path = format!(r"(?!(?:[^?#]*/)?\.\.?(?:[/?#]|$)){URL}*");
            format!("^(?:https?|tftp|ftps?)://{user}(?:{name}|\\[{V6}\\])(?::[0-9]{{1,5}})?(?:/{path})?$")
        }
        Kind::Asset => {
            let url = of(Kind::Url)?;
            let name = r"[^/\\:\u0000-\u001f]+";
            format!(r"(?:{url}|^(?!(?:.*/)?\.(?:/|$))(?!(?:.*/)?\.\.$){name}(?:/{name})*$)")
        }
        Kind::Language => LANGUAGE.to_owned(),
        Kind::Country => COUNTRY.to_owned(),
        Kind::Clock => CLOCK.to_owned(),
        Kind::Dial => DIAL.to_owned(),
        Kind::DigitMap => {
            let symbol = r"(?:[0-9*#+xA-D]|\[[0-9*#x-]+\])";
            let key = "[0-9*#+A-D]";
            let places = format!(r"(?:{symbol}\.?)*{symbol}(?:\.?T)?");
            let alternative = format!("(?:(?:<(?:{key}+:{key}*|:{key}+)>)?{places}|<{key}+:{key}*>T?)");
            format!(r"^{alternative}(?:\|{alternative})*$")
        }
        Kind::Extension => format!("^{USER}+$"),
        _ => return None,
    })
}

/// The pattern of an extension of at most this many characters.
pub fn extension(max: usize) -> String {
    format!("^{USER}{{1,{max}}}$")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::load::phonebook::{Format, read};
    use crate::model::{Imei, Mac, Uuid};
    use crate::settings::{accepts, text_is_hostile};

    fn matches(pattern: &str, text: &str) -> bool {
        jsonschema::is_valid(&json!({ "pattern": pattern }), &json!(text))
    }

    #[track_caller]
    fn agree(pattern: &str, accepts: impl Fn(&str) -> bool, texts: &[&str]) {
        let validator = jsonschema::validator_for(&json!({ "pattern": pattern })).expect("a pattern");
        for text in texts {
            assert_eq!(validator.is_valid(&json!(text)), accepts(text), "{text:?} and {pattern}");
        }
    }

    #[test]
    fn texts_are_hostile_alike() {
        let validator = jsonschema::validator_for(&json!({ "pattern": TEXT })).expect("a pattern");
        for character in (0..=0xffff_u32).filter_map(char::from_u32) {
            let text = character.to_string();
            assert_eq!(validator.is_valid(&json!(text)), text_is_hostile(&text).is_none(), "U+{:04X}", character as u32);
        }
        assert!(matches(TEXT, "Zoë & Söhne 株式会社 🎉") && !matches(TEXT, "a\nb"));
    }

    #[test]
    fn identifiers_look_alike() {
        let macs = [
            "80:5e:c0:12:34:56",
            "80-5E-C0-12-34-56",
            "805e.c012.3456",
            "805EC0123456",
            "80 5e c0 12 34 56",
            "805ec0-123456",
            "80:5e:c0:12:34",
            "80:5e-c0:12:34:56",
            "80:5e:c0:12:34:5g",
            "805ec01234567",
            "",
        ];
        agree(MAC, |text| Mac::parse(text).is_ok(), &macs);
        agree(
            IMEI,
            |text| Imei::parse(text).is_ok(),
            &["490154203237518", "49-015420-323751-8", "4901542032375180", "49015420323751x", ""],
        );
        let uuids = [
            "f47ac10b-58cc-4372-a567-0e02b2c3d479",
            "F47AC10B58CC4372A5670E02B2C3D479",
            "{f47ac10b-58cc-4372-a567-0e02b2c3d479}",
            "urn:uuid:f47ac10b-58cc-4372-a567-0e02b2c3d479",
            "f47ac10b-58cc",
            "f47ac10b-58cc4372-a567-0e02b2c3d479",
        ];
        agree(UUID, |text| Uuid::parse(text).is_ok(), &uuids);
    }

    #[test]
    fn values_look_alike() {
        let hosts = [
            "sip.acme.example",
            "sip.acme.example.",
            "a_b.c",
            "192.0.2.1",
            "2001:db8::1",
            "[2001:db8::1]",
            "::",
            "-a",
            "a-",
            "a..b",
            "a b",
            "",
            "sip:acme",
            "a/b",
            "ä.example",
        ];
        let ips =
            ["192.0.2.1", "255.255.255.0", "256.0.0.1", "192.0.2", "01.2.3.4", "2001:db8::1", "::ffff:192.0.2.1", "fe80", "a.example", ""];
        let networks = ["192.0.2.0/24", "192.0.2.0/33", "192.0.2.0", "2001:db8::/32", "2001:db8::/129", "0.0.0.0/0"];
        let languages = ["en", "pt-BR", "zh-Hant-TW", "English", "e", "en_GB", "EN"];
        let clocks = ["00:00", "23:59", "24:00", "2:00", "02:60"];
        let dials = ["+442071230101", "*97", "**", "ann@acme.example:5060", "12 34", "1;ext=2", ""];
        let maps = [
            "112|0xx.T",
            "[x*#].T",
            "+44x|1T",
            "(112)",
            "x.",
            "1||2",
            "",
            "12T3",
            "0[1-9",
            "T",
            ".1",
            "a",
            "<00:+>xx.T",
            "1|<:9>xT|<9:>x",
            "<999:112>|<0:1>T",
            "<:>x",
            "<:9>",
            "<x:1>x",
            "<0>x",
            "<0:1",
            "0<0:1>x",
            "<0:1>.T",
        ];
        let users = ["101", "ann.lee", "+4420", "a b", "a@b", ""];
        for (kind, texts) in [
            (Kind::Host, &hosts[..]),
            (Kind::Ip, &ips),
            (Kind::Cidr, &networks),
            (Kind::Language, &languages),
            (Kind::Clock, &clocks),
            (Kind::Dial, &dials),
            (Kind::DigitMap, &maps),
            (Kind::Extension, &users),
            (Kind::Country, &["GB", "gb", "GBR", "G1"]),
        ] {
            agree(&of(kind).expect("a pattern"), |text| accepts(kind, text), texts);
        }
    }

    #[test]
    fn urls_are_absolute_and_lead_nowhere_else() {
        let url = of(Kind::Url).expect("a pattern");
        for good in [
            "https://a.example",
            "http://192.0.2.1:8080/",
            "https://a.example:8443/x/y.cfg?z=1#t",
            "tftp://[2001:db8::1]/f",
            "https://ann:secret@a.example/",
            "https://a.example/.hidden/..x",
        ] {
            assert!(matches(&url, good), "{good}");
        }
        for bad in [
            "a.example",
            "javascript://x",
            "https://",
            "https://a example/",
            "https://a/../b",
            "https://a/./b",
            "https://a/b/..",
            "https://a/\"",
            "https://a:b/",
            "/x",
            "",
        ] {
            assert!(!matches(&url, bad), "{bad}");
        }
    }

    #[test]
    fn numbers_of_contacts_look_alike() {
        let accepts = |text: &str| {
            let mut found = Vec::new();
            let book = format!("contact = [{{ name = \"x\", extension = \"1\", number = '{text}' }}]");
            read(Format::Toml, &"phonebook.toml".into(), &book, &mut found);
            found.is_empty()
        };
        let numbers = [
            "+44 20 7123-0101",
            "(030) 123/456.7",
            "*21*0170#",
            "sip:ann@acme.example",
            "101@[2001:db8::1]:5060",
            "0800 FLOWERS",
            "44+20",
            "+44 (0)20 7123",
            "ann@",
            "@acme.example",
            "a b@acme.example",
            "101,102",
        ];
        agree(NUMBER, accepts, &numbers);
    }
}

//! What a device is keyed by: MAC, IMEI or UUID, in any usual spelling, in one canonical one.

use std::fmt;

/// A hardware address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac([u8; 6]);

impl Mac {
    /// Reads `80:5e:c0:12:34:56`, `80-5E-C0-12-34-56`, `805e.c012.3456` or `805EC0123456`. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Mac, String> {
        let separators: Vec<char> = text.chars().filter(|character| !character.is_ascii_alphanumeric()).collect();
        let even = separators.windows(2).all(|pair| pair[0] == pair[1])
            && separators.iter().all(|character| matches!(character, ':' | '-' | '.' | ' '));
        let digits: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
        if let Some(bad) = digits.iter().find(|digit| !digit.is_ascii_hexdigit()) {
            return Err(format!("`{bad}` is not a hexadecimal digit"));
        }
        if !even {
            return Err("its separators are mixed".to_owned());
        }
        if digits.len() != 12 {
            return Err(format!("it has {} hexadecimal digits where 12 belong", digits.len()));
        }
        let mut bytes = [0; 6];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = (nibble(digits[2 * place]) << 4) | nibble(digits[2 * place + 1]);
        }
        Ok(Mac(bytes))
    }

    /// Why no single device can have this address.
    pub fn reserved(self) -> Option<&'static str> {
        match self.0 {
            [0, 0, 0, 0, 0, 0] => Some("all zero: it is nobody's address"),
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => Some("the broadcast address"),
            [0x00, 0x00, 0x5e, 0x00, 0x53, _] => Some("a MAC that is kept for documentation (RFC 7042)"),
            [first, ..] if first & 1 == 1 => Some("a multicast address"),
            _ => None,
        }
    }

    /// The first three bytes in lower hex.
    pub fn oui(self) -> String {
        self.to_string()[..6].to_owned()
    }
}

fn nibble(digit: char) -> u8 {
    digit.to_digit(16).unwrap_or(0) as u8
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The identifier of a cellular client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Imei([u8; 15]);

impl Imei {
    /// Reads 15 digits, the last the check digit, with or without spaces and dashes. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Imei, String> {
        let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-')).collect();
        if digits.iter().any(|digit| !digit.is_ascii_digit()) {
            return Err("it holds something else than digits".to_owned());
        }
        let Ok(imei) = <[u8; 15]>::try_from(digits.as_slice()) else {
            return Err(format!("it has {} digits where 15 belong", digits.len()));
        };
        let right = check_digit(&imei[..14]);
        if imei[14] != right {
            return Err(format!("its check digit is {}, and the digits before it ask for {}", imei[14] as char, right as char));
        }
        Ok(Imei(imei))
    }
}

/// The check digit after Luhn, ISO/IEC 7812-1.
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

impl fmt::Display for Imei {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{}", *digit as char))
    }
}

/// The identifier of a soft client, RFC 4122.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid([u8; 16]);

impl Uuid {
    /// Reads 8-4-4-4-12 hexadecimal digits, also without dashes, in braces or as a urn. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Uuid, String> {
        let inner = text.trim_start_matches("urn:uuid:").trim_start_matches('{').trim_end_matches('}');
        let groups: Vec<usize> = inner.split('-').map(str::len).collect();
        if groups != [8, 4, 4, 4, 12] && groups != [32] {
            return Err("it is not of the form 8-4-4-4-12".to_owned());
        }
        let digits: Vec<char> = inner.chars().filter(|character| *character != '-').collect();
        if let Some(bad) = digits.iter().find(|digit| !digit.is_ascii_hexdigit()) {
            return Err(format!("`{}` is not a hexadecimal digit", bad.escape_debug()));
        }
        let mut bytes = [0; 16];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = (nibble(digits[2 * place]) << 4) | nibble(digits[2 * place + 1]);
        }
        if bytes == [0; 16] {
            return Err("the nil UUID is nobody's".to_owned());
        }
        Ok(Uuid(bytes))
    }

    /// The hardware address inside a version 1 UUID.
    pub fn node(self) -> Option<Mac> {
        (self.0[6] >> 4 == 1).then(|| Mac([self.0[10], self.0[11], self.0[12], self.0[13], self.0[14], self.0[15]]))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// The key of a device: exactly one of the three.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceId {
    /// A hardware address.
    Mac(Mac),
    /// A cellular client.
    Imei(Imei),
    /// A soft client.
    Uuid(Uuid),
}

impl DeviceId {
    /// Reads whichever of the three a text spells, as people type it on a command line.
    pub fn parse(text: &str) -> Option<DeviceId> {
        let mac = Mac::parse(text).map(DeviceId::Mac);
        mac.or_else(|_| Imei::parse(text).map(DeviceId::Imei)).or_else(|_| Uuid::parse(text).map(DeviceId::Uuid)).ok()
    }

    /// The TOML key of this kind.
    pub fn kind(self) -> &'static str {
        match self {
            DeviceId::Mac(_) => "mac",
            DeviceId::Imei(_) => "imei",
            DeviceId::Uuid(_) => "uuid",
        }
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeviceId::Mac(mac) => mac.fmt(f),
            DeviceId::Imei(imei) => imei.fmt(f),
            DeviceId::Uuid(uuid) => uuid.fmt(f),
        }
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_spelling_is_one_address() {
        for spelling in ["80:5e:c0:12:34:56", "80-5E-C0-12-34-56", "805e.c012.3456", "805EC0123456", "80 5e c0 12 34 56"] {
            assert_eq!(Mac::parse(spelling).map(|mac| mac.to_string()), Ok("805ec0123456".to_owned()), "{spelling}");
        }
        for bad in ["80:5e:c0:12:34", "80:5e:c0:12:34:5g", "80:5e-c0:12:34:56", "", "805ec01234567", "８０5ec0123456"] {
            assert!(Mac::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn reserved_addresses_are_known() {
        assert!(Mac::parse("000000000000").unwrap().reserved().is_some());
        assert!(Mac::parse("010000000001").unwrap().reserved().is_some());
        assert!(Mac::parse("805ec0123456").unwrap().reserved().is_none());
    }

    #[test]
    fn an_imei_carries_its_check_digit() {
        assert_eq!(Imei::parse("49-015420-323751-8").map(|imei| imei.to_string()), Ok("490154203237518".to_owned()));
        assert!(Imei::parse("490154203237517").unwrap_err().contains("check digit"));
    }

    #[test]
    fn a_uuid_is_lower_case_with_dashes() {
        let text = "F47AC10B58CC4372A5670E02B2C3D479";
        assert_eq!(Uuid::parse(text).map(|uuid| uuid.to_string()), Ok("f47ac10b-58cc-4372-a567-0e02b2c3d479".to_owned()));
        assert!(Uuid::parse("f47ac10b-58cc").is_err());
    }
}

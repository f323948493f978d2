//! Secrets that are derived, never stored: tokens and passwords out of one fleet key.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::vendor::PasswordShape;

const SALT: &[u8] = b"sipress/v1";

/// The fleet's key. It is neither printed nor copied.
pub struct FleetKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for FleetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FleetKey(…)")
    }
}

impl FleetKey {
    /// Reads 64 hexadecimal digits, white space around them ignored.
    pub fn parse(text: &str) -> Option<FleetKey> {
        // The all-zero key is that of placeholders.
        let bytes = Zeroizing::new(data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok()?);
        Some(FleetKey(Zeroizing::new(bytes.as_slice().try_into().ok()?))).filter(|key: &FleetKey| key.0.iter().any(|byte| *byte != 0))
    }

    /// Another hold on the same key.
    pub fn copy(&self) -> FleetKey {
        FleetKey(self.0.clone())
    }

    /// The key of a run that shows nobody its files: every value has the right shape and none is real.
    pub fn placeholder() -> FleetKey {
        FleetKey(Zeroizing::new([0; 32]))
    }

    /// The key of a customer, `acme` or `northwind/bakery`.
    pub fn customer(&self, tenant: &str) -> CustomerKey {
        let mut key = Zeroizing::new([0; 32]);
        expand(&*self.0, &[b"sipress", b"v1", b"tenant", tenant.as_bytes()], &mut *key);
        CustomerKey { key, tenant: tenant.to_owned() }
    }

    /// A digest that tells keys apart without telling the key.
    pub fn fingerprint(&self) -> [u8; 8] {
        let mut print = [0; 8];
        expand(&*self.0, &[b"sipress", b"v1", b"fp", b"fleet"], &mut print);
        print
    }
}

/// What a password is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Of a SIP account.
    Sip,
    /// For fetching over HTTP.
    Http,
    /// Of the phone's administrator.
    Admin,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Sip => "sip-password",
            Purpose::Http => "http-password",
            Purpose::Admin => "admin-password",
        }
    }
}

/// The key of one customer.
pub struct CustomerKey {
    key: Zeroizing<[u8; 32]>,
    tenant: String,
}

impl CustomerKey {
    /// The path token of a device or book: 26 characters of lower-case base32, 128 bits.
    pub fn token(&self, subject: &str, generation: i64) -> String {
        let mut bytes = [0; 16];
        self.expand("path-token", subject, generation, &mut bytes);
        let mut token = data_encoding::BASE32_NOPAD.encode(&bytes);
        token.make_ascii_lowercase();
        token
    }

    /// A password of this shape. Bytes that would favour some characters are left out.
    pub fn password(&self, purpose: Purpose, subject: &str, generation: i64, shape: &PasswordShape) -> String {
        let alphabet = shape.alphabet.as_bytes();
        let limit = 256 - 256 % alphabet.len();
        let mut stream = Zeroizing::new(vec![0; 4 * shape.length + 64]);
        self.expand(purpose.name(), subject, generation, &mut stream);
        let fair = stream.iter().filter(|byte| usize::from(**byte) < limit);
        fair.take(shape.length).map(|byte| alphabet[usize::from(*byte) % alphabet.len()] as char).collect()
    }

    /// A number that is the same for the same device in every build, below `limit`.
    pub fn spread(&self, subject: &str, limit: u32) -> u32 {
        let mut bytes = [0; 8];
        self.expand("fp", &format!("spread:{subject}"), 1, &mut bytes);
        (u64::from_be_bytes(bytes) % u64::from(limit.max(1))) as u32
    }

    fn expand(&self, purpose: &str, subject: &str, generation: i64, out: &mut [u8]) {
        let generation = generation.to_string();
        expand(
            &*self.key,
            &[b"sipress", b"v1", purpose.as_bytes(), self.tenant.as_bytes(), subject.as_bytes(), generation.as_bytes()],
            out,
        );
    }
}

/// HKDF-SHA256; each field of the info is preceded by its length in two bytes, so that no two lists of fields are alike.
fn expand(key: &[u8], fields: &[&[u8]], out: &mut [u8]) {
    let mut info = Vec::with_capacity(96);
    for field in fields {
        info.extend_from_slice(&(field.len() as u16).to_be_bytes());
        info.extend_from_slice(field);
    }
    // Only more than 8,160 bytes could be refused, and no caller asks for 400.
    let _ = Hkdf::<Sha256>::new(Some(SALT), key).expand(&info, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acme() -> CustomerKey {
        let key: [u8; 32] = std::array::from_fn(|place| place as u8);
        CustomerKey { key: Zeroizing::new(key), tenant: "acme".to_owned() }
    }

    #[test]
    fn the_published_vectors_hold() {
        assert_eq!(acme().token("001565aabbcc", 1), "7o74x5epfbdwki2wjdxjmff5vm");
        assert_eq!(acme().password(Purpose::Sip, "extension:101", 1, &PasswordShape::default()), "sUHuLMJGU5FwfJLDbsQQyYDY");
        let digits = PasswordShape { alphabet: "0123456789".to_owned(), length: 8 };
        assert_eq!(acme().password(Purpose::Admin, "001565aabbcc", 1, &digits), "81994203");
    }

    #[test]
    fn keys_do_not_print() {
        assert_eq!(format!("{:?}", FleetKey::placeholder()), "FleetKey(…)");
        assert!(FleetKey::parse("00").is_none());
        assert!(FleetKey::parse(&"0".repeat(64)).is_none(), "the key of placeholders");
        assert!(FleetKey::parse(&"1".repeat(64)).is_some());
    }
}

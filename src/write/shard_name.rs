//! Which file holds a customer's shard. Customers are named after folders, and folders may have any name.

use super::path::check_segment;

/// What the names of our own files end with; a customer's folder that ends so could be mistaken for one.
const ENDINGS: [&str; 2] = [".json", ".files"];

/// The longest file name that every disk takes, less our extension.
const LONGEST_SEGMENT: usize = 200;

/// The shard's path from the output folder: `northwind/bakery` has `manifest/northwind/bakery.json`.
/// The error says why a customer of this name cannot have one.
pub fn shard_path(customer: &str) -> Result<String, String> {
    Ok(format!("manifest/{}.json", encode(customer)?))
}

/// The path, from the output folder, of what is remembered of the customer's files.
pub(super) fn memory_path(customer: &str) -> Result<String, String> {
    Ok(format!(".cache/units/{}.files", encode(customer)?))
}

/// The customer whose shard has this path from the output folder.
pub(super) fn customer_of(shard: &str) -> Option<String> {
    let customer = decode(shard.strip_prefix("manifest/")?.strip_suffix(".json")?)?;
    (shard_path(&customer).as_deref() == Ok(shard)).then_some(customer)
}

/// A relative path that is this customer's alone, safe on every disk. Usual names stay as they are.
fn encode(customer: &str) -> Result<String, String> {
    let segments: Result<Vec<String>, String> = customer.split('/').map(encode_segment).collect();
    Ok(segments?.join("/"))
}

fn encode_segment(segment: &str) -> Result<String, String> {
    if segment.is_empty() {
        return Err("the customer's name has an empty part".to_owned());
    }
    let plain = check_segment(segment).is_ok() && !ENDINGS.iter().any(|ending| segment.ends_with(ending));
    let last = segment.len() - 1;
    let mut encoded = String::with_capacity(segment.len());
    for (place, byte) in segment.bytes().enumerate() {
        let edge = place == 0 || place == last;
        match byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            true if plain || !edge => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    match encoded.len() > LONGEST_SEGMENT {
        true => Err(format!("the customer's name is too long for a file: {segment:?}")),
        false => Ok(encoded),
    }
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usual_names_stay_as_they_are() {
        assert_eq!(shard_path("acme").unwrap(), "manifest/acme.json");
        assert_eq!(shard_path("northwind/bakery").unwrap(), "manifest/northwind/bakery.json");
    }

    #[test]
    fn odd_names_cannot_leave_the_folder_or_meet_another() {
        assert_eq!(shard_path("..").unwrap(), "manifest/%2E%2E.json");
        assert_eq!(shard_path("con").unwrap(), "manifest/%63o%6E.json");
        assert_eq!(shard_path("x.json/y").unwrap(), "manifest/%78.jso%6E/y.json");
        assert_eq!(shard_path("Müller & Co").unwrap(), "manifest/%4D%C3%BCller%20%26%20C%6F.json");
        assert!(shard_path("").is_err() && shard_path("a//b").is_err() && shard_path(&"x".repeat(300)).is_err());
    }

    proptest! {
        #[test]
        fn every_shard_names_its_customer(customer in "[^/]{1,20}(/[a-z.%ü]{1,9})?") {
            let shard = shard_path(&customer).unwrap();
            prop_assert_eq!(customer_of(&shard), Some(customer));
            prop_assert!(shard.bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }
}

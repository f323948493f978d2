//! The two forms of a configuration: XML, and the old binary one.

use roxmltree::Node;

use super::super::net::percent_decoded;
use super::super::xml::{document, elements, name, text, unknown};
use super::super::{Device, Dialect, Outcome};

/// P-codes (`P47`) and items (`account.1.name`) with their values. A part of an item is `item/part`.
pub type Settings = Vec<(String, String)>;

pub fn xml(file: &str, bytes: &[u8], device: &Device) -> Outcome<Settings> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "gs_provision" || root.attribute("version") != Some("1") {
        return Err(format!("{file}: the root is not <gs_provision version=\"1\">"));
    }
    let mut settings = Settings::new();
    let mut configs = 0;
    for part in elements(file, root)? {
        match name(part) {
            "mac" => own(file, &text(file, part)?, &device.id)?,
            "config" => {
                configs += 1;
                settings.extend(config(file, part, device)?);
            }
            _ => return Err(unknown(file, part)),
        }
    }
    if configs != 1 {
        return Err(format!("{file}: {configs} <config> instead of one"));
    }
    once(file, &settings)?;
    Ok(settings)
}

fn own(file: &str, told: &str, mac: &str) -> Outcome<()> {
    if told.eq_ignore_ascii_case(mac) { Ok(()) } else { Err(format!("{file}: for {told}, but this phone is {mac}")) }
}

fn config(file: &str, node: Node, device: &Device) -> Outcome<Settings> {
    match (node.attribute("version"), device.facts.dialect) {
        (Some("1"), _) => elements(file, node)?.into_iter().map(|code| p_code(file, code)).collect(),
        (Some("2"), Dialect::Items) => {
            let mut settings = Settings::new();
            for node in elements(file, node)? {
                settings.extend(item(file, node)?);
            }
            Ok(settings)
        }
        (Some("2"), _) => Err(format!("{file}: {} knows no items", device.model)),
        (version, _) => Err(format!("{file}: <config version={version:?}>")),
    }
}

fn p_code(file: &str, node: Node) -> Outcome<(String, String)> {
    let digits = name(node).strip_prefix('P').filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    match digits {
        Some(_) => Ok((name(node).to_owned(), text(file, node)?)),
        None => Err(unknown(file, node)),
    }
}

fn item(file: &str, node: Node) -> Outcome<Settings> {
    let item = node.attribute("name").filter(|_| name(node) == "item").ok_or_else(|| unknown(file, node))?;
    if node.first_element_child().is_none() {
        return Ok(vec![(item.to_owned(), text(file, node)?)]);
    }
    let mut parts = Settings::new();
    for part in elements(file, node)? {
        let index = part.attribute("name").filter(|_| name(part) == "part").ok_or_else(|| unknown(file, part))?;
        parts.push((format!("{item}/{index}"), text(file, part)?));
    }
    Ok(parts)
}

fn once(file: &str, settings: &Settings) -> Outcome<()> {
    let mut names: Vec<&str> = settings.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{file}: {} twice", pair[0])),
        None => Ok(()),
    }
}

/// Sixteen bytes (length in words, checksum, MAC, two line ends) and `P1=v&P2=v&gnkey=0b82`.
pub fn binary(file: &str, bytes: &[u8], mac: &str) -> Outcome<Settings> {
    let broken = |what: &str| format!("{file}: {what}");
    if bytes.len() < 16 || !bytes.len().is_multiple_of(2) {
        return Err(broken("torn"));
    }
    let words = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let length = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
    if length * 2 != bytes.len() {
        return Err(broken("not as long as it says"));
    }
    if words.fold(0_u16, u16::wrapping_add) != 0 {
        return Err(broken("wrong checksum"));
    }
    let told: String = bytes[6..12].iter().map(|byte| format!("{byte:02x}")).collect();
    own(file, &told, mac)?;
    if &bytes[12..16] != b"\r\n\r\n" {
        return Err(broken("no end of the header"));
    }
    let body = std::str::from_utf8(&bytes[16..]).map_err(|_| broken("not UTF-8"))?.trim_end_matches('\0');
    let body = body.strip_suffix("&gnkey=0b82").ok_or_else(|| broken("no gnkey"))?;
    body.split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some((name.to_owned(), percent_decoded(value)?))
        })
        .collect::<Option<Settings>>()
        .ok_or_else(|| broken("no name=value"))
}

#[cfg(test)]
mod tests {
    use super::super::super::Facts;
    use super::*;

    fn read(config: &str) -> Outcome<Settings> {
        let facts = Facts { dialect: Dialect::Items, ..Facts::default() };
        let device = Device { id: "000b82aabbcc".into(), model: "GRP2614".into(), facts };
        xml("f", format!("<gs_provision version=\"1\">{config}</gs_provision>").as_bytes(), &device)
    }

    #[test]
    fn unknown_structure_is_refused() {
        for broken in [
            "",
            "<config><P1>1</P1></config>",
            "<config version=\"1\"><Q1>1</Q1></config>",
            "<config version=\"1\"><P1x>1</P1x></config>",
            "<config version=\"1\"><P1>1</P1><P1>1</P1></config>",
            "<config version=\"1\"><P1><b/></P1></config>",
            "<config version=\"1\">P1 = 1</config>",
            "<config version=\"1\"/><config version=\"1\"/>",
            "<config version=\"1\"/><model/>",
            "<config version=\"2\"><P1>1</P1></config>",
            "<config version=\"2\"><item>1</item></config>",
            "<config version=\"2\"><item name=\"a\"><piece name=\"1\"/></item></config>",
            "<config version=\"1\"><P1>R&D</P1></config>",
        ] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn parts_of_items() {
        let read = read("<config version=\"2\"><item name=\"a\"><part name=\"1\">x</part><part name=\"2\"/></item></config>").unwrap();
        assert_eq!(read, [("a/1".into(), "x".into()), ("a/2".into(), String::new())]);
    }

    #[test]
    fn the_binary_form_is_checked_in_every_way() {
        let whole = sample(b"P35=101&P34=a%26b&gnkey=0b82");
        let read = |bytes: &[u8]| binary("f", bytes, "000b82aabbcc");
        assert_eq!(read(&whole).unwrap(), [("P35".into(), "101".into()), ("P34".into(), "a&b".into())]);
        assert!(read(&whole[..whole.len() - 2]).is_err());
        let mut wrong = whole.clone();
        wrong[20] ^= 1;
        assert!(read(&wrong).unwrap_err().contains("checksum"));
        assert!(binary("f", &whole, "000b82aabbcd").unwrap_err().contains("this phone is"));
        assert!(read(b"<gs_provision/>").is_err());
    }

    fn sample(body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; 6];
        bytes.extend([0x00, 0x0b, 0x82, 0xaa, 0xbb, 0xcc, 13, 10, 13, 10]);
        bytes.extend(body);
        if !bytes.len().is_multiple_of(2) {
            bytes.push(0);
        }
        let words = u32::try_from(bytes.len() / 2).unwrap();
        bytes[..4].copy_from_slice(&words.to_be_bytes());
        let sum = bytes.chunks_exact(2).fold(0_u16, |sum, pair| sum.wrapping_add(u16::from_be_bytes([pair[0], pair[1]])));
        bytes[4..6].copy_from_slice(&sum.wrapping_neg().to_be_bytes());
        bytes
    }
}

//! A profile rule: options in brackets, then an address with macros.

use super::super::Outcome;

pub struct Macros<'m> {
    /// Twelve lower-case hex digits.
    pub mac: &'m str,
    pub product: &'m str,
    /// The product without the series' letters.
    pub short: &'m str,
}

/// The address that the rule leads to.
pub fn url(name: &str, rule: &str, macros: &Macros) -> Outcome<String> {
    let address = match rule.strip_prefix('[') {
        Some(rest) => {
            let (options, address) = rest.split_once(']').ok_or_else(|| format!("{name}: `{rule}` has no ]"))?;
            check(name, options)?;
            address.trim_start()
        }
        None => rule,
    };
    if address.contains(['(', '|', '[', ']', '"', ' ']) {
        return Err(format!("{name}: `{address}` is no plain address"));
    }
    let url = filled(address, macros);
    match url.contains('$') {
        true => Err(format!("{name}: `{url}` has a macro that this phone does not know")),
        false => Ok(url),
    }
}

/// A name and a password are for the server; a key is for a file that this phone cannot read.
fn check(name: &str, options: &str) -> Outcome<()> {
    let mut words = options.split_whitespace();
    while let Some(option) = words.next() {
        let value = words.next().ok_or_else(|| format!("{name}: {option} has no value"))?;
        if !matches!(option, "--uid" | "--pwd" | "--post" | "--alias") {
            return Err(format!("{name}: {option} {value} is nothing that this phone can do"));
        }
    }
    Ok(())
}

/// The longer names first, as `$MA` begins others.
fn filled(address: &str, macros: &Macros) -> String {
    let pairs: Vec<&str> = (0..macros.mac.len()).step_by(2).filter_map(|at| macros.mac.get(at..at + 2)).collect();
    let address = address.replace("$MAU", &macros.mac.to_ascii_uppercase()).replace("$MAC", &pairs.join(":"));
    address.replace("$MA", macros.mac).replace("$PSN", macros.short).replace("$PN", macros.product)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rule: &str) -> Outcome<String> {
        url("Profile_Rule", rule, &Macros { mac: "000e08aabbcc", product: "SPA504G", short: "504G" })
    }

    #[test]
    fn macros() {
        assert_eq!(read("https://h/t/$MA.xml").unwrap(), "https://h/t/000e08aabbcc.xml");
        assert_eq!(read("https://h/$MAU.cfg").unwrap(), "https://h/000E08AABBCC.cfg");
        assert_eq!(read("https://h/$PN/$PSN").unwrap(), "https://h/SPA504G/504G");
        assert!(read("https://h/$GPP_A.xml").is_err());
    }

    #[test]
    fn options() {
        assert_eq!(read("[--uid a --pwd b]https://h/x").unwrap(), "https://h/x");
        for broken in ["[--uid a --pwd]https://h/x", "[--uid a https://h/x", "[--key \"k\"]https://h/x", "( $A eq b )? https://h/x"] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}

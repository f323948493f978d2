//! Which TOML keys look as if their value were a secret.

/// How far the secrecy of a key reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Secrecy {
    /// Not at all.
    Open,
    /// A value or a list of values, but not tables: `[[key]]` and `codes = { … }` are no secrets.
    Value,
    /// Everything below it.
    Deep,
}

/// Parts of words that give a secret away wherever they stand in a key.
const DEEP: [&str; 10] = ["encrypt", "passw", "passphrase", "passcode", "secret", "pwd", "psk", "credential", "token", "ha1"];
/// Last words of keys whose plain values are secret.
const VALUE: [&str; 12] = ["wifi", "key", "pin", "pins", "codes", "card", "cards", "community", "communities", "pass", "pw", "psw"];
/// Last words of keys that only tell about a secret.
const ABOUT: [&str; 5] = ["generation", "length", "mode", "scheme", "policy"];

/// The secrecy of a key, by its path below the table it stands in.
pub(super) fn of_key<S: AsRef<str>>(path: &[S]) -> Secrecy {
    let Some(last) = path.last() else {
        return Secrecy::Open;
    };
    if is_open(last.as_ref()) {
        return Secrecy::Open;
    }
    if path.iter().any(|segment| is_deep(segment.as_ref())) {
        return Secrecy::Deep;
    }
    let words = words(last.as_ref());
    let about = words.last().is_some_and(|word| ABOUT.contains(&word.as_str()));
    if !about && words.iter().any(|word| is_slip(word)) {
        return Secrecy::Deep;
    }
    match words.last() {
        Some(word) if VALUE.contains(&word.as_str()) || last.as_ref().ends_with("_uri") => Secrecy::Value,
        _ => Secrecy::Open,
    }
}

/// A slip of the finger on a word that gives a secret away: `pasword`, `secert`, `pinn`.
fn is_slip(word: &str) -> bool {
    const LONG: [&str; 5] = ["password", "passphrase", "secret", "community", "credential"];
    const SHORT: [&str; 6] = ["pinn", "pni", "kye", "keyy", "ekey", "pasw"];
    let near = |known: &str| word.len() >= 4 && word != known && strsim::damerau_levenshtein(word, known) <= 2;
    LONG.iter().any(|known| near(known)) || SHORT.contains(&word)
}

/// Whether all values of a table of this name are secret; vendor parameters may be anything.
pub(super) fn is_deep(segment: &str) -> bool {
    let words = words(segment);
    let about = words.last().is_some_and(|word| ABOUT.contains(&word.as_str()));
    // A key in quotes can hold a space: "pass word".
    let joined = segment.contains(' ').then(|| words.concat());
    segment == "raw"
        || segment == "client_cert"
        || !about && words.iter().chain(&joined).any(|word| DEEP.iter().any(|part| word.contains(part)))
}

/// A policy about secrets, or the name of a diagnostic.
fn is_open(segment: &str) -> bool {
    segment == "plaintext_secrets" || segment.contains("::")
}

/// The words of `admin_password2`, `adminPassword` or `account.1.password`, in lower case and without trailing digits.
fn words(segment: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for c in segment.chars() {
        if !c.is_alphanumeric() || previous.is_lowercase() && c.is_uppercase() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        previous = c;
    }
    let is_number = |word: &String| word.chars().all(|c| c.is_ascii_digit());
    words.retain(|word| !is_number(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_keys_are_recognised() {
        for key in [
            "password",
            "admin_password",
            "password2",
            "adminPassword",
            "PASSWORD",
            "reg.1.auth.password",
            "secret",
            "client-secret",
            "token",
            "wifi_psk",
            "UserPwd",
            "passphrase",
            "ha1",
        ] {
            assert_eq!(of_key(&[key]), Secrecy::Deep, "{key}");
        }
        for key in ["key", "api_key", "pin", "unlockPIN", "community", "codes", "cards", "pass"] {
            assert_eq!(of_key(&[key]), Secrecy::Value, "{key}");
        }
        for key in [
            "keyboard",
            "codecs",
            "monkey",
            "mapping",
            "bypass_wait",
            "user",
            "plaintext_secrets",
            "secret::weak",
            "password_generation",
            "country",
            "spinner",
        ] {
            assert_eq!(of_key(&[key]), Secrecy::Open, "{key}");
        }
    }

    #[test]
    fn vendor_parameters_are_secret_whatever_their_name() {
        assert_eq!(of_key(&["raw", "P34"]), Secrecy::Deep);
        assert_eq!(of_key(&["line", "secret", "value"]), Secrecy::Deep);
        assert_eq!(of_key(&["key", "value"]), Secrecy::Open);
    }
}

//! JSON Schemas of the input files.

/// The kinds of files.
pub fn kinds() -> &'static [&'static str] {
    &["fleet", "msp", "customer", "site", "extensions", "phonebook", "packages", "firmware", "device"]
}

/// The schema of a kind.
pub fn schema(_: &str) -> Option<serde_json::Value> {
    None
}

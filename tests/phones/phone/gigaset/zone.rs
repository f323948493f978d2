//! Zones by their IANA names, whose rules the phone knows by itself.

use jiff::civil::date;
use jiff::tz::TimeZone;

use super::super::Outcome;

/// Seconds east of Greenwich in winter, wherever that is.
pub fn in_winter(zone: &str) -> Outcome<i32> {
    let known = TimeZone::get(zone).map_err(|_| format!("`{zone}` is no zone"))?;
    let offset =
        |month| known.to_ambiguous_timestamp(date(2026, month, 1).at(12, 0, 0, 0)).compatible().map(|at| known.to_offset(at).seconds());
    match (offset(1), offset(7)) {
        (Ok(january), Ok(july)) => Ok(january.min(july)),
        _ => Err(format!("`{zone}` has no offset")),
    }
}

/// Nothing, or a sign, hours and perhaps minutes: `+1`, `-3:30`.
pub fn hours(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1) {
        None => return Some(0),
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        Some(_) => return None,
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn winter_is_in_july_in_the_south() {
        assert_eq!(in_winter("Europe/Berlin").unwrap(), 3600);
        assert_eq!(in_winter("Australia/Sydney").unwrap(), 36_000);
        assert!(in_winter("Berlin").is_err());
    }

    #[test]
    fn offsets() {
        assert_eq!((hours(""), hours("+1"), hours("-3:30")), (Some(0), Some(3600), Some(-12_600)));
        assert_eq!((hours("1"), hours("+")), (None, None));
    }
}

//! The clock: a zone by name with rules of its own, or an offset and a rule.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::report::{Day, Dst, Edge, Time, Weekday};

pub fn read(flash: &Flash) -> Outcome<Option<Time>> {
    if let Some(zone) = flash.text("timezone") {
        let offset = zone_offset(&zone).ok_or_else(|| format!("timezone: `{zone}` is no zone of this phone"))?;
        return Ok(Some(Time { offset, zone: Some(zone), dst: Dst::Automatic }));
    }
    let Some(offset) = flash.number::<i32>("utc_offset")? else {
        return Ok(None);
    };
    if !(-43_200..=50_400).contains(&offset) {
        return Err(format!("utc_offset: {offset} is out of range"));
    }
    let dst = match flash.text("dst") {
        None => Dst::Off,
        Some(told) => rule(&told).ok_or_else(|| format!("dst: `{told}` is no rule"))?,
    };
    Ok(Some(Time { offset, zone: None, dst }))
}

/// Three letters and perhaps a digit for the country, then hours from Greenwich: `GER+1`, `BRA2-3`, `IND+5.5`.
fn zone_offset(zone: &str) -> Option<i32> {
    let sign = zone.find(['+', '-'])?;
    let (country, hours) = (zone[..sign].trim_end_matches(|c: char| c.is_ascii_digit()), &zone[sign..]);
    let minutes = match hours.split_once('.') {
        None => 0,
        Some((_, "5")) => 30,
        Some((_, "75")) => 45,
        Some(_) => return None,
    };
    let whole: i32 = hours[1..].split('.').next()?.parse().ok()?;
    let seconds = whole * 3600 + minutes * 60;
    let named = country.len() == 3 && country.bytes().all(|b| b.is_ascii_uppercase());
    (named && whole <= 13).then_some(if hours.starts_with('-') { -seconds } else { seconds })
}

/// `3600 03.05.07 02:00:00 10.05.07 03:00:00`: seconds, then day and time of the start and of the end.
fn rule(text: &str) -> Option<Dst> {
    let [save, start, start_time, end, end_time] = text.split(' ').collect::<Vec<_>>().try_into().ok()?;
    Some(Dst::Rule { start: edge(start, start_time)?, end: edge(end, end_time)?, save: save.parse().ok()? })
}

/// `mm.ww.dd` (the last week is 5, Sunday is 7) or `dd.mm`.
fn edge(day: &str, time: &str) -> Option<Edge> {
    let at = time_of_day(time)?;
    let (month, day) = match *two_digits(day, '.')?.as_slice() {
        [month, week, weekday] if (1..=5).contains(&week) => (month, Day::Week { week, weekday: Weekday::from_monday_one(weekday)? }),
        [day, month] if (1..=31).contains(&day) => (month, Day::Date(day)),
        _ => return None,
    };
    (1..=12).contains(&month).then_some(Edge { month, day, at })
}

fn time_of_day(text: &str) -> Option<i32> {
    match *two_digits(text, ':')?.as_slice() {
        [hour, minute, second] if hour < 24 && minute < 60 && second < 60 => Some((hour * 3600 + minute * 60 + second).cast_signed()),
        _ => None,
    }
}

fn two_digits(text: &str, between: char) -> Option<Vec<u32>> {
    let parts = text.split(between);
    parts.map(|part| part.parse().ok().filter(|_| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(settings: &[(&str, &str)]) -> Outcome<Option<Time>> {
        let mut flash = Flash::default();
        for (name, value) in settings {
            flash.set(*name, *value);
        }
        read(&flash)
    }

    #[test]
    fn the_last_sunday_is_week_five_day_seven() {
        let told = [("timezone", ""), ("utc_offset", "3600"), ("dst", "3600 03.05.07 02:00:00 10.05.07 03:00:00")];
        let day = Day::Week { week: 5, weekday: Weekday::Sunday };
        let (start, end) = (Edge { month: 3, day, at: 7200 }, Edge { month: 10, day, at: 10800 });
        assert_eq!(time(&told).unwrap().unwrap(), Time { offset: 3600, zone: None, dst: Dst::Rule { start, end, save: 3600 } });
    }

    #[test]
    fn a_date_is_day_and_month() {
        let Some(Dst::Rule { start, end, .. }) = rule("3600 22.03 03:00:00 21.09 04:00:00") else { panic!() };
        assert_eq!(start, Edge { month: 3, day: Day::Date(22), at: 10800 });
        assert_eq!(end, Edge { month: 9, day: Day::Date(21), at: 14400 });
        for broken in [
            "3600 03.22 03:00:00 09.22 04:00:00",
            "3600 3.5.7 02:00:00 10.05.07 03:00:00",
            "3600 03.06.07 02:00:00 10.05.07 03:00:00",
            "3600",
        ] {
            assert_eq!(rule(broken), None, "{broken}");
        }
    }

    #[test]
    fn zones_have_rules_of_their_own() {
        let time = time(&[("timezone", "GER+1"), ("utc_offset", "0"), ("dst", "")]).unwrap().unwrap();
        assert_eq!((time.offset, time.dst), (3600, Dst::Automatic));
        for (zone, seconds) in [("GBR-0", 0), ("BRA2-3", -10800), ("IND+5.5", 19800), ("NZL+12.75", 45900)] {
            assert_eq!(zone_offset(zone), Some(seconds), "{zone}");
        }
        for broken in ["GER", "Europe/Berlin", "GE+1", "GER+1.2", "+1", "GER+x"] {
            assert_eq!(zone_offset(broken), None, "{broken}");
        }
    }

    #[test]
    fn without_a_rule_the_clock_stays() {
        assert_eq!(time(&[("utc_offset", "-10800"), ("dst", "")]).unwrap().unwrap().dst, Dst::Off);
        assert_eq!(time(&[]).unwrap(), None);
        assert!(time(&[("utc_offset", "+1:00")]).is_err());
    }
}

//! The clock: `local_time.…`.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::report::{Day, Dst, Edge, Time, Weekday};

pub fn read(flash: &Flash) -> Outcome<Option<Time>> {
    let Some(zone) = flash.text("local_time.time_zone") else {
        return Ok(None);
    };
    let offset = offset(&zone).ok_or_else(|| format!("local_time.time_zone: `{zone}` is no offset"))?;
    let dst = match flash.text("local_time.summer_time").as_deref() {
        None | Some("2") => Dst::Automatic,
        Some("0") => Dst::Off,
        Some("1") => rule(flash)?,
        Some(other) => {
            return Err(format!("local_time.summer_time: `{other}` is no value this phone knows"));
        }
    };
    Ok(Some(Time { offset, zone: flash.text("local_time.time_zone_name"), dst }))
}

/// `0`, `+1`, `-3:30`: never more than a sign, hours and minutes.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ if text == "0" => (1, text),
        _ => return None,
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let (hours, minutes) = (digits_only(hours)?, digits_only(minutes)?);
    (hours <= 14 && minutes < 60).then(|| sign * (hours * 3600 + minutes * 60))
}

fn rule(flash: &Flash) -> Outcome<Dst> {
    let by_week = match flash.text("local_time.dst_time_type").as_deref() {
        Some("1") => true,
        None | Some("0") => false,
        Some(other) => {
            return Err(format!("local_time.dst_time_type: `{other}` is neither date nor week"));
        }
    };
    let edge = |name: &str| {
        let told = flash.text(name).ok_or_else(|| format!("{name}: summer time is on, but this is missing"))?;
        let read = if by_week { week(&told) } else { date(&told) };
        read.ok_or_else(|| format!("{name}: `{told}` is no {}", if by_week { "month/week/weekday/hour" } else { "month/day/hour" }))
    };
    let save = flash.number::<i32>("local_time.offset_time")?.unwrap_or(60);
    Ok(Dst::Rule { start: edge("local_time.start_time")?, end: edge("local_time.end_time")?, save: save * 60 })
}

/// Month, week (5 is the last), weekday (Monday is 1, Sunday is 7), hour.
fn week(text: &str) -> Option<Edge> {
    let [month, week, weekday, hour] = fields(text)?;
    if !(1..=5).contains(&week) {
        return None;
    }
    edge(month, Day::Week { week, weekday: Weekday::from_monday_one(weekday)? }, hour)
}

fn date(text: &str) -> Option<Edge> {
    let [month, day, hour] = fields(text)?;
    edge(month, Day::Date(Some(day).filter(|day| (1..=31).contains(day))?), hour)
}

fn edge(month: u32, day: Day, hour: u32) -> Option<Edge> {
    ((1..=12).contains(&month) && hour <= 23).then(|| Edge { month, day, at: hour.cast_signed() * 3600 })
}

fn fields<const N: usize>(text: &str) -> Option<[u32; N]> {
    let fields: Option<Vec<u32>> = text.split('/').map(|field| digits_only(field).map(i32::cast_unsigned)).collect();
    fields?.try_into().ok()
}

fn digits_only(text: &str) -> Option<i32> {
    text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(settings: &[(&str, &str)]) -> Outcome<Option<Time>> {
        let mut flash = Flash::default();
        for (name, value) in settings {
            flash.set(format!("local_time.{name}"), *value);
        }
        read(&flash)
    }

    #[test]
    fn offsets() {
        for (text, seconds) in [("0", 0), ("+1", 3600), ("-3:30", -12600), ("+5:30", 19800), ("+12:45", 45900), ("-11", -39600)] {
            assert_eq!(offset(text), Some(seconds), "{text}");
        }
        for broken in ["1", "+1.5", "+15", "+5:60", "+", "+-1", "Europe/Berlin"] {
            assert_eq!(offset(broken), None, "{broken}");
        }
    }

    #[test]
    fn the_last_sunday_is_week_five_day_seven() {
        let told = [
            ("time_zone", "+1"),
            ("summer_time", "1"),
            ("dst_time_type", "1"),
            ("start_time", "3/5/7/2"),
            ("end_time", "10/5/7/3"),
            ("offset_time", "60"),
        ];
        let last_sunday = Day::Week { week: 5, weekday: Weekday::Sunday };
        let start = Edge { month: 3, day: last_sunday, at: 7200 };
        let end = Edge { month: 10, day: last_sunday, at: 10800 };
        assert_eq!(time(&told).unwrap().unwrap().dst, Dst::Rule { start, end, save: 3600 });
    }

    #[test]
    fn dates_and_weeks_are_not_mixed_up() {
        let told = [("time_zone", "+1"), ("summer_time", "1"), ("start_time", "03/22/00"), ("end_time", "09/21/23")];
        let Dst::Rule { start, .. } = time(&told).unwrap().unwrap().dst else { panic!() };
        assert_eq!(start, Edge { month: 3, day: Day::Date(22), at: 0 });
        let week = [("time_zone", "+1"), ("summer_time", "1"), ("start_time", "3/5/7/2"), ("end_time", "10/5/7/3")];
        assert!(time(&week).is_err(), "a week where a date is told");
        assert!(
            time(&[("time_zone", "+1"), ("summer_time", "1"), ("dst_time_type", "1"), ("start_time", "3/5/0/2"), ("end_time", "1/1/1/1")])
                .is_err()
        );
    }

    #[test]
    fn no_summer_or_the_phones_own_table() {
        assert_eq!(time(&[("time_zone", "+8"), ("summer_time", "0")]).unwrap().unwrap().dst, Dst::Off);
        assert_eq!(time(&[("time_zone", "+8")]).unwrap().unwrap().dst, Dst::Automatic);
        assert_eq!(time(&[]).unwrap(), None);
    }
}

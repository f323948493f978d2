//! The clock: an offset from a list, and a rule for summer time.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::report::{Day, Dst, Edge, Time, Weekday};
use super::yes;

pub fn read(flash: &Flash, zones: &[&str]) -> Outcome<Option<Time>> {
    let Some(zone) = flash.text("Time_Zone") else {
        return Ok(None);
    };
    if !zones.contains(&zone.as_str()) {
        return Err(format!("Time_Zone: `{zone}` is not in this phone's list"));
    }
    let offset = offset(zone.trim_start_matches("GMT")).ok_or_else(|| format!("Time_Zone: `{zone}`"))?;
    let further = flash.text("Time_Offset__HH_mm_");
    let further = further.map_or(Some(0), |told| self::offset(&told.replace('/', ":")));
    let offset = offset + further.ok_or("Time_Offset__HH_mm_: neither hours nor minutes")?;
    let dst = match yes(flash, "Daylight_Saving_Time_Enable", true)? {
        true => rule(flash.raw("Daylight_Saving_Time_Rule").ok_or("Daylight_Saving_Time_Rule: never told")?)?,
        false => Dst::Off,
    };
    Ok(Some(Time { offset, zone: None, dst }))
}

/// `+01:00`, `-03:30` or nothing.
fn offset(text: &str) -> Option<i32> {
    if text.is_empty() {
        return Some(0);
    }
    let (sign, clock) = match text.split_at_checked(1)? {
        ("-", rest) => (-1, rest),
        ("+", rest) => (1, rest),
        _ => (1, text),
    };
    Some(sign * seconds(clock)?)
}

/// `h[h][:m[m][:s[s]]]`.
fn seconds(clock: &str) -> Option<i32> {
    let parts: Option<Vec<i32>> = clock.split(':').map(|part| part.parse().ok().filter(|number| (0..60).contains(number))).collect();
    match parts?.as_slice() {
        [hours] => Some(hours * 3600),
        [hours, minutes] => Some(hours * 3600 + minutes * 60),
        [hours, minutes, seconds] => Some(hours * 3600 + minutes * 60 + seconds),
        _ => None,
    }
}

/// `start=…;end=…;save=…`.
fn rule(text: &str) -> Outcome<Dst> {
    let broken = || format!("Daylight_Saving_Time_Rule: `{text}`");
    let (mut start, mut end, mut save) = (None, None, None);
    for part in text.trim_end_matches(';').split(';') {
        match part.split_once('=').ok_or_else(broken)? {
            ("start", told) if start.is_none() => start = Some(edge(told).ok_or_else(broken)?),
            ("end", told) if end.is_none() => end = Some(edge(told).ok_or_else(broken)?),
            ("save", told) if save.is_none() => save = Some(offset(told).ok_or_else(broken)?),
            _ => return Err(broken()),
        }
    }
    let (Some(start), Some(end), Some(save)) = (start, end, save) else {
        return Err(broken());
    };
    Ok(Dst::Rule { start, end, save })
}

/// Month, day, weekday and time. Monday is 1; it is the first such day on or after the day, or the last one
/// of the month where the day is -1; weekday 0 is the day itself.
fn edge(text: &str) -> Option<Edge> {
    let fields: Vec<&str> = text.split('/').collect();
    let &[month, day, weekday] = fields.first_chunk()?;
    let (month, day, weekday): (u32, i32, u32) = (month.parse().ok()?, day.parse().ok()?, weekday.parse().ok()?);
    let day = match (weekday, day) {
        (0, 1..=31) => Day::Date(day.cast_unsigned()),
        (_, -1) => Day::Week { week: 5, weekday: Weekday::from_monday_one(weekday)? },
        (_, 1 | 8 | 15 | 22) => Day::Week { week: day.cast_unsigned() / 7 + 1, weekday: Weekday::from_monday_one(weekday)? },
        _ => return None,
    };
    let at = fields.get(3).map_or(Some(0), |time| seconds(time))?;
    (fields.len() <= 4 && (1..=12).contains(&month)).then_some(Edge { month, day, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(zone: &str, rule: &str) -> Outcome<Option<Time>> {
        let mut flash = Flash::default();
        flash.set("Time_Zone", zone);
        flash.set("Daylight_Saving_Time_Enable", if rule.is_empty() { "No" } else { "Yes" });
        flash.set("Daylight_Saving_Time_Rule", rule);
        read(&flash, &["GMT", "GMT+01:00", "GMT-03:30"])
    }

    #[test]
    fn zones() {
        for (zone, seconds) in [("GMT", 0), ("GMT+01:00", 3600), ("GMT-03:30", -12600)] {
            assert_eq!(time(zone, "").unwrap().unwrap(), Time { offset: seconds, zone: None, dst: Dst::Off });
        }
        assert!(time("GMT+02:00", "").is_err(), "not in the list");
    }

    #[test]
    fn rules() {
        let sunday = |week| Day::Week { week, weekday: Weekday::Sunday };
        let Dst::Rule { start, end, save } = time("GMT", "start=3/8/7/2:0:0;end=10/-1/7/3;save=1").unwrap().unwrap().dst else { panic!() };
        assert_eq!((start, save), (Edge { month: 3, day: sunday(2), at: 7200 }, 3600));
        assert_eq!(end, Edge { month: 10, day: sunday(5), at: 10800 });
        let Dst::Rule { start, save, .. } = time("GMT", "start=3/22/0/0:0:0;end=9/22/0;save=0:30").unwrap().unwrap().dst else { panic!() };
        assert_eq!((start.day, save), (Day::Date(22), 1800));
        for broken in ["start=3/-1/7/2;end=10/-1/7/3", "start=3/-1/8/2;end=10/-1/7;save=1", "start=13/1/0;end=10/-1/7;save=1", "x"] {
            assert!(time("GMT", broken).is_err(), "{broken}");
        }
    }
}

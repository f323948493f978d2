//! The clock: `phone/date/…`.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::report::{Day, Dst, Edge, Time, Weekday};

pub fn read(flash: &Flash) -> Outcome<Option<Time>> {
    let Some(quarters) = flash.number::<i32>(&at("TimeZone"))? else {
        return Ok(None);
    };
    let offset = quarters * 900;
    if let Some(name) = flash.text(&at("TimeZoneName"))
        && named(&name) != Some(offset)
    {
        return Err(format!("TimeZoneName: `{name}` is not {quarters} quarters of an hour"));
    }
    Ok(Some(Time { offset, zone: None, dst: dst(flash)? }))
}

/// Servers count when the phone is to ask them.
pub fn ntp(flash: &Flash) -> Outcome<Vec<String>> {
    if flash.flag(&at("EnableSNTP"))? != Some(true) {
        return Ok(Vec::new());
    }
    Ok(["SNTPServer", "SecondSNTPServer"].iter().filter_map(|name| flash.text(&at(name))).collect())
}

fn at(name: &str) -> String {
    format!("phone/date/{name}")
}

/// `UTC`, `UTC+1`, `UTC-05`, `UTC+5:30`, in seconds.
fn named(name: &str) -> Option<i32> {
    let told = name.strip_prefix("UTC")?;
    let (sign, clock) = match told.split_at_checked(1) {
        None => return Some(0),
        Some(("+", clock)) => (1, clock),
        Some(("-", clock)) => (-1, clock),
        Some(_) => return None,
    };
    let (hours, minutes) = clock.split_once(':').unwrap_or((clock, "0"));
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| sign * (i32::from(hours) * 60 + i32::from(minutes)) * 60)
}

/// Off, by the phone's own table, or told: the parameter has changed its name from firmware to firmware.
fn dst(flash: &Flash) -> Outcome<Dst> {
    let code = |names: &[&str]| names.iter().find_map(|name| flash.text(&at(name)));
    match code(&["DSTType", "EnableDST"]).as_deref() {
        None | Some("0") => Ok(Dst::Off),
        Some("1") => Ok(Dst::Automatic),
        Some("2") => match code(&["DSTRuleMode", "DSTFixedType"]).as_deref() {
            Some("2") => rule(flash),
            other => Err(format!("DST: {other:?} is not by week")),
        },
        Some(other) => Err(format!("DST: `{other}` is neither off, automatic nor manual")),
    }
}

fn rule(flash: &Flash) -> Outcome<Dst> {
    let minutes: i32 = need(flash, "DSTMinOffset")?;
    Ok(Dst::Rule { start: edge(flash, "Start")?, end: edge(flash, "End")?, save: minutes * 60 })
}

fn need<T: std::str::FromStr>(flash: &Flash, name: &str) -> Outcome<T> {
    flash.number(&at(name))?.ok_or_else(|| format!("{name}: summer time is told, but not this"))
}

/// The fifth week is the last one, or else -1 is; Sunday is 0.
fn edge(flash: &Flash, which: &str) -> Outcome<Edge> {
    let part = |name: &str| need::<i32>(flash, &format!("DST{which}{name}"));
    let (month, week, weekday, hour) = (part("Mon")?, part("Week")?, part("Wday")?, part("Hour")?);
    let week = if week == -1 { 5 } else { week };
    let known = (1..=12).contains(&month) && (1..=5).contains(&week) && (0..=23).contains(&hour);
    let weekday = u32::try_from(weekday).ok().and_then(Weekday::from_sunday_zero).filter(|_| known);
    let weekday = weekday.ok_or_else(|| format!("DST{which}: month {month}, week {week}, day, hour {hour}"))?;
    Ok(Edge { month: month.cast_unsigned(), day: Day::Week { week: week.cast_unsigned(), weekday }, at: hour * 3600 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(settings: &[(&str, &str)]) -> Outcome<Option<Time>> {
        let mut flash = Flash::default();
        for (name, value) in settings {
            flash.set(at(name), *value);
        }
        read(&flash)
    }

    #[test]
    fn zones_are_quarters_of_hours() {
        assert_eq!(time(&[("TimeZone", "22"), ("TimeZoneName", "UTC+5:30")]).unwrap().unwrap().offset, 19800);
        assert_eq!(time(&[("TimeZone", "-20"), ("TimeZoneName", "UTC-05")]).unwrap().unwrap().offset, -18000);
        assert!(time(&[("TimeZone", "1"), ("TimeZoneName", "UTC+1")]).is_err());
        assert!(time(&[("TimeZone", "0"), ("TimeZoneName", "Europe/London")]).is_err());
        assert_eq!(time(&[]).unwrap(), None);
    }

    #[test]
    fn summer_time_by_either_name() {
        let edges = [
            ("TimeZone", "4"),
            ("DSTMinOffset", "60"),
            ("DSTStartMon", "3"),
            ("DSTStartWeek", "5"),
            ("DSTStartWday", "0"),
            ("DSTStartHour", "2"),
            ("DSTEndMon", "10"),
            ("DSTEndWeek", "-1"),
            ("DSTEndWday", "0"),
            ("DSTEndHour", "3"),
        ];
        let told = |kind: &[(&str, &str)]| time(&[&edges, kind].concat()).map(|time| time.unwrap().dst);
        let last_sunday = Day::Week { week: 5, weekday: Weekday::Sunday };
        let start = Edge { month: 3, day: last_sunday, at: 7200 };
        let end = Edge { month: 10, day: last_sunday, at: 10800 };
        let rule = Dst::Rule { start, end, save: 3600 };
        assert_eq!(told(&[("DSTType", "2"), ("DSTRuleMode", "2")]).unwrap(), rule);
        assert_eq!(told(&[("EnableDST", "2"), ("DSTFixedType", "2")]).unwrap(), rule);
        assert_eq!(told(&[("EnableDST", "0"), ("DSTFixedType", "0")]).unwrap(), Dst::Off);
        assert_eq!(told(&[("EnableDST", "1")]).unwrap(), Dst::Automatic);
        for wrong in [[("DSTType", "3"), ("DSTRuleMode", "2")], [("DSTType", "2"), ("DSTRuleMode", "0")]] {
            assert!(told(&wrong).is_err(), "{wrong:?}");
        }
        assert!(told(&[("DSTType", "2"), ("DSTRuleMode", "2"), ("DSTEndWday", "7")]).is_err());
    }
}

//! Time zones in POSIX spelling, as in `CET-1CEST,M3.5.0,M10.5.0/3`.

use super::Outcome;
use super::report::{Day, Dst, Edge, Time, Weekday};

pub fn parse(text: &str) -> Outcome<Time> {
    let broken = || format!("`{text}` is no POSIX time zone");
    let mut parts = text.split(',');
    let names = parts.next().unwrap_or_default();
    let rest = after_name(names).ok_or_else(broken)?;
    let (offset, rest) = offset(rest).ok_or_else(broken)?;
    if rest.is_empty() {
        return match parts.next() {
            None => Ok(Time { offset: -offset, zone: None, dst: Dst::Off }),
            Some(_) => Err(broken()),
        };
    }
    let rest = after_name(rest).ok_or_else(broken)?;
    let save = match rest {
        "" => 3600,
        _ => match self::offset(rest).ok_or_else(broken)? {
            (summer, "") => offset - summer,
            _ => return Err(broken()),
        },
    };
    let (start, end) = match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => (edge("M3.2.0"), edge("M11.1.0")),
        (Some(start), Some(end), None) => (edge(start), edge(end)),
        _ => return Err(broken()),
    };
    let dst = Dst::Rule { start: start.ok_or_else(broken)?, end: end.ok_or_else(broken)?, save };
    Ok(Time { offset: -offset, zone: None, dst })
}

/// What follows a zone's name: three or more letters, or anything in angle brackets.
fn after_name(text: &str) -> Option<&str> {
    if let Some(quoted) = text.strip_prefix('<') {
        return quoted.split_once('>').map(|(_, rest)| rest);
    }
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    (end >= 3).then(|| &text[end..])
}

/// Seconds west of Greenwich, and what follows.
fn offset(text: &str) -> Option<(i32, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-:".contains(c))).unwrap_or(text.len());
    Some((clock(&text[..end])?, &text[end..]))
}

/// `[+-]h[h][:mm[:ss]]` in seconds.
fn clock(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut seconds = 0;
    let mut unit = 3600;
    for part in digits.split(':') {
        let value: i32 = part.parse().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()))?;
        seconds += value * unit;
        unit /= 60;
    }
    Some(sign * seconds).filter(|_| digits.matches(':').count() < 3)
}

/// `Mm.w.d[/time]`, two o'clock where no time is told.
fn edge(text: &str) -> Option<Edge> {
    let (date, time) = text.split_once('/').map_or((text, None), |(date, time)| (date, Some(time)));
    let mut fields = date.strip_prefix('M')?.split('.').map(str::parse::<u32>);
    let (month, week, day) = (fields.next()?.ok()?, fields.next()?.ok()?, fields.next()?.ok()?);
    if fields.next().is_some() || !(1..=12).contains(&month) || !(1..=5).contains(&week) {
        return None;
    }
    let weekday = Weekday::from_sunday_zero(day)?;
    let at = time.map_or(Some(2 * 3600), clock)?;
    Some(Edge { month, day: Day::Week { week, weekday }, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(month: u32, week: u32, weekday: Weekday, hour: i32) -> Edge {
        Edge { month, day: Day::Week { week, weekday }, at: hour * 3600 }
    }

    #[test]
    fn a_zone_with_rules() {
        let time = parse("CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00").unwrap();
        assert_eq!(time.offset, 3600);
        let start = week(3, 5, Weekday::Sunday, 2);
        let end = week(10, 5, Weekday::Sunday, 3);
        assert_eq!(time.dst, Dst::Rule { start, end, save: 3600 });
        assert_eq!(parse("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(), time);
    }

    #[test]
    fn zones_without_rules() {
        assert_eq!(parse("TZT-5:30").unwrap(), Time { offset: 19800, zone: None, dst: Dst::Off });
        assert_eq!(parse("<-03>3").unwrap().offset, -10800);
        assert_eq!(parse("HAW10").unwrap().offset, -36000);
    }

    #[test]
    fn two_names_without_rules_mean_the_rules_of_the_united_states() {
        let Dst::Rule { start, end, .. } = parse("PST8PDT").unwrap().dst else { panic!() };
        assert_eq!(start, week(3, 2, Weekday::Sunday, 2));
        assert_eq!(end, week(11, 1, Weekday::Sunday, 2));
    }

    #[test]
    fn half_an_hour_of_summer() {
        let time = parse("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0").unwrap();
        assert!(matches!(time.dst, Dst::Rule { save: 1800, .. }));
    }

    #[test]
    fn broken_zones() {
        for broken in ["", "C-1", "CET", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M1.1.0", "CET-1,M3.5.0,M10.5.0", "CET-1CEST-2x"] {
            assert!(parse(broken).is_err(), "{broken}");
        }
    }
}

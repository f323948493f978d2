//! POSIX TZ strings, such as `GMT0BST,M3.5.0/1,M10.5.0`.

use std::fmt::Write;

use jiff::civil::date;

use super::{Dst, Edge, Kind};

const HOUR: i32 = 3600;
const DAY: i32 = 24 * HOUR;
const COMMON_YEAR: i16 = 2023;

/// One half of a recurring rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Half {
    /// Week and weekday, where the rule is by weekday.
    pub(super) week: Option<(i8, i8)>,
    /// Seconds after midnight; may be negative or beyond a day.
    pub(super) time: i32,
}

impl Half {
    /// Whether the change is on the very day that the rule names.
    pub(super) fn within_day(self) -> bool {
        (0..DAY).contains(&self.time)
    }

    /// Whether the time is one that POSIX.1 has always had, and so phones read.
    pub(super) fn is_classic(self) -> bool {
        (0..=DAY).contains(&self.time)
    }
}

/// The string at the end of a compiled zone, which tells all years after its table.
pub(super) fn footer(tzif: &[u8]) -> Option<&str> {
    let line = tzif.strip_suffix(b"\n")?;
    let start = line.iter().rposition(|byte| *byte == b'\n')? + 1;
    std::str::from_utf8(&line[start..]).ok()
}

/// The halves of the rule, the one into the second name first; nothing where there is no rule.
pub(super) fn halves(posix: &str) -> Option<[Half; 2]> {
    let mut parts = posix.split(',').skip(1);
    Some([half(parts.next()?)?, half(parts.next()?)?])
}

fn half(text: &str) -> Option<Half> {
    let (day, time) = text.split_once('/').unwrap_or((text, "2"));
    let week = match day.strip_prefix('M') {
        Some(rule) => {
            let mut numbers = rule.split('.').skip(1).map(|number| number.parse().ok());
            Some((numbers.next()??, numbers.next()??))
        }
        None => None,
    };
    Some(Half { week, time: seconds(time)? })
}

/// `[+-]h[:mm[:ss]]` in seconds.
fn seconds(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut total = 0;
    for (part, unit) in digits.split(':').zip([HOUR, 60, 1]) {
        total += part.parse::<i32>().ok()?.checked_mul(unit)?;
    }
    Some(sign * total)
}

/// The string of a zone whose clock stands still.
pub(super) fn still(name: &str, offset: i32) -> String {
    format!("{}{}", quoted(name), clock(-offset))
}

/// The string of a zone with daylight saving: by week, or by the days of one year.
pub(super) fn moving(standard: &str, summer: &str, offset: i32, dst: &Dst) -> String {
    let mut text = still(standard, offset);
    text.push_str(&quoted(summer));
    if dst.save != HOUR {
        text.push_str(&clock(-(offset + dst.save)));
    }
    for edge in [dst.start, dst.end] {
        // A string takes any write.
        let _ = match dst.kind {
            Kind::Week => write!(text, ",M{}.{}.{}", edge.month, edge.week, edge.weekday),
            Kind::Date => write!(text, ",{}", day_of_year(edge)),
        };
        let time = i32::from(edge.hour) * HOUR + i32::from(edge.minute) * 60;
        if time != 2 * HOUR {
            let _ = write!(text, "/{}", clock(time));
        }
    }
    text
}

/// `J60` is 1 March in every year; only 29 February needs the form that counts leap days, from 0.
fn day_of_year(edge: Edge) -> String {
    if (edge.month, edge.day) == (2, 29) {
        return "59".to_owned();
    }
    format!("J{}", date(COMMON_YEAR, edge.month, edge.day).day_of_year())
}

fn quoted(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_alphabetic()) { name.to_owned() } else { format!("<{name}>") }
}

fn clock(seconds: i32) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.abs();
    let (hours, minutes, rest) = (seconds / HOUR, seconds / 60 % 60, seconds % 60);
    match (minutes, rest) {
        (0, 0) => format!("{sign}{hours}"),
        (_, 0) => format!("{sign}{hours}:{minutes:02}"),
        _ => format!("{sign}{hours}:{minutes:02}:{rest:02}"),
    }
}

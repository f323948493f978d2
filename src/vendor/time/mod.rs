//! What a phone has to be told about a time zone, from the IANA database that is built into sipress.
//!
//! Phones know no zones by name. They take an offset and either a POSIX string or two edges, between which the clock
//! is put forward. [`facts`] reads both out of the database for the year of a date.

mod posix;
mod rule;
#[cfg(test)]
mod tests;
mod zones;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::{Date, DateTime};
use serde::Serialize;

pub use zones::{all, is_zone, suggest, tzdata_version};

/// How the clocks of a zone go in the year of a date.
///
/// Usually this is the whole year's truth. In a year in which a zone changes its rules it is the truth from the date
/// on, for as long as two edges can tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Seconds from UTC in standard time, east positive; the lower offset where there are two.
    pub offset: i32,
    /// The POSIX TZ string.
    pub posix: String,
    /// Daylight saving, where there is any.
    pub dst: Option<Dst>,
}

/// When the clock is put forward, and by how much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dst {
    /// Whether the edges recur by weekday.
    pub kind: Kind,
    /// Seconds that the clock moves, above 0.
    pub save: i32,
    /// When it begins, in standard time.
    pub start: Edge,
    /// When it ends, in daylight-saving time.
    pub end: Edge,
}

/// What the edges of a year mean for another year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The same weekday of the same week of the month every year.
    Week,
    /// Only the dates are the rule; week and weekday describe them and may be wrong in another year.
    Date,
}

/// One change of the clock, in local time before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// Month, 1 to 12.
    pub month: i8,
    /// Which such weekday of the month, 1 to 4, or 5 for the last.
    pub week: i8,
    /// Weekday, 0 Sunday to 6 Saturday.
    pub weekday: i8,
    /// Day of the month in this year.
    pub day: i8,
    /// First day that the weekday may fall on (1, 8, 15, 22), or -1 for the last of the month.
    pub day_or_last: i8,
    /// Hour, 0 to 23.
    pub hour: i8,
    /// Minute.
    pub minute: i8,
}

impl Edge {
    /// The edge at this moment of local time; the last such weekday of a month counts as the fifth.
    fn at(local: DateTime) -> Edge {
        let day = local.day();
        let last = day + 7 > local.date().days_in_month();
        Edge {
            month: local.month(),
            week: 0,
            weekday: local.weekday().to_sunday_zero_offset(),
            day,
            day_or_last: 0,
            hour: local.hour(),
            minute: local.minute(),
        }
        .in_week(if last { 5 } else { (day - 1) / 7 + 1 })
    }

    /// The same edge, said to be in this week of the month.
    fn in_week(self, week: i8) -> Edge {
        Edge { week, day_or_last: if week == 5 { -1 } else { 7 * week - 6 }, ..self }
    }
}

/// What is known by date and zone.
type Known = BTreeMap<Date, BTreeMap<&'static str, Arc<Facts>>>;

/// The facts of a zone in the year of a date, or nothing where there is no such zone.
///
/// A pure function of its arguments and the built-in database; each answer is worked out once a process.
pub fn facts(zone: &str, on: Date) -> Option<Arc<Facts>> {
    static KNOWN: RwLock<Known> = RwLock::new(BTreeMap::new());
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(facts) = known.get(&on).and_then(|zones| zones.get(zone)) {
        return Some(facts.clone());
    }
    drop(known);
    let (name, tzif) = zones::find(zone)?;
    let facts = Arc::new(rule::facts(name, tzif, on)?);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.entry(on).or_default().insert(name, facts.clone());
    Some(facts)
}

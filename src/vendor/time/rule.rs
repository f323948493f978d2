//! From a compiled zone to the facts of one year.

use jiff::civil::{Date, DateTime, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::posix::{self, Half};
use super::{Dst, Edge, Facts, Kind};

/// One move of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    at: Timestamp,
    before: Offset,
    after: Offset,
    /// Local time before the change.
    local: DateTime,
}

impl Change {
    fn is_forward(self) -> bool {
        self.after > self.before
    }

    fn is_undone_by(self, other: Change) -> bool {
        (self.before, self.after) == (other.after, other.before)
    }
}

/// The facts of a compiled zone in the year of a date.
pub(super) fn facts(name: &str, tzif: &[u8], on: Date) -> Option<Facts> {
    let zone = TimeZone::tzif(name, tzif).ok()?;
    let footer = posix::footer(tzif)?;
    match from_footer(&zone, footer, on) {
        Some(facts) => Some(facts),
        None => from_changes(&zone, on),
    }
}

/// The facts that the recurring rule tells, if it is the truth from the date to the end of its year.
fn from_footer(zone: &TimeZone, footer: &str, on: Date) -> Option<Facts> {
    let forever = TimeZone::posix(footer).ok()?;
    let coming = |zone: &TimeZone| -> Option<Vec<Change>> {
        let mut changes = changes(zone, on.year())?;
        changes.retain(|change| change.local.date() >= on);
        Some(changes)
    };
    let now = midnight(zone, on)?;
    if zone.to_offset(now) != forever.to_offset(now) || coming(zone)? != coming(&forever)? {
        return None;
    }
    recurring(&forever, footer, on.year())
}

/// The facts of a zone that has this rule in all years.
pub(super) fn recurring(zone: &TimeZone, posix: &str, year: i16) -> Option<Facts> {
    let Some(halves) = posix::halves(posix) else {
        return still(zone, date(year, 1, 1)).map(|facts| Facts { posix: posix.to_owned(), ..facts });
    };
    let [first, second] = changes(zone, year)?[..] else {
        return None;
    };
    let moves = Moves::of_pair(first, second);
    let is_negative = !zone.to_offset_info(moves.start?.at).dst().is_dst();
    let [start, end] = if is_negative { [halves[1], halves[0]] } else { halves };
    let mut dst = moves.dst(year);
    if let (Some(start), Some(end)) = (by_week(dst.start, start), by_week(dst.end, end)) {
        dst = Dst { kind: Kind::Week, start, end, ..dst };
    }
    let facts = moves.facts(zone, dst);
    let phones_read_it = !is_negative && halves.into_iter().all(Half::is_classic);
    Some(if phones_read_it { Facts { posix: posix.to_owned(), ..facts } } else { facts })
}

/// The edge by the week of its rule, if the rule names a weekday and the change is on that very day.
fn by_week(edge: Edge, half: Half) -> Option<Edge> {
    let (week, weekday) = half.week.filter(|_| half.within_day())?;
    (weekday == edge.weekday).then(|| edge.in_week(week))
}

/// The facts of a year that has rules of its own.
fn from_changes(zone: &TimeZone, on: Date) -> Option<Facts> {
    let changes = changes(zone, on.year())?;
    let moves = match changes[..] {
        [first, second] if first.is_undone_by(second) => Moves::of_pair(first, second),
        _ => match changes.iter().position(|change| change.local.date() >= on) {
            Some(next) => Moves::around(&changes, next),
            None => return still(zone, on),
        },
    };
    Some(moves.facts(zone, moves.dst(on.year())))
}

/// A clock that stands still.
fn still(zone: &TimeZone, on: Date) -> Option<Facts> {
    let info = zone.to_offset_info(midnight(zone, on)?);
    let offset = info.offset().seconds();
    let posix = posix::still(info.abbreviation(), offset);
    Some(Facts { offset, posix, dst: None })
}

/// The two changes that a phone is told; at least one is there, and New Year stands for the other.
#[derive(Clone, Copy)]
struct Moves {
    any: Change,
    start: Option<Change>,
    end: Option<Change>,
}

impl Moves {
    fn of_pair(first: Change, second: Change) -> Moves {
        let (start, end) = if first.is_forward() { (first, second) } else { (second, first) };
        Moves { any: first, start: Some(start), end: Some(end) }
    }

    /// The next change with the one that undoes it, or that it undoes, or alone.
    fn around(changes: &[Change], next: usize) -> Moves {
        let change = changes[next];
        let after = changes.get(next + 1).filter(|after| change.is_undone_by(**after));
        let before = next.checked_sub(1).map(|last| &changes[last]).filter(|before| before.is_undone_by(change));
        match after.or(before) {
            Some(other) => Moves::of_pair(change, *other),
            None => Moves {
                any: change,
                start: Some(change).filter(|change| change.is_forward()),
                end: Some(change).filter(|change| !change.is_forward()),
            },
        }
    }

    fn dst(self, year: i16) -> Dst {
        let new_year = date(year, 1, 1).at(0, 0, 0, 0);
        let edge = |change: Option<Change>| Edge::at(change.map_or(new_year, |change| change.local));
        let save = (self.any.after.seconds() - self.any.before.seconds()).abs();
        Dst { kind: Kind::Date, save, start: edge(self.start), end: edge(self.end) }
    }

    fn facts(self, zone: &TimeZone, dst: Dst) -> Facts {
        let offset = self.any.before.min(self.any.after).seconds();
        let before = zone.to_offset_info(self.any.at - 1.second());
        let after = zone.to_offset_info(self.any.at);
        let (standard, summer) = if self.any.is_forward() { (before, after) } else { (after, before) };
        let posix = posix::moving(standard.abbreviation(), summer.abbreviation(), offset, &dst);
        Facts { offset, posix, dst: Some(dst) }
    }
}

/// The moves of a zone's clock in a year of local time.
fn changes(zone: &TimeZone, year: i16) -> Option<Vec<Change>> {
    let margin = 2.days();
    let from = midnight(&TimeZone::UTC, date(year, 1, 1).checked_sub(margin).ok()?)?;
    let to = midnight(&TimeZone::UTC, date(year, 12, 31).checked_add(margin).ok()?)?;
    let mut before = zone.to_offset(from);
    let mut changes = Vec::new();
    for transition in zone.following(from).take_while(|transition| transition.timestamp() < to) {
        let (at, after) = (transition.timestamp(), transition.offset());
        let local = before.to_datetime(at);
        if after != before && local.year() == year {
            changes.push(Change { at, before, after, local });
        }
        before = after;
    }
    Some(changes)
}

fn midnight(zone: &TimeZone, on: Date) -> Option<Timestamp> {
    zone.to_timestamp(on.at(0, 0, 0, 0)).ok()
}

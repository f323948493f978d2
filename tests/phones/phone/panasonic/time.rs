//! The clock: minutes east of Greenwich and a rule by weeks, or a zone in POSIX spelling over both.

use super::super::flash::Flash;
use super::super::report::{Day, Dst, Edge, Time, Weekday};
use super::super::{Outcome, posix};
use super::yes;

pub fn read(flash: &Flash) -> Outcome<Option<Time>> {
    if let Some(zone) = flash.text("LOCAL_TIME_ZONE_POSIX") {
        return posix::parse(&zone).map(Some);
    }
    let Some(minutes) = flash.number::<i32>("TIME_ZONE")? else {
        return Ok(None);
    };
    if !(-12 * 60..=14 * 60).contains(&minutes) {
        return Err(format!("TIME_ZONE: {minutes} is nowhere"));
    }
    let dst = if yes(flash, "DST_ENABLE")?.unwrap_or(false) { rule(flash)? } else { Dst::Off };
    Ok(Some(Time { offset: minutes * 60, zone: None, dst }))
}

fn rule(flash: &Flash) -> Outcome<Dst> {
    let save = part(flash, "DST_OFFSET", 0, 720)?.cast_signed() * 60;
    Ok(Dst::Rule { start: edge(flash, "START")?, end: edge(flash, "STOP")?, save })
}

/// The hour is told in minutes after midnight, Sunday is 0; the last week is the fifth.
fn edge(flash: &Flash, which: &str) -> Outcome<Edge> {
    let part = |what: &str, least, most| part(flash, &format!("DST_{which}_{what}"), least, most);
    let weekday = Weekday::from_sunday_zero(part("DAY_OF_WEEK", 0, 6)?).ok_or("no such weekday")?;
    let day = Day::Week { week: part("ORDINAL_DAY", 1, 5)?, weekday };
    Ok(Edge { month: part("MONTH", 1, 12)?, day, at: part("TIME", 0, 1439)?.cast_signed() * 60 })
}

fn part(flash: &Flash, name: &str, least: u32, most: u32) -> Outcome<u32> {
    let told: Option<u32> = flash.number(name)?;
    told.filter(|told| (least..=most).contains(told)).ok_or_else(|| format!("{name}: not told from {least} to {most}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(told: &[(&str, &str)]) -> Outcome<Time> {
        let mut flash = Flash::default();
        for (name, value) in [
            ("TIME_ZONE", "-300"),
            ("DST_ENABLE", "Y"),
            ("DST_OFFSET", "60"),
            ("DST_START_MONTH", "3"),
            ("DST_START_ORDINAL_DAY", "2"),
            ("DST_START_DAY_OF_WEEK", "0"),
            ("DST_START_TIME", "120"),
            ("DST_STOP_MONTH", "11"),
            ("DST_STOP_ORDINAL_DAY", "5"),
            ("DST_STOP_DAY_OF_WEEK", "6"),
            ("DST_STOP_TIME", "90"),
        ] {
            flash.set(name, value);
        }
        for (name, value) in told {
            flash.set(*name, *value);
        }
        Ok(read(&flash)?.unwrap())
    }

    #[test]
    fn a_rule_by_weeks() {
        let start = Edge { month: 3, day: Day::Week { week: 2, weekday: Weekday::Sunday }, at: 7200 };
        let end = Edge { month: 11, day: Day::Week { week: 5, weekday: Weekday::Saturday }, at: 5400 };
        assert_eq!(time(&[]).unwrap(), Time { offset: -18000, zone: None, dst: Dst::Rule { start, end, save: 3600 } });
        assert_eq!(time(&[("DST_ENABLE", "N")]).unwrap().dst, Dst::Off);
        assert_eq!(time(&[("LOCAL_TIME_ZONE_POSIX", "TZT-5:30")]).unwrap().offset, 19800);
    }

    #[test]
    fn broken_rules() {
        for wrong in [("DST_START_DAY_OF_WEEK", "7"), ("DST_STOP_TIME", "1440"), ("DST_STOP_MONTH", ""), ("TIME_ZONE", "3600")] {
            assert!(time(&[wrong]).is_err(), "{wrong:?}");
        }
    }
}

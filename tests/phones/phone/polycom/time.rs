//! The clock: `tcpIpApp.sntp.…`.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::report::{Day, Dst, Edge, Time, Weekday};

const SNTP: &str = "tcpIpApp.sntp";
const SUMMER: &str = "tcpIpApp.sntp.daylightSavings";

pub fn read(flash: &Flash) -> Outcome<Option<Time>> {
    let zone = flash.text(&format!("{SNTP}.olsonTimezoneID"));
    let Some(offset) = flash.number::<i32>(&format!("{SNTP}.gmtOffset"))? else {
        return Ok(zone.map(|zone| Time { offset: 0, zone: Some(zone), dst: Dst::Automatic }));
    };
    if !(-43200..=50400).contains(&offset) {
        return Err(format!("{SNTP}.gmtOffset: {offset} is out of range"));
    }
    let dst = match flash.flag(&format!("{SUMMER}.enable"))? {
        Some(false) => Dst::Off,
        Some(true) => Dst::Rule { start: edge(flash, "start")?, end: edge(flash, "stop")?, save: 3600 },
        None => Dst::Automatic,
    };
    Ok(Some(Time { offset, zone, dst }))
}

/// By date, or by a weekday: its last one, or the first one on or after the 1st, 8th, 15th or 22nd.
fn edge(flash: &Flash, which: &str) -> Outcome<Edge> {
    let number = |name: &str, least: u32, most: u32| {
        let name = format!("{SUMMER}.{which}.{name}");
        let told: u32 = flash.number(&name)?.ok_or_else(|| format!("{name}: summer time is on, but this is missing"))?;
        if (least..=most).contains(&told) { Ok(told) } else { Err(format!("{name}: {told} is out of range")) }
    };
    let day = if flash.flag(&format!("{SUMMER}.fixedDayEnable"))? == Some(true) {
        Day::Date(number("date", 1, 31)?)
    } else {
        let told = number("dayOfWeek", 1, 7)?;
        let weekday = Weekday::from_sunday_one(told).ok_or("no weekday")?;
        let last = flash.flag(&format!("{SUMMER}.{which}.dayOfWeek.lastInMonth"))? == Some(true);
        Day::Week { week: if last { 5 } else { week(which, number("date", 1, 31)?)? }, weekday }
    };
    Ok(Edge { month: number("month", 1, 12)?, day, at: number("time", 0, 23)?.cast_signed() * 3600 })
}

fn week(which: &str, date: u32) -> Outcome<u32> {
    match date {
        1 | 8 | 15 | 22 => Ok(date / 7 + 1),
        _ => Err(format!("{SUMMER}.{which}.date: {date} is not 1, 8, 15 or 22")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(parameters: &[(&str, &str)]) -> Outcome<Option<Time>> {
        let mut flash = Flash::default();
        for (name, value) in parameters {
            flash.set(format!("{SNTP}.{name}"), *value);
        }
        read(&flash)
    }

    const BERLIN: [(&str, &str); 10] = [
        ("gmtOffset", "3600"),
        ("daylightSavings.enable", "1"),
        ("daylightSavings.start.month", "3"),
        ("daylightSavings.start.dayOfWeek", "1"),
        ("daylightSavings.start.dayOfWeek.lastInMonth", "1"),
        ("daylightSavings.start.time", "2"),
        ("daylightSavings.stop.month", "10"),
        ("daylightSavings.stop.dayOfWeek", "1"),
        ("daylightSavings.stop.dayOfWeek.lastInMonth", "1"),
        ("daylightSavings.stop.time", "3"),
    ];

    #[test]
    fn the_last_sunday_is_day_one() {
        let day = Day::Week { week: 5, weekday: Weekday::Sunday };
        let (start, end) = (Edge { month: 3, day, at: 7200 }, Edge { month: 10, day, at: 10800 });
        assert_eq!(time(&BERLIN).unwrap().unwrap().dst, Dst::Rule { start, end, save: 3600 });
    }

    #[test]
    fn the_second_sunday_is_on_or_after_the_eighth() {
        let with = |date: &str| {
            let mut told = BERLIN.to_vec();
            told[4].1 = "0";
            let date = [("daylightSavings.start.date", date)];
            time(&told.iter().chain(&date).copied().collect::<Vec<_>>())
        };
        let Dst::Rule { start, .. } = with("8").unwrap().unwrap().dst else { panic!() };
        assert_eq!(start.day, Day::Week { week: 2, weekday: Weekday::Sunday });
        assert!(with("2").is_err());
    }

    #[test]
    fn offsets_zones_and_silence() {
        assert_eq!(time(&[]).unwrap(), None);
        assert_eq!(time(&[("gmtOffset", "-12600"), ("daylightSavings.enable", "0")]).unwrap().unwrap().dst, Dst::Off);
        assert_eq!(time(&[("olsonTimezoneID", "Europe/Berlin")]).unwrap().unwrap().zone.as_deref(), Some("Europe/Berlin"));
        assert!(time(&[("gmtOffset", "1:00")]).is_err());
        assert!(time(&BERLIN[..9]).is_err());
    }
}

//! The clock: a zone of one's own, told in minutes west of Greenwich.

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::report::{Day, Dst, Edge, Time, Weekday};

pub fn read(flash: &Flash) -> Outcome<Option<Time>> {
    match flash.text("time zone name").as_deref() {
        None => return Ok(None),
        Some("Custom") => {}
        Some(other) => return Err(format!("time zone name: this phone's table of zones is not read, and `{other}` is in it")),
    }
    let west: i32 = flash.number("time zone minutes")?.ok_or("time zone minutes: a zone of one's own has them")?;
    if !(-14 * 60..=12 * 60).contains(&west) {
        return Err(format!("time zone minutes: {west} is nowhere"));
    }
    let dst = match flash.text("dst config").as_deref() {
        Some("0") => Dst::Off,
        None | Some("3") => rule(flash)?,
        Some(other) => return Err(format!("dst config: `{other}` is neither off nor automatic")),
    };
    Ok(Some(Time { offset: -west * 60, zone: None, dst }))
}

fn rule(flash: &Flash) -> Outcome<Dst> {
    let save: i32 = flash.number("dst minutes")?.unwrap_or(60);
    if !(0..=60).contains(&save) {
        return Err(format!("dst minutes: {save} is not between 0 and 60"));
    }
    Ok(Dst::Rule { start: edge(flash, "start")?, end: edge(flash, "end")?, save: save * 60 })
}

/// The guides print the name of one parameter with both words in brackets, and files of the field use it so.
fn relative(flash: &Flash, which: &str) -> Outcome<bool> {
    let both = flash.flag("dst [start|end] relative date")?;
    let own = flash.flag(&format!("dst {which} relative date"))?;
    match (both, own) {
        (Some(both), Some(own)) if both != own => Err(format!("dst {which} relative date: said in two ways")),
        _ => own.or(both).ok_or_else(|| format!("dst {which} relative date: not told")),
    }
}

fn edge(flash: &Flash, which: &str) -> Outcome<Edge> {
    let part = |what: &str, least: u32, most: u32| -> Outcome<u32> {
        let name = format!("dst {which} {what}");
        let told: Option<u32> = flash.number(&name)?;
        told.filter(|told| (least..=most).contains(told)).ok_or_else(|| format!("{name}: not told from {least} to {most}"))
    };
    let day = if relative(flash, which)? {
        let weekday = Weekday::from_sunday_one(part("day", 1, 7)?).ok_or("no such weekday")?;
        Day::Week { week: week(flash, which)?, weekday }
    } else {
        Day::Date(part("day", 1, 31)?)
    };
    Ok(Edge { month: part("month", 1, 12)?, day, at: part("hour", 0, 23)?.cast_signed() * 3600 })
}

/// -1 is the last of the month. 5 would be the fifth, which not every month has.
fn week(flash: &Flash, which: &str) -> Outcome<u32> {
    let name = format!("dst {which} week");
    match flash.number::<i32>(&name)? {
        Some(-1) => Ok(5),
        Some(week @ 1..=4) => Ok(week.cast_unsigned()),
        other => Err(format!("{name}: {other:?} is no week of every month")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(told: &[(&str, &str)]) -> Outcome<Option<Time>> {
        let mut flash = Flash::default();
        flash.set("time zone name", "Custom");
        flash.set("time zone minutes", "-60");
        for (name, value) in told {
            flash.set(*name, *value);
        }
        read(&flash)
    }

    const RULE: [(&str, &str); 10] = [
        ("dst config", "3"),
        ("dst [start|end] relative date", "1"),
        ("dst start month", "3"),
        ("dst start week", "-1"),
        ("dst start day", "1"),
        ("dst start hour", "2"),
        ("dst end month", "11"),
        ("dst end week", "1"),
        ("dst end day", "7"),
        ("dst end hour", "3"),
    ];

    #[test]
    fn weeks_of_a_month() {
        let found = time(&RULE).unwrap().unwrap();
        let start = Edge { month: 3, day: Day::Week { week: 5, weekday: Weekday::Sunday }, at: 7200 };
        let end = Edge { month: 11, day: Day::Week { week: 1, weekday: Weekday::Saturday }, at: 10800 };
        assert_eq!((found.offset, found.dst), (3600, Dst::Rule { start, end, save: 3600 }));
    }

    #[test]
    fn dates_and_no_summer() {
        let mut told = RULE.to_vec();
        told.push(("dst [start|end] relative date", "0"));
        let Dst::Rule { start, .. } = time(&told).unwrap().unwrap().dst else { panic!() };
        assert_eq!(start.day, Day::Date(1));
        assert_eq!(time(&[("dst config", "0")]).unwrap().unwrap().dst, Dst::Off);
    }

    #[test]
    fn broken_rules() {
        for wrong in
            [("dst start week", "5"), ("dst end day", "0"), ("dst minutes", "90"), ("dst start relative date", "0"), ("dst config", "7")]
        {
            let mut told = RULE.to_vec();
            told.push(wrong);
            assert!(time(&told).is_err(), "{wrong:?}");
        }
        assert!(time(&[("dst config", "3")]).is_err());
        assert!(time(&[("time zone name", "Europe/Berlin")]).is_err());
    }
}

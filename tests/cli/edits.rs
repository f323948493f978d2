//! A build that goes on from the last one gives what a clean one gives, whatever was edited in between: every byte, and every finding.
//! `SIPRESS_EDITS=500` makes as many edits; a few dozen where it is not set.

use sipress::kit::generate::Dice;

use crate::fleet::Fleet;
use crate::tree::Tree;
use crate::varied::{Kept, edit, varied};

/// All that a build made but its memory, and what it said.
struct Made {
    code: Option<i32>,
    findings: String,
    out: Tree,
}

impl Made {
    fn by(fleet: &Fleet, day: &str, out: &str) -> Made {
        let output = fleet.sipress(&format!("build --format json --as-of {day} --out {out}")).output();
        let findings = String::from_utf8(output.stdout).expect("UTF-8");
        Made { code: output.status.code(), findings, out: fleet.tree(out) }
    }

    fn assert_same(&self, clean: &Made, what: &dyn Fn() -> String) {
        assert_eq!((self.code, &self.findings), (clean.code, &clean.findings), "{}", what());
        if self.code == Some(0) {
            let changes =
                self.out.changes(&clean.out).into_iter().filter(|change| !change.starts_with('t') && !change.contains(" .cache/"));
            assert_eq!(changes.collect::<Vec<_>>(), [""; 0], "{}", what());
        }
    }
}

/// What may happen to an output between two builds.
fn meanwhile(fleet: &Fleet, dice: &mut Dice) -> &'static str {
    match dice.below(12) {
        0 => {
            let _ = std::fs::remove_dir_all(fleet.path("out/.cache"));
            "the cache is gone"
        }
        1 => {
            let tree = fleet.tree("out/site");
            let paths: Vec<&str> = tree.paths().collect();
            let path = format!("out/site/{}", dice.word(&paths));
            match dice.one_in(2) {
                true => _ = fleet.remove(&path),
                false => _ = fleet.write(&path, "touched"),
            }
            "a file of the site is gone or touched"
        }
        2 | 3 => {
            let customer = dice.word(&["acme", "north/bakery", "stock", "north"]);
            fleet.sipress("build -q --only").arg(customer).output();
            "some customers were built alone"
        }
        4 => {
            fleet.sipress("build -q --as-of 2027-03-31").output();
            "a build of another day"
        }
        _ => "",
    }
}

fn going_on(rounds: usize, seed: u64) {
    let fleet = varied();
    let mut dice = Dice::new(seed);
    let mut done: Vec<String> = Vec::new();
    let mut good = 0;
    fleet.build();
    for round in 0..rounds {
        let before = Kept::of(&fleet);
        // Sometimes several edits lie between two builds.
        for _ in 0..1 + dice.below(2) {
            done.push(edit(&fleet, &mut dice, round));
        }
        done.push(meanwhile(&fleet, &mut dice).to_owned());
        let day = if dice.one_in(5) { "2027-02-03" } else { "2026-12-01" };
        let made = Made::by(&fleet, day, "out");
        let clean = Made::by(&fleet, day, "clean");
        made.assert_same(&clean, &|| {
            format!("seed {seed}, round {round}, {day}, after {:#?}", done.iter().rev().take(6).collect::<Vec<_>>())
        });
        std::fs::remove_dir_all(fleet.path("clean")).expect("the clean build goes");
        match made.code {
            Some(0) => good += 1,
            _ => before.put_back(&fleet),
        }
    }
    assert!(good * 2 > rounds, "{good} of {rounds} builds had no errors");
}

#[test]
fn going_on_is_as_good_as_beginning_anew() {
    let rounds = std::env::var("SIPRESS_EDITS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(36);
    // Several fleets, so that edits do not only pile up.
    let seeds = 1 + rounds / 100;
    (0..seeds as u64).for_each(|seed| going_on(rounds / seeds, 11 + seed));
}

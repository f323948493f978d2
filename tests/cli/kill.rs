//! Builds that are killed at any moment, and what they leave.
//!
//! `SIPRESS_KILLS=200` kills more often than the usual 20 times.

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::fleet::Fleet;
use crate::tree::Tree;

const CUSTOMERS: usize = 4;
const DEVICES: usize = 60;

/// A fleet that takes some time, in one of two editions that differ in most files and in which there are.
fn large(edition: usize) -> Fleet {
    let fleet = Fleet::small();
    let server = format!("ntp{edition}.example.net");
    fleet.edit("devices/fleet.toml", "ntp.example.net", &server);
    for customer in 0..CUSTOMERS {
        let folder = format!("devices/customer-{}", customer + edition);
        fleet.write(&format!("{folder}/customer.toml"), &format!("name = \"Customer {customer}\"\n"));
        let devices = (0..DEVICES).filter(|device| !(device + edition).is_multiple_of(7));
        let devices = devices.map(|device| {
            format!("[[device]]\nmac = \"02acce{:02x}{device:04x}\"\nmodel = \"acmephone/a2\"\nline = [{{ number = 1, user = \"u{device}\" }}]\n\n", customer + edition + 1)
        });
        fleet.write(&format!("{folder}/phones.toml"), &devices.collect::<String>());
    }
    fleet
}

/// The pseudo-random numbers of a test that can be repeated.
pub struct Dice(pub u64);

impl Dice {
    /// A number below a limit.
    pub fn throw(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

#[test]
fn a_killed_build_tears_no_file_and_is_mended_by_the_next() {
    let kills = std::env::var("SIPRESS_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(20);
    let fleets = [large(0), large(1)];
    fleets.iter().for_each(|fleet| _ = fleet.build());
    let usual = time_of_a_change(&fleets);
    let roots = fleets.each_ref().map(Fleet::manifest_root);
    let whole = fleets.each_ref().map(|fleet| fleet.tree("out/site"));
    assert_ne!(roots[0], roots[1]);
    let mut dice = Dice(7);
    let mut cut_short = 0;
    let mut out = Fleet::empty();
    for kill in 0..kills {
        if kill % 10 == 0 {
            out = Fleet::empty();
        }
        let fleet = &fleets[kill % 2];
        let place = out.path("out");
        let call = fleet.sipress("build -q --out").arg(&place);
        let mut build = call.command().spawn().expect("sipress starts");
        sleep(Duration::from_micros(dice.throw(usual.as_micros() as usize) as u64));
        build.kill().expect("a kill");
        let status = build.wait().expect("an end");
        cut_short += usize::from(status.code().is_none());

        let left = out.tree("out/site");
        look_for_torn(&left, &whole, kill);
        if dice.throw(3) > 0 {
            let next = dice.throw(2);
            fleets[next].sipress("build -q --out").arg(&place).run();
            assert_eq!(out.manifest_root(), roots[next], "after kill {kill}");
            assert!(out.tree("out/site").contents() == whole[next].contents(), "after kill {kill}");
            assert!(!out.has("out/.cache/stage") && !out.has("out/manifest/journal"));
        }
    }
    eprintln!("{cut_short} of {kills} builds were cut short");
    assert!(cut_short * 3 > kills, "{cut_short} of {kills} were cut short, too few to tell");
}

/// How long it takes to go from one edition to the other.
fn time_of_a_change(fleets: &[Fleet; 2]) -> Duration {
    let out = Fleet::empty();
    let place = out.path("out");
    let times = fleets.iter().chain(fleets).map(|fleet| {
        let started = Instant::now();
        fleet.sipress("build -q --out").arg(&place).run();
        started.elapsed()
    });
    times.min().unwrap_or_default()
}

fn look_for_torn(left: &Tree, whole: &[Tree; 2], kill: usize) {
    let whole: Vec<BTreeMap<&str, &[u8]>> = whole.iter().map(Tree::contents).collect();
    for (path, bytes) in left.contents() {
        let known = whole.iter().any(|whole| whole.get(path) == Some(&bytes));
        assert!(known, "{path} is torn after kill {kill}");
    }
}

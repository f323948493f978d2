//! Where the time of a build goes. Nothing of it has any influence on a byte.
#![allow(clippy::disallowed_methods, reason = "measures, for those who ask")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::compile::{Meter, Pass};

/// Where the time of a build went.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// How many threads worked.
    pub threads: usize,
    /// From the walk to the commit.
    pub total: Duration,
    /// Steps of the whole, one after the other.
    pub steps: Vec<(&'static str, Duration)>,
    /// Work on customers, and beside it, summed over threads.
    pub phases: Vec<(&'static str, Duration)>,
    /// Each customer of the build by name.
    pub customers: BTreeMap<String, CustomerTime>,
    /// What is there for each vendor's phones, phone books included.
    pub vendors: Vendors,
}

/// The time that one customer took.
#[derive(Clone, Copy, Debug)]
pub struct CustomerTime {
    /// Of one thread.
    pub spent: Duration,
    /// Devices.
    pub devices: usize,
    /// Whether it was as the last build left it.
    pub kept: bool,
}

/// What a build has for the phones of a vendor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Devices that have files.
    pub devices: u64,
    /// Those that were rendered rather than taken over from the last build.
    pub rendered: u64,
    /// Files.
    pub files: u64,
    /// Bytes of the files.
    pub bytes: u64,
}

impl Made {
    fn add(&mut self, other: &Made) {
        self.devices += other.devices;
        self.rendered += other.rendered;
        self.files += other.files;
        self.bytes += other.bytes;
    }
}

/// What there is by vendor.
pub type Vendors = BTreeMap<String, Made>;

/// Times something that is always timed: the walk comes before anybody can ask.
pub fn timed<R>(work: impl FnOnce() -> R) -> (R, Duration) {
    let begun = Instant::now();
    let result = work();
    (result, begun.elapsed())
}

/// Measures a build from several threads.
pub struct Clock {
    last: Mutex<Instant>,
    timings: Mutex<Timings>,
}

impl Clock {
    /// Begins behind a walk that took so long.
    pub fn new(walked: Duration) -> Clock {
        let phases = PASSES.map(|(_, name)| (name, Duration::ZERO)).into();
        let timings = Timings { threads: rayon::current_num_threads(), steps: vec![("walk", walked)], phases, ..Timings::default() };
        Clock { last: Mutex::new(Instant::now()), timings: Mutex::new(timings) }
    }

    /// A step of the whole is over.
    pub fn step(&self, name: &'static str) {
        let now = Instant::now();
        let last = std::mem::replace(&mut *self.last.lock().unwrap_or_else(PoisonError::into_inner), now);
        self.timings().steps.push((name, now - last));
    }

    /// Measures what goes on beside the customers.
    pub fn beside<R>(&self, name: &'static str, work: impl FnOnce() -> R) -> R {
        let (result, spent) = timed(work);
        ENDED.set(ENDED.get() + spent);
        self.timings().phases.push((name, spent));
        result
    }

    /// What was measured.
    pub fn read(self) -> Timings {
        let timings = self.timings.into_inner().unwrap_or_else(PoisonError::into_inner);
        Timings { total: timings.steps.iter().map(|(_, spent)| spent).sum(), ..timings }
    }

    fn timings(&self) -> MutexGuard<'_, Timings> {
        self.timings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const PASSES: [(Pass, &str); 7] = [
    (Pass::Look, "look"),
    (Pass::Load, "load"),
    (Pass::Resolve, "resolve"),
    (Pass::Plan, "plan"),
    (Pass::Check, "check"),
    (Pass::Render, "render"),
    (Pass::Write, "write"),
];

thread_local! {
    /// What work took that this thread began and ended so far. A thread that waits for others takes up other work.
    static ENDED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Measures one customer, on one thread.
pub struct Watch {
    begun: Instant,
    ended_before: Duration,
    since: Cell<Instant>,
    pass: Cell<Pass>,
    spent: [Cell<Duration>; PASSES.len()],
}

impl Watch {
    /// Begins to look at a customer.
    pub fn start() -> Rc<Watch> {
        let now = Instant::now();
        let spent = Default::default();
        Rc::new(Watch { begun: now, ended_before: ENDED.get(), since: Cell::new(now), pass: Cell::new(Pass::Look), spent })
    }

    /// The customer is done.
    pub fn finish(&self, clock: &Clock, customer: &str, devices: usize, vendors: &Vendors, kept: bool) {
        self.enter(Pass::Look);
        let all = self.begun.elapsed();
        let others = ENDED.get() - self.ended_before;
        ENDED.set(self.ended_before + all);
        // Only a look at many files waits for other threads.
        let look = &self.spent[Pass::Look as usize];
        look.set(look.get().saturating_sub(others));
        let mut timings = clock.timings();
        for ((_, sum), spent) in timings.phases.iter_mut().zip(&self.spent) {
            *sum += spent.get();
        }
        for (vendor, made) in vendors {
            timings.vendors.entry(vendor.clone()).or_default().add(made);
        }
        timings.customers.insert(customer.to_owned(), CustomerTime { spent: all.saturating_sub(others), devices, kept });
    }
}

impl Meter for Watch {
    fn enter(&self, pass: Pass) -> Pass {
        let now = Instant::now();
        let before = self.pass.replace(pass);
        let spent = &self.spent[before as usize];
        spent.set(spent.get() + (now - self.since.replace(now)));
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_have_their_places() {
        for (place, (pass, _)) in PASSES.iter().enumerate() {
            assert_eq!(*pass as usize, place);
        }
    }

    #[test]
    fn a_customer_that_is_taken_up_while_another_waits_counts_once() {
        let pause = || std::thread::sleep(Duration::from_millis(20));
        let clock = Clock::new(Duration::ZERO);
        let outer = Watch::start();
        pause();
        let inner = Watch::start();
        inner.enter(Pass::Load);
        pause();
        inner.finish(&clock, "inner", 1, &Vendors::new(), false);
        outer.enter(Pass::Render);
        pause();
        outer.finish(&clock, "outer", 2, &Vendors::new(), true);
        let begun = outer.begun.elapsed();
        let timings = clock.read();
        let sum: Duration = timings.customers.values().map(|customer| customer.spent).sum();
        assert!(sum <= begun && sum >= Duration::from_millis(60), "{timings:?}");
        let phases: Duration = timings.phases.iter().map(|(_, spent)| *spent).sum();
        assert!(phases.abs_diff(sum) < Duration::from_millis(1), "{timings:?}");
        assert!(
            timings.phases.iter().filter(|(name, _)| ["look", "load", "render"].contains(name)).all(|(_, spent)| spent.as_millis() >= 20)
        );
    }
}

//! Where the time of a build goes. Nothing of it has any influence on a byte.
#![allow(clippy::disallowed_methods, reason = "measures, for those who ask")]

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::compile::Phase;

/// Where the time of a build went.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// Steps of the whole, one after the other.
    pub steps: Vec<(&'static str, Duration)>,
    /// Work on customers, summed over threads.
    pub phases: BTreeMap<&'static str, Duration>,
    /// Customers that were made: time on one thread, and devices.
    pub customers: BTreeMap<String, (Duration, usize)>,
    /// Devices and bytes by vendor; phone books are of none.
    pub vendors: BTreeMap<String, (usize, u64)>,
}

/// Measures a build from several threads.
pub struct Clock {
    last: Mutex<Instant>,
    timings: Mutex<Timings>,
}

impl Default for Clock {
    fn default() -> Self {
        Clock { last: Mutex::new(Instant::now()), timings: Mutex::default() }
    }
}

impl Clock {
    /// A step of the whole is over.
    pub fn step(&self, name: &'static str) {
        let now = Instant::now();
        let last = std::mem::replace(&mut *self.last.lock().unwrap_or_else(PoisonError::into_inner), now);
        self.timings().steps.push((name, now - last));
    }

    /// What was measured.
    pub fn read(self) -> Timings {
        self.timings.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn timings(&self) -> std::sync::MutexGuard<'_, Timings> {
        self.timings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Measures one customer.
pub struct Watch<'c> {
    clock: &'c Clock,
    begun: Instant,
    last: Instant,
    writing: Duration,
    bytes: u64,
    own: Timings,
}

impl<'c> Watch<'c> {
    /// Begins with a customer.
    pub fn new(clock: &'c Clock) -> Self {
        let now = Instant::now();
        Watch { clock, begun: now, last: now, writing: Duration::ZERO, bytes: 0, own: Timings::default() }
    }

    /// Measures the writing of a file.
    pub fn writes<R>(&mut self, bytes: usize, write: impl FnOnce() -> R) -> R {
        let begun = Instant::now();
        let result = write();
        self.writing += begun.elapsed();
        self.bytes += bytes as u64;
        result
    }

    /// A phase is over.
    pub fn done(&mut self, phase: Phase, vendor: &str) {
        let now = Instant::now();
        let writing = std::mem::take(&mut self.writing);
        let spent = (now - self.last).saturating_sub(writing);
        self.last = now;
        let name = match phase {
            Phase::Load => "load",
            Phase::Resolve => "resolve and check",
            Phase::Render => "render",
        };
        *self.own.phases.entry(name).or_default() += spent;
        *self.own.phases.entry("write").or_default() += writing;
        if phase == Phase::Render {
            let own = self.own.vendors.entry(if vendor.is_empty() { "(phone books)" } else { vendor }.to_owned()).or_default();
            own.0 += usize::from(!vendor.is_empty());
            own.1 += std::mem::take(&mut self.bytes);
        }
    }

    /// The customer is done.
    pub fn finish(mut self, customer: &str, devices: usize) {
        *self.own.phases.entry("write").or_default() += self.last.elapsed();
        let mut all = self.clock.timings();
        for (name, spent) in self.own.phases {
            *all.phases.entry(name).or_default() += spent;
        }
        for (vendor, (count, bytes)) in self.own.vendors {
            let own = all.vendors.entry(vendor).or_default();
            own.0 += count;
            own.1 += bytes;
        }
        all.customers.insert(customer.to_owned(), (self.begun.elapsed(), devices));
    }
}

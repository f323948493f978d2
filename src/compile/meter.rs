//! Which pass a unit is in, for those who measure. Only `run` has a clock.

use super::Worker;

/// A pass over a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// What the last build left is looked at.
    Look,
    /// Files are read and parsed.
    Load,
    /// Settings are resolved.
    Resolve,
    /// A pack is specialised for a model and firmware, once for all devices that have them.
    Plan,
    /// Rules look at them.
    Check,
    /// Files are rendered.
    Render,
    /// They are held against what is in the site, and kept aside.
    Write,
}

/// Hears which pass a unit is in.
pub trait Meter {
    /// Another pass begins; tells the one before.
    fn enter(&self, pass: Pass) -> Pass;
}

impl Worker<'_, '_, '_> {
    /// Works in a pass, and goes back to the one before.
    pub(super) fn within<R>(&mut self, pass: Pass, work: impl FnOnce(&mut Self) -> R) -> R {
        let Some(meter) = self.meter.clone() else { return work(self) };
        let before = meter.enter(pass);
        let result = work(self);
        meter.enter(before);
        result
    }
}

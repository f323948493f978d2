//! What `build --why` and `build --timings` say.

use std::time::Duration;

use super::output::count;
use crate::diagnostic::visible;
use crate::run::{Fate, Reason, Timings, Why};

/// Why a device's files were made again, or not. Folders are left out: they are secrets.
pub fn why(why: &Why) -> String {
    let mut text = format!("{} of {}\n", why.device, visible(&why.customer));
    text.push_str(match &why.reason {
        Reason::First => "  made, because there is no earlier build to go on from\n",
        Reason::Same => "  left alone: nothing that its customer is made of has changed\n",
        Reason::Unsure => "  made again, because its output was touched, or an input changed as it was being built\n",
        Reason::NotBuilt => "  left alone: its customer was not to be built\n",
        Reason::Changed { .. } => "  made again with its customer, because of\n",
    });
    if let Reason::Changed { inputs, gone } = &why.reason {
        inputs.iter().for_each(|input| text.push_str(&format!("    {}   new or changed\n", visible(input))));
        if *gone {
            text.push_str("    a file that is no more\n");
        }
    }
    for (path, fate) in &why.files {
        let name = path.rsplit('/').next().unwrap_or(path);
        let fate = match fate {
            Fate::New => "new",
            Fate::Changed => "other bytes",
            Fate::Untouched => "the same bytes, not touched",
            Fate::Gone => "gone",
        };
        text.push_str(&format!("  {:<28} {fate}\n", visible(name)));
    }
    text
}

/// Where the time went. `walked` is what it took to list the files and load the packs' names.
pub fn timings(timings: &Timings, walked: Duration) -> String {
    let milliseconds = |spent: Duration| format!("{:.1} ms", spent.as_secs_f64() * 1000.0);
    let mut text = "  one after the other\n".to_owned();
    let mut line = |name: &str, value: &str| text.push_str(&format!("    {:<36} {value:>12}\n", visible(name)));
    line("walk", &milliseconds(walked));
    timings.steps.iter().for_each(|(name, spent)| line(name, &milliseconds(*spent)));
    text.push_str("  of customers, summed over threads\n");
    let mut line = |name: &str, value: &str| text.push_str(&format!("    {:<36} {value:>12}\n", visible(name)));
    timings.phases.iter().for_each(|(name, spent)| line(name, &milliseconds(*spent)));
    let mut slowest: Vec<_> = timings.customers.iter().collect();
    slowest.sort_by_key(|(name, (spent, _))| (std::cmp::Reverse(*spent), *name));
    text.push_str(&format!("  slowest of {} made\n", count(timings.customers.len() as u64, "customer")));
    for (name, (spent, devices)) in slowest.into_iter().take(10) {
        text.push_str(&format!("    {:<36} {:>12}   {}\n", visible(name), milliseconds(*spent), count(*devices as u64, "device")));
    }
    text.push_str("  vendors\n");
    for (name, (devices, bytes)) in &timings.vendors {
        let size = format!("{:.1} KiB", *bytes as f64 / 1024.0);
        text.push_str(&format!("    {:<36} {size:>12}   {}\n", visible(name), count(*devices as u64, "device")));
    }
    text
}

//! Htek.

use super::{in_threes, keep, pickups};
use crate::phone::report::{Dst, Report};

/// It registers by the minute, has the summer time of its zone, and a phone book that is one list with three numbers to an entry.
pub fn htek(report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729", "g726-32", "g723", "ilbc", "opus"];
    for account in &mut report.accounts {
        keep(account, CODECS, 2);
        account.codecs.truncate(6);
        account.expires = account.expires.map(|seconds| seconds.div_ceil(60) * 60);
        if account.shared == "bla" {
            account.shared = "off";
        }
    }
    pickups(&mut report.keys, &["blf"]);
    if let Some(time) = report.time.as_mut().filter(|time| time.dst != Dst::Off) {
        time.dst = Dst::Automatic;
    }
    report.phonebook = in_threes(std::mem::take(&mut report.phonebook));
}

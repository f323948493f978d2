//! Fanvil.

use super::{in_threes, keep, pickups};
use crate::fleet::Resolved;
use crate::phone::report::{Area, Key, Report};

/// A line shows its display name, a watched line has one meaning, and a phone book is one list with three numbers to an entry.
pub fn fanvil(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729", "g726-32", "g723"];
    const LATER: &[&str] = &["opus", "ilbc", "g726-16", "g726-24", "g726-40", "amr", "amr-wb"];
    let old = of.model.families.iter().any(|family| family == "old");
    let codecs = if old { CODECS.to_vec() } else { [CODECS, LATER].concat() };
    for account in &mut report.accounts {
        keep(account, &codecs, 1);
        account.label = None;
        if account.shared == "bla" {
            account.shared = "off";
        }
    }
    pickups(&mut report.keys, &["blf", "blf_transfer_blind", "blf_transfer_attended", "blf_conference"]);
    for key in report.keys.iter_mut().filter(|key| !fanvil_tells_line(key)) {
        key.line = None;
    }
    report.phonebook = in_threes(std::mem::take(&mut report.phonebook));
}

/// Memory and line keys name their line, events and tones have none; what forwards is an event among the soft keys.
fn fanvil_tells_line(key: &Key) -> bool {
    match key.kind {
        "forward" => key.area != Area::Programmable,
        kind => matches!(kind, "line" | "speed_dial" | "intercom" | "call_park" | "presence") || kind.starts_with("blf"),
    }
}

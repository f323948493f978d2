//! What `build --why` says.

use crate::diagnostic::visible;
use crate::run::{Fate, Reason, Why};

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

/// The same for programs.
pub fn json(why: &Why) -> serde_json::Value {
    serde_json::json!({ "device": why.device })
}

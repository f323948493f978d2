//! What `build --why` says.

use serde_json::{Value, json};

use crate::diagnostic::visible;
use crate::run::{Change, Done, Fate, File, Input, Parameter, Reason, Why};

/// For people.
pub fn text(why: &Why) -> String {
    let mut text = format!("{} of {}: {}\n", why.device, visible(&why.customer), done(why));
    if let Some(from) = &why.from {
        text.push_str(&format!("  in the last build it was one of {}\n", visible(from)));
    }
    if let Reason::Inputs(inputs) = &why.reason {
        text.push_str("  changed since the last build\n");
        inputs.iter().for_each(|input| text.push_str(&format!("    {:<44} {}\n", visible(&input.name), change(input))));
    }
    if !why.parameters.is_empty() {
        text.push_str("  what its files say otherwise\n");
        why.parameters.iter().for_each(|parameter| text.push_str(&said(parameter)));
    } else if why.done == Done::Rendered && why.files.iter().all(|file| file.fate == Fate::Same) {
        text.push_str("  its files say what they said before\n");
    }
    if !why.files.is_empty() {
        text.push_str("  its files\n");
        why.files.iter().for_each(|file| text.push_str(&format!("    {:<44} {}\n", visible(&file.name), fate(file))));
    }
    text
}

fn done(why: &Why) -> &'static str {
    match (why.done, &why.reason) {
        (Done::NotBuilt, _) => "left alone, for its customer was not to be built",
        (Done::Kept, _) => "left alone, for nothing that its customer is made of has changed",
        (Done::Carried, Reason::Output) => "left alone, for it resolved to what it was; the output of its customer was touched",
        (Done::Carried, _) => "left alone, for it resolved to what it was",
        (Done::Rendered, Reason::First) => "rendered, for there is no build of its customer to go on from",
        (Done::Rendered, Reason::Output) => "rendered, for the output is not as the last build left it",
        (Done::Rendered, Reason::Racy) => {
            "rendered, for a file changed so shortly before the last build that its stamp could not be trusted"
        }
        (Done::Rendered, _) => "rendered",
    }
}

fn change(input: &Input) -> String {
    match &input.change {
        Change::New => "new".to_owned(),
        Change::Gone => "no more".to_owned(),
        Change::Content if input.name.contains('/') => "holds something else".to_owned(),
        Change::Content => "is another".to_owned(),
        Change::Touched => "written again, holds the same".to_owned(),
        Change::Value(before, after) => format!("was {before}, is {after}"),
    }
}

fn said(parameter: &Parameter) -> String {
    let value = |value: &Option<String>| match (value, parameter.secret) {
        (_, true) => "(secret)".to_owned(),
        (Some(value), false) => visible(&json!(value).to_string()).into_owned(),
        (None, false) => "nothing".to_owned(),
    };
    let values = format!("was {}, is {}", value(&parameter.before), value(&parameter.after));
    let settings = parameter.settings.join(", ");
    let line = format!("    {:<44} {values:<32}   {}   {settings}", visible(&parameter.name), visible(&parameter.file));
    format!("{}\n", line.trim_end())
}

fn fate(file: &File) -> String {
    let fate = match file.fate {
        Fate::New => "new",
        Fate::Changed => "other bytes",
        Fate::Same if file.moved => "the same bytes",
        Fate::Same => "the same bytes, not touched",
        Fate::Gone => "no more",
    };
    format!("{fate}{}", if file.moved { ", in another folder" } else { "" })
}

/// For programs.
pub fn json(why: &Why) -> Value {
    let inputs: &[Input] = if let Reason::Inputs(inputs) = &why.reason { inputs } else { &[] };
    json!({
        "device": why.device,
        "customer": why.customer,
        "from": why.from,
        "done": match why.done {
            Done::Rendered => "rendered",
            Done::Carried => "carried",
            Done::Kept => "kept",
            Done::NotBuilt => "not-built",
        },
        "reason": match why.reason {
            Reason::First => "first",
            Reason::Same => "same",
            Reason::Inputs(_) => "inputs",
            Reason::Racy => "racy",
            Reason::Output => "output",
            Reason::NotBuilt => "not-built",
        },
        "inputs": inputs.iter().map(input).collect::<Value>(),
        "parameters": why.parameters.iter().map(parameter).collect::<Value>(),
        "files": why.files.iter().map(file).collect::<Value>(),
    })
}

fn input(input: &Input) -> Value {
    let word = match &input.change {
        Change::New => "new",
        Change::Gone => "gone",
        Change::Content => "content",
        Change::Touched => "touched",
        Change::Value(before, after) => return json!({ "name": input.name, "change": "value", "before": before, "after": after }),
    };
    json!({ "name": input.name, "change": word })
}

fn parameter(parameter: &Parameter) -> Value {
    let Parameter { file, name, settings, before, after, secret } = parameter;
    json!({ "file": file, "name": name, "settings": settings, "before": before, "after": after, "secret": secret })
}

fn file(file: &File) -> Value {
    let word = match file.fate {
        Fate::New => "new",
        Fate::Changed => "changed",
        Fate::Same => "same",
        Fate::Gone => "gone",
    };
    json!({ "name": file.name, "bytes": word, "moved": file.moved })
}

//! Dial plans for phones that match templates: a key, `.` any one, `*` one or more of any. They know no sets, so that an alternative
//! of a digit map becomes a template for each key that a set holds.

use crate::settings::digit_map::{Alternative, Symbol, members};

/// A template.
#[derive(Debug, PartialEq, Eq)]
pub struct DialTemplate {
    /// What is dialled.
    pub pattern: String,
    /// What is sent, where that is something else: `%1` is what the first wildcards held.
    pub rewrite: Option<String>,
    /// Whether a pause ends it.
    pub waits: bool,
}

/// Most templates of a plan; the phone keeps 8192 bytes of them.
const MOST: usize = 100;

/// Most runs of wildcards that a rewritten number may take up.
const GROUPS: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Key(char),
    Any,
    More,
}

/// The templates of a digit map. The error says what this phone cannot say.
pub fn dial_templates(map: &str) -> Result<Vec<DialTemplate>, String> {
    let mut templates = Vec::new();
    for alternative in super::alternatives(map) {
        for places in expanded(&alternative.symbols)? {
            templates.push(template(&alternative, &places)?);
        }
    }
    // What matches nothing dialled would dial by itself.
    templates.retain(|template| !template.pattern.is_empty());
    if templates.len() > MOST { Err(too_many()) } else { Ok(templates) }
}

fn template(alternative: &Alternative<'_>, places: &[Place]) -> Result<DialTemplate, String> {
    let keys = alternative.dialled().chars().map(Place::Key);
    let pattern = keys.chain(places.iter().copied()).map(spelled).collect();
    let rewrite = alternative.replaced.map(|(_, sent)| rewritten(sent, places)).transpose()?;
    Ok(DialTemplate { pattern, rewrite, waits: alternative.pause })
}

fn spelled(place: Place) -> String {
    match place {
        Place::Key('*') => "\\*".to_owned(),
        Place::Key(key) => key.to_string(),
        Place::Any => ".".to_owned(),
        Place::More => "*".to_owned(),
    }
}

/// What is sent: a run of single wildcards is a group, one that takes more is a group of its own.
fn rewritten(sent: &str, places: &[Place]) -> Result<String, String> {
    let mut text = sent.to_owned();
    let mut group = 0;
    for run in places.chunk_by(|one, next| *one == Place::Any && *next == Place::Any) {
        if let Place::Key(key) = run[0] {
            text.push(key);
            continue;
        }
        group += 1;
        text.push_str(&format!("%{group}"));
    }
    if group > GROUPS {
        return Err(format!("this phone keeps at most {GROUPS} parts of a number that it rewrites"));
    }
    Ok(text)
}

/// The places of each template that an alternative needs.
fn expanded(symbols: &[Symbol<'_>]) -> Result<Vec<Vec<Place>>, String> {
    let mut variants = vec![Vec::new()];
    let mut symbols = symbols.iter().peekable();
    while let Some((symbol, repeated)) = symbols.next() {
        let any = is_any(symbol);
        match (any, repeated) {
            (true, false) if symbols.next_if(|(next, repeated)| *repeated && next == symbol).is_some() => add(&mut variants, Place::More),
            (true, false) => add(&mut variants, Place::Any),
            (true, true) => {
                let without = variants.clone();
                add(&mut variants, Place::More);
                variants.splice(0..0, without);
            }
            (false, true) => return Err(format!("this phone has no word for `{symbol}.`: what it repeats is any digit, `xx.`")),
            (false, false) => variants = each_key(&variants, symbol)?,
        }
    }
    Ok(variants)
}

fn add(variants: &mut [Vec<Place>], place: Place) {
    variants.iter_mut().for_each(|places| places.push(place));
}

fn each_key(variants: &[Vec<Place>], symbol: &str) -> Result<Vec<Vec<Place>>, String> {
    let keys = members(symbol);
    if keys.len() * variants.len() > MOST {
        return Err(too_many());
    }
    let with = |places: &Vec<Place>, key: &char| places.iter().copied().chain([Place::Key(*key)]).collect();
    Ok(variants.iter().flat_map(|places| keys.iter().map(move |key| with(places, key))).collect())
}

/// Whether a symbol takes every digit. A wildcard takes * and # as well.
fn is_any(symbol: &str) -> bool {
    let keys = members(symbol);
    ('0'..='9').all(|digit| keys.contains(&digit))
}

fn too_many() -> String {
    format!("the plan takes more than {MOST} templates: this phone needs one for each key of a set such as `[2-9]`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn told(map: &str) -> Vec<String> {
        let shown = |template: DialTemplate| {
            let rewrite = template.rewrite.map_or_else(String::new, |rewrite| format!(" as {rewrite}"));
            format!("{}{rewrite}{}", template.pattern, if template.waits { " waits" } else { "" })
        };
        dial_templates(map).expect("templates").into_iter().map(shown).collect()
    }

    #[test]
    fn wildcards_stand_for_any_digit() {
        assert_eq!(told("112|0xx.T|*9x|xxx.T"), ["112", "0* waits", "\\*9.", ".* waits"]);
        assert_eq!(told("0x.T|x.T"), ["0 waits", "0* waits", "* waits"]);
        assert_eq!(told("[x*#][x*#].T|[0-9]1"), ["* waits", ".1"]);
    }

    #[test]
    fn a_set_takes_a_template_a_key() {
        assert_eq!(told("[2-4*]x"), ["2.", "3.", "4.", "\\*."]);
    }

    #[test]
    fn what_is_replaced_is_rewritten() {
        assert_eq!(told("<00:+>xx.T"), ["00* as +%1 waits"]);
        assert_eq!(told("<9:>xx1xx|<:030>xxx|<999:112>"), ["9..1.. as %11%2", "... as 030%1", "999 as 112"]);
        assert_eq!(told("<9:>xxx.T"), ["9.* as %1%2 waits"]);
    }

    #[test]
    fn what_templates_cannot_say_is_refused() {
        assert!(dial_templates("[2-9][2-9].T").is_err_and(|why| why.contains("what it repeats is any digit")));
        assert!(dial_templates("[1-9][1-9][1-9]").is_err_and(|why| why.contains("more than 100 templates")));
        assert!(dial_templates("<9:>x1x1x1x1x1x").is_err_and(|why| why.contains("at most 5 parts")));
    }
}

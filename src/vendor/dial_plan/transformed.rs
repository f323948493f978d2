//! Digit maps with transformations behind them: `112|00xx.T;match=2;prestrip=2;pre=+;` takes two keys from what matches the second
//! place, and puts a + before the rest.

use std::collections::BTreeMap;

use crate::settings::digit_map::Alternative;

/// Canonical to vendor.
pub fn write(map: &str) -> String {
    let alternatives: Vec<Alternative<'_>> = super::alternatives(map).collect();
    let patterns: Vec<String> = alternatives.iter().map(pattern).collect();
    let rules: String = alternatives.iter().zip(1..).filter_map(|(alternative, place)| rule(alternative, place)).collect();
    if rules.is_empty() { patterns.join("|") } else { format!("{};{rules}", patterns.join("|")) }
}

/// Vendor to canonical.
pub fn read(text: &str) -> Option<String> {
    let (patterns, rules) = text.split_once(';').unwrap_or((text, ""));
    let rules = read_rules(rules)?;
    let read = patterns.split('|').zip(1..).map(|(pattern, place)| match rules.get(&place) {
        None => Some(pattern.to_owned()),
        Some((strip, sent)) => {
            let (dialled, rest) = pattern.split_at_checked(*strip)?;
            Some(format!("<{dialled}:{sent}>{rest}"))
        }
    });
    Some(read.collect::<Option<Vec<String>>>()?.join("|"))
}

fn pattern(alternative: &Alternative<'_>) -> String {
    let kept = Alternative { replaced: None, ..alternative.clone() };
    format!("{}{kept}", alternative.dialled())
}

fn rule(alternative: &Alternative<'_>, place: usize) -> Option<String> {
    let (dialled, sent) = alternative.replaced?;
    let strip = if dialled.is_empty() { String::new() } else { format!("prestrip={};", dialled.len()) };
    let pre = if sent.is_empty() { String::new() } else { format!("pre={sent};") };
    Some(format!("match={place};{strip}{pre}"))
}

/// For each place, how many keys are taken away and which are put before the rest.
fn read_rules(text: &str) -> Option<BTreeMap<usize, (usize, &str)>> {
    let mut rules = BTreeMap::new();
    let mut place = 0;
    for part in text.split(';').filter(|part| !part.is_empty()) {
        match part.split_once('=')? {
            ("match", number) => place = number.parse().ok()?,
            ("prestrip", count) => rules.entry(place).or_insert((0, "")).0 = count.parse().ok()?,
            ("pre", keys) => rules.entry(place).or_insert((0, "")).1 = keys,
            _ => return None,
        }
    }
    Some(rules)
}

#[cfg(test)]
mod tests {
    use super::super::turns_round;

    #[test]
    fn transformations_turn_round() {
        for (map, written) in [
            ("112|0xx.T", "112|0xx.T"),
            ("112|<00:+>xx.T", "112|00xx.T;match=2;prestrip=2;pre=+;"),
            ("<9:>xxx|<:8>[2-7]xx|1T", "9xxx|[2-7]xx|1T;match=1;prestrip=1;match=2;pre=8;"),
            ("<999:112>", "999;match=1;prestrip=3;pre=112;"),
        ] {
            turns_round("match", map, written);
        }
    }
}

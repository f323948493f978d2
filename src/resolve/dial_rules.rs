//! A dial plan as records: its alternatives, for phones that are told one rule a parameter, and its dial templates.

use bumpalo::Bump;

use crate::known;
use crate::settings::digit_map::Alternative;
use crate::settings::{Record, Setting, SettingId, Slot, Val};
use crate::vendor;

/// The rules of a plan. They come from where the plan does.
pub fn dial_rules<'u>(plan: Slot<'u>, arena: &'u Bump) -> Option<Slot<'u>> {
    let map: &'u str = plan.value.str()?;
    let rules = map.split('|').map(|text| rule(&Alternative::parse(text), plan, arena));
    Some(Slot { value: Val::Records(arena.alloc_slice_fill_iter(rules.collect::<Vec<_>>())), ..plan })
}

/// The templates of a plan; none where it cannot be said in them, which is for a check to tell.
pub fn dial_templates<'u>(plan: Slot<'u>, arena: &'u Bump) -> Option<Slot<'u>> {
    let templates = vendor::dial_templates(plan.value.str()?).ok()?;
    let part = |setting: &'static Setting, value: Val<'u>| (setting.id, Slot { value, ..plan });
    let text = |text: &str| Val::Str(arena.alloc_str(text));
    let records = templates.iter().map(|template| -> Record<'u> {
        arena.alloc_slice_copy(&[
            part(known!("dial.templates[].match"), text(&template.pattern)),
            part(known!("dial.templates[].rewrite"), template.rewrite.as_deref().map_or(Val::Absent, text)),
            part(known!("dial.templates[].waits"), Val::Bool(template.waits)),
        ])
    });
    Some(Slot { value: Val::Records(arena.alloc_slice_fill_iter(records.collect::<Vec<_>>())), ..plan })
}

fn rule<'u>(alternative: &Alternative<'u>, plan: Slot<'u>, arena: &'u Bump) -> Record<'u> {
    let number = Alternative { replaced: None, pause: alternative.goes_on(), symbols: alternative.symbols.clone() };
    let text = |text: String| if text.is_empty() { Val::Absent } else { Val::Str(arena.alloc_str(&text)) };
    let part = |setting: &'static Setting, value: Val<'u>| (setting.id, Slot { value, ..plan });
    let parts: [(SettingId, Slot<'u>); 6] = [
        part(known!("dial.rules[].pattern"), text(format!("{}{number}", alternative.dialled()))),
        part(known!("dial.rules[].dialled"), text(alternative.dialled().to_owned())),
        part(known!("dial.rules[].number"), text(number.to_string())),
        part(known!("dial.rules[].sent"), text(alternative.sent().to_owned())),
        part(known!("dial.rules[].replaces"), Val::Bool(alternative.replaced.is_some())),
        part(known!("dial.rules[].at_once"), Val::Bool(!alternative.pause)),
    ];
    arena.alloc_slice_copy(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Registry;

    fn told(plan: &str) -> Vec<Vec<String>> {
        let arena = Bump::new();
        let slot = Slot { value: Val::Str(plan), ..Slot::EMPTY };
        let Some(Slot { value: Val::Records(rules), .. }) = dial_rules(slot, &arena) else { panic!("no rules") };
        let shown = |(id, slot): &(SettingId, Slot<'_>)| {
            let mut text = String::new();
            slot.value.spell(*id, &mut text);
            let name = Registry::get().setting(*id).name.trim_start_matches("dial.rules[].");
            format!("{name} {text}")
        };
        rules.iter().map(|rule| rule.iter().filter(|(_, slot)| slot.value.is_set()).map(shown).collect()).collect()
    }

    #[test]
    fn each_alternative_is_a_rule() {
        assert_eq!(
            told("112|0T"),
            [["pattern 112", "number 112", "replaces false", "at_once true"], ["pattern 0", "number 0", "replaces false", "at_once false"]]
        );
        assert_eq!(told("<00:+>xx.T"), [["pattern 00xx.T", "dialled 00", "number xx.T", "sent +", "replaces true", "at_once false"]]);
        assert_eq!(told("<999:112>"), [["pattern 999", "dialled 999", "sent 112", "replaces true", "at_once true"]]);
    }
}

//! Digit maps as phones write them that know no pause: a number that may go on ends by itself after the phone's own time.

use crate::settings::digit_map::symbols;

/// `0xx.T` as `0x+`: one or more. Zero or more, and a pause elsewhere, have no spelling.
pub fn plus(map: &str) -> Result<String, String> {
    each(map, |alternative| {
        let mut written = String::new();
        let mut symbols = symbols(without_pause(alternative)?).into_iter().peekable();
        while let Some((symbol, repeated)) = symbols.next() {
            if repeated {
                return Err(format!("this phone has no word for `{symbol}.`, none or more: it takes one or more, `{symbol}{symbol}.`"));
            }
            written.push_str(symbol);
            if symbols.next_if(|(next, repeated)| *repeated && *next == symbol).is_some() {
                written.push('+');
            }
        }
        Ok(written)
    })
}

/// Reads what [`plus`] writes.
pub fn read_plus(written: &str) -> Option<String> {
    let each = written.split('|').map(|alternative| {
        let mut map = String::new();
        for (symbol, _) in symbols(alternative) {
            match symbol {
                "+" if !map.is_empty() => map.push_str(&format!("{}.", last(&map)?)),
                symbol => map.push_str(symbol),
            }
        }
        Some(with_pause(map))
    });
    each.collect::<Option<Vec<String>>>().map(|all| all.join("|"))
}

/// `0x.T` as `0x.`: none or more, as RFC 3435 has it, without the pause.
pub fn dot(map: &str) -> Result<String, String> {
    each(map, |alternative| without_pause(alternative).map(str::to_owned))
}

/// Reads what [`dot`] writes.
pub fn read_dot(written: &str) -> String {
    written.split('|').map(|alternative| with_pause(alternative.to_owned())).collect::<Vec<_>>().join("|")
}

fn each(map: &str, write: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
    map.split('|').map(write).collect::<Result<Vec<_>, _>>().map(|all| all.join("|"))
}

/// The alternative without the pause that follows from its last dot.
fn without_pause(alternative: &str) -> Result<&str, String> {
    match alternative.strip_suffix('T') {
        Some(rest) if rest.ends_with('.') => Ok(rest),
        Some(_) => Err("this phone has no word for a pause after a number that does not go on".to_owned()),
        None => Ok(alternative),
    }
}

fn with_pause(mut map: String) -> String {
    if map.ends_with('.') {
        map.push('T');
    }
    map
}

/// The last symbol of a map.
fn last(map: &str) -> Option<String> {
    symbols(map).last().map(|(symbol, _)| (*symbol).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_turn_round() {
        for (map, plus_form, dot_form) in [
            ("112|0xx.T", "112|0x+", "112|0xx."),
            ("[2-9]xxx|*xx.T", "[2-9]xxx|*x+", "[2-9]xxx|*xx."),
            ("1[0-9][0-9].T", "1[0-9]+", "1[0-9][0-9]."),
        ] {
            assert_eq!((plus(map).as_deref(), dot(map).as_deref()), (Ok(plus_form), Ok(dot_form)));
            assert_eq!((read_plus(plus_form).as_deref(), read_dot(dot_form).as_str()), (Some(map), map));
        }
    }

    #[test]
    fn what_has_no_spelling_is_refused() {
        assert!(plus("x.T").is_err_and(|why| why.contains("none or more")));
        assert!(plus("0T").is_err() && dot("0T").is_err_and(|why| why.contains("pause")));
        assert_eq!(dot("x.T").as_deref(), Ok("x."));
        assert_eq!(plus("+44xx.T").as_deref(), Ok("+44x+"));
    }
}

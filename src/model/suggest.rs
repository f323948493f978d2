//! "Did you mean": the known name that is nearest to an unknown one.

/// Names to choose from.
pub struct Suggest<'k> {
    known: Vec<&'k str>,
}

impl<'k> Suggest<'k> {
    /// A choice among these names.
    pub fn among(known: impl IntoIterator<Item = &'k str>) -> Self {
        Self { known: known.into_iter().collect() }
    }

    /// The nearest name, if one is near enough to be a slip of the finger.
    pub fn closest(&self, text: &str) -> Option<&'k str> {
        if text.len() > 80 {
            return None;
        }
        let lower = text.to_lowercase();
        let scored = self.known.iter().map(|known| (strsim::damerau_levenshtein(&lower, &known.to_lowercase()), *known));
        scored.min().filter(|(distance, known)| *distance <= 1 + known.len().min(text.len()) / 4).map(|(_, known)| known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_mended_and_strangers_are_not() {
        let known = Suggest::among(["transport", "display_name", "label"]);
        assert_eq!(known.closest("tranport"), Some("transport"));
        assert_eq!(known.closest("DisplayName"), Some("display_name"));
        assert_eq!(known.closest("banana"), None);
    }
}

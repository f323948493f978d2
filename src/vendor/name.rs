//! Parameter names with indices in them.

use toml::{Table, Value};

use super::expr::Expr;
use super::gate::Variant;

/// A compiled name.
#[derive(Clone, Debug)]
pub struct Name {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Number(Expr, usize),
    Word(String, Option<String>),
}

/// What the indices of a name are, for one place of its series.
pub struct Places<'p> {
    /// Series and their indices.
    pub indices: &'p [(&'p str, u16)],
    /// By-value series and what the vendor calls the value: a text, or a table of texts.
    pub words: &'p [(&'p str, &'p Value)],
    /// The model.
    pub variant: Variant<'p>,
}

impl Name {
    /// Compiles a name; `is_word` tells by-value series.
    pub fn parse(text: &str, is_word: &dyn Fn(&str) -> bool) -> Result<Name, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let close = rest[open..].find('}').map(|close| open + close).ok_or_else(|| format!("a `{{` is not closed in `{text}`"))?;
            pieces.push(Piece::Literal(rest[..open].to_owned()));
            pieces.push(hole(&rest[open + 1..close], is_word)?);
            rest = &rest[close + 1..];
        }
        pieces.push(Piece::Literal(rest.to_owned()));
        Ok(Name { pieces })
    }

    /// What its indices and words are called, in their order.
    pub fn holes(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().flat_map(|piece| match piece {
            Piece::Literal(_) => Vec::new(),
            Piece::Number(expr, _) => expr.names(),
            Piece::Word(series, _) => vec![series.as_str()],
        })
    }

    /// The name at these places; `None` where an index has no value.
    pub fn at(&self, places: &Places<'_>) -> Option<String> {
        self.render(places, &|number, width| format!("{number:0width$}"))
    }

    /// The name with every index written `#`, as vocabularies fold it.
    pub fn folded(&self, places: &Places<'_>) -> Option<String> {
        self.render(places, &|_, _| "#".to_owned())
    }

    fn render(&self, places: &Places<'_>, index: &dyn Fn(i64, usize) -> String) -> Option<String> {
        let mut name = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => name.push_str(text),
                Piece::Number(expr, width) => {
                    let number = expr.value(&|name| places.number(name)).filter(|number| *number >= 0)?;
                    name.push_str(&index(number, *width));
                }
                Piece::Word(series, attribute) => name.push_str(places.word(series, attribute.as_deref())?),
            }
        }
        Some(name)
    }
}

fn hole(text: &str, is_word: &dyn Fn(&str) -> bool) -> Result<Piece, String> {
    let (series, attribute) = text.split_once('.').map_or((text, None), |(series, attribute)| (series, Some(attribute.to_owned())));
    if is_word(series) {
        return Ok(Piece::Word(series.to_owned(), attribute));
    }
    let (expr, width) = match text.rsplit_once(':') {
        Some((expr, width)) => (expr, width.trim_start_matches('0').parse().map_err(|_| format!("`{width}` is no width"))?),
        None => (text, 0),
    };
    Ok(Piece::Number(Expr::parse(expr)?, width))
}

impl Places<'_> {
    fn number(&self, name: &str) -> Option<i64> {
        let index = self.indices.iter().find(|(series, _)| *series == name).map(|(_, index)| i64::from(*index));
        index.or_else(|| self.variant.model.index_number(name))
    }

    fn word(&self, series: &str, attribute: Option<&str>) -> Option<&str> {
        let value = self.words.iter().find(|(name, _)| *name == series).map(|(_, value)| *value)?;
        match attribute {
            Some(attribute) => value.as_table().and_then(|table: &Table| table.get(attribute)).and_then(Value::as_str),
            None => value.as_str().or_else(|| value.as_table().and_then(|table| table.get("name")).and_then(Value::as_str)),
        }
    }
}

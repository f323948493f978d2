//! Integer expressions in names: `{line-1:05}`, `{363+2*(vpk-1)}`.

/// A compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A number.
    Number(i64),
    /// A series index or a model number.
    Name(String),
    /// Two operands.
    Binary(Box<Expr>, char, Box<Expr>),
}

impl Expr {
    /// Reads an expression; the error says what is wrong.
    pub fn parse(text: &str) -> Result<Expr, String> {
        let mut parser = Parser { rest: text.trim() };
        let expr = parser.sum()?;
        match parser.peek() {
            None => Ok(expr),
            Some(left) => Err(format!("`{left}` does not belong in the expression `{text}`")),
        }
    }

    /// The names in it, in their order.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Expr::Number(_) => Vec::new(),
            Expr::Name(name) => vec![name],
            Expr::Binary(left, _, right) => [left.names(), right.names()].concat(),
        }
    }

    /// Its value; `None` where a name is unknown or it divides by zero.
    pub fn value(&self, lookup: &dyn Fn(&str) -> Option<i64>) -> Option<i64> {
        match self {
            Expr::Number(number) => Some(*number),
            Expr::Name(name) => lookup(name),
            Expr::Binary(left, operator, right) => {
                let (left, right) = (left.value(lookup)?, right.value(lookup)?);
                match operator {
                    '+' => left.checked_add(right),
                    '-' => left.checked_sub(right),
                    '*' => left.checked_mul(right),
                    '/' => left.checked_div_euclid(right),
                    _ => left.checked_rem_euclid(right),
                }
            }
        }
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self, wanted: &[char]) -> Option<char> {
        let next = self.peek().filter(|next| wanted.contains(next))?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    fn sum(&mut self) -> Result<Expr, String> {
        let mut left = self.product()?;
        while let Some(operator) = self.take(&['+', '-']) {
            left = Expr::Binary(Box::new(left), operator, Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expr, String> {
        let mut left = self.atom()?;
        while let Some(operator) = self.take(&['*', '/', '%']) {
            left = Expr::Binary(Box::new(left), operator, Box::new(self.atom()?));
        }
        Ok(left)
    }

    fn atom(&mut self) -> Result<Expr, String> {
        if self.take(&['(']).is_some() {
            let inner = self.sum()?;
            return self.take(&[')']).map(|_| inner).ok_or_else(|| "a parenthesis is not closed".to_owned());
        }
        self.peek();
        let end = self
            .rest
            .find(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '_' | '.'))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if word.is_empty() {
            return Err("a number or a name is missing in an expression".to_owned());
        }
        Ok(word.parse().map_or_else(|_| Expr::Name(word.to_owned()), Expr::Number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_has_its_usual_order() {
        let value = |text: &str| Expr::parse(text).unwrap().value(&|name| (name == "key").then_some(7));
        assert_eq!(value("353+4*(key-1)"), Some(377));
        assert_eq!(value("(key-1)/3+1"), Some(3));
        assert_eq!(value("(key-1)%3+1"), Some(1));
        assert_eq!(value("other"), None);
        assert_eq!(value("1/0"), None);
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "1+", "(1", "1 2", "a$"] {
            assert!(Expr::parse(bad).is_err(), "{bad}");
        }
    }
}

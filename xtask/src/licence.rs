//! Licence expressions (SPDX), as crates state them.

use anyhow::{Result, bail, ensure};

/// Whether somebody who accepts only these licences may use a crate under `expression`.
pub fn is_allowed(expression: &str, allowed: &[String]) -> Result<bool> {
    // Older manifests write `A/B` for `A OR B`.
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        allowed,
    };
    let result = reader.any()?;
    ensure!(
        reader.words.is_empty(),
        "`{expression}` is no licence expression"
    );
    Ok(result)
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl<'a> Reader<'a> {
    /// `… OR …`
    fn any(&mut self) -> Result<bool> {
        let mut result = self.all()?;
        while self.takes("OR") {
            result |= self.all()?;
        }
        Ok(result)
    }

    /// `… AND …`
    fn all(&mut self) -> Result<bool> {
        let mut result = self.one()?;
        while self.takes("AND") {
            result &= self.one()?;
        }
        Ok(result)
    }

    fn one(&mut self) -> Result<bool> {
        if self.takes("(") {
            let result = self.any()?;
            ensure!(self.takes(")"), "a licence expression lacks `)`");
            return Ok(result);
        }
        let mut licence = self.next()?.to_owned();
        if self.takes("WITH") {
            licence = format!("{licence} WITH {}", self.next()?);
        }
        Ok(self.allowed.contains(&licence))
    }

    fn takes(&mut self, word: &str) -> bool {
        let takes = self.words.first() == Some(&word);
        if takes {
            self.words = &self.words[1..];
        }
        takes
    }

    fn next(&mut self) -> Result<&'a str> {
        let Some((word, rest)) = self.words.split_first() else {
            bail!("a licence expression ends too early");
        };
        self.words = rest;
        Ok(word)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::is_allowed;

    #[test]
    fn one_way_to_accept_is_enough_and_every_demand_counts() {
        let allowed = [
            "MIT".to_owned(),
            "Apache-2.0 WITH LLVM-exception".to_owned(),
        ];
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("MIT OR GPL-3.0", true),
            ("GPL-3.0/MIT", true),
            ("MIT AND GPL-3.0", false),
            ("MIT AND (GPL-3.0 OR MIT)", true),
            ("GPL-3.0 OR MIT AND GPL-3.0", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("Apache-2.0", false),
        ] {
            assert_eq!(
                is_allowed(expression, &allowed).unwrap(),
                expected,
                "{expression}"
            );
        }
        assert!(is_allowed("MIT OR", &allowed).is_err());
        assert!(is_allowed("(MIT", &allowed).is_err());
        assert!(is_allowed("MIT MIT", &allowed).is_err());
    }
}

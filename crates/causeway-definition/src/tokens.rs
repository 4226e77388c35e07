//! An expression as words and signs: enough to say what stands where, without reading it.

use std::ops::Range;

/// The words, quoted texts and signs of an expression.
pub(crate) fn tokens(expression: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut characters = expression.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let mut end = start + character.len_utf8();
        if matches!(character, '\'' | '"') {
            while let Some((at, inner)) = characters.next() {
                end = at + inner.len_utf8();
                if inner == '\\' {
                    characters.next();
                } else if inner == character {
                    break;
                }
            }
        } else if is_word(character) {
            while let Some((at, inner)) = characters.next_if(|(_, inner)| is_word(*inner)) {
                end = at + inner.len_utf8();
            }
        } else if character.is_whitespace() {
            continue;
        }
        tokens.push(start..end);
    }
    tokens
}

/// Where a `*` stands; `**` is another sign.
pub(crate) fn multiplication(expression: &str) -> Option<Range<usize>> {
    let tokens = tokens(expression);
    let is_star = |token: &Range<usize>| &expression[token.clone()] == "*";
    let stars = || tokens.iter().filter(|token| is_star(token));
    stars()
        .find(|star| !stars().any(|other| other.end == star.start || other.start == star.end))
        .cloned()
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

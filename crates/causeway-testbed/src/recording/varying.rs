//! Texts that the vendor makes anew for each item, told by what differs from one to the next.

use super::secrets::Secrets;
use super::templates::{expression, literal, random_hex};

/// Shorter ones are words by chance.
pub(super) const SHORTEST_RANDOM: usize = 4;

/// What changes from one text to the next, a count or something random, in what stays.
pub(super) fn varying(texts: &[&str], secrets: &Secrets) -> Option<String> {
    let [first, rest @ ..] = texts else {
        return None;
    };
    let alike = |letters: &mut dyn Iterator<Item = (char, char)>| -> usize {
        letters
            .take_while(|(one, other)| one == other)
            .map(|(letter, _)| letter.len_utf8())
            .sum()
    };
    let before = rest
        .iter()
        .map(|other| alike(&mut first.chars().zip(other.chars())))
        .min()?;
    let after = rest
        .iter()
        .map(|other| {
            alike(
                &mut first[before..]
                    .chars()
                    .rev()
                    .zip(other[before..].chars().rev()),
            )
        })
        .min()?;
    // A number's first digits may be alike, and belong to it all the same.
    let stem = first[..before].trim_end_matches(|letter: char| letter.is_ascii_digit());
    let tail = &first[first.len() - after..];
    let tail = tail.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let cores: Vec<&str> = texts
        .iter()
        .map(|text| &text[stem.len()..text.len() - tail.len()])
        .collect();
    let number = |core: &str| core.parse::<u32>().ok().filter(|_| !core.starts_with('0'));
    let first_number = number(cores[0]);
    let is_counted = first_number.is_some_and(|first| {
        (first..)
            .zip(&cores)
            .all(|(expected, core)| number(core) == Some(expected))
    });
    let core = match first_number {
        Some(1) if is_counted => expression("number"),
        Some(first) if is_counted => expression(&format!("number + {}", first - 1)),
        _ => {
            let length = cores[0].len();
            let are_random = length >= SHORTEST_RANDOM
                && cores.iter().all(|core| {
                    core.len() == length
                        && core
                            .bytes()
                            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
                });
            are_random.then(|| random_hex(length))?
        }
    };
    Some(format!(
        "{}{core}{}",
        literal(stem, secrets),
        literal(tail, secrets)
    ))
}

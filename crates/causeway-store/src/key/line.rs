//! The lines of a key file.
//!
//! `causeway-next-1:<id>:<base64>`, at most one and the first: a key that opens, and does not seal yet.
//! `causeway-key-1:<id>:<base64>`, at least one: the first of them seals, all of them open.
//! `causeway-hash-1:<id>:<base64>`, at most one and the last: what makes keyed hashes, left of a key that
//! was retired. Without it, they are made from the last key.

use std::fmt;
use std::io;

use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::Zeroizing;

const KEY_LENGTH: usize = 32;

/// Names a key within its file and in what it sealed.
pub(crate) type KeyId = [u8; 4];

/// A key's name: eight hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName(pub(crate) KeyId);

impl KeyName {
    fn parse(text: &str) -> Option<Self> {
        let all_digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        all_digits
            .then(|| u32::from_str_radix(text, 16).ok())?
            .map(|number| Self(number.to_be_bytes()))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:08x}", u32::from_be_bytes(self.0))
    }
}

pub(super) type Secret = Zeroizing<[u8; KEY_LENGTH]>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    Next,
    Key,
    Hash,
}

impl LineKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Next => "causeway-next-1",
            Self::Key => "causeway-key-1",
            Self::Hash => "causeway-hash-1",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Next, Self::Key, Self::Hash]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

pub(super) struct Line {
    pub(super) kind: LineKind,
    pub(super) name: KeyName,
    secret: Secret,
}

/// The lines of one key file, in the order that their kinds demand.
pub(super) struct KeyLines(Vec<Line>);

impl KeyLines {
    /// A new file's: one new key.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(vec![Line::random(LineKind::Key)?]))
    }

    /// Reads a file; the number of the line that is wrong, and why.
    pub(super) fn parse(text: &str) -> Result<Self, (usize, &'static str)> {
        let mut lines: Vec<Line> = Vec::new();
        for (index, text) in text.lines().enumerate() {
            let malformed = |reason| (index + 1, reason);
            let line = Line::parse(text).map_err(malformed)?;
            if lines.iter().any(|other| other.name == line.name) {
                return Err(malformed("another key has the same name"));
            }
            if line.kind == LineKind::Next && !lines.is_empty() {
                return Err(malformed(
                    "a key that is to be used next has to stand first",
                ));
            }
            if lines.last().is_some_and(|last| last.kind == LineKind::Hash) {
                return Err(malformed("nothing may follow the key of the hashes"));
            }
            lines.push(line);
        }
        if lines.iter().all(|line| line.kind != LineKind::Key) {
            let reason = if lines.is_empty() {
                "the file is empty"
            } else {
                "the file has no key to seal with"
            };
            return Err((lines.len().max(1), reason));
        }
        Ok(Self(lines))
    }

    pub(super) fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.0.len() * 80));
        for line in &self.0 {
            let secret = Zeroizing::new(BASE64.encode(line.secret.as_slice()));
            for part in [
                line.kind.word(),
                ":",
                &line.name.to_string(),
                ":",
                &secret,
                "\n",
            ] {
                text.push_str(part);
            }
        }
        text
    }

    /// The keys that open; the first one of them seals.
    pub(super) fn opening(&self) -> impl Iterator<Item = (KeyName, &Secret)> {
        let of = |kind| self.0.iter().filter(move |line| line.kind == kind);
        of(LineKind::Key)
            .chain(of(LineKind::Next))
            .map(|line| (line.name, &line.secret))
    }

    /// What makes keyed hashes.
    pub(super) fn hashing(&self) -> Secret {
        match self.0.last() {
            Some(line) if line.kind == LineKind::Hash => line.secret.clone(),
            Some(line) => hashing_subkey(&line.secret),
            None => Zeroizing::new([0; KEY_LENGTH]),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Line> {
        self.0.iter()
    }

    /// Adds a key that is to be used next; gives its name, or that of the one that waits already.
    pub(super) fn add_next(&mut self) -> io::Result<KeyName> {
        if let Some(waiting) = self.0.first().filter(|line| line.kind == LineKind::Next) {
            return Ok(waiting.name);
        }
        let line = loop {
            let line = Line::random(LineKind::Next)?;
            if self.0.iter().all(|other| other.name != line.name) {
                break line;
            }
        };
        let name = line.name;
        self.0.insert(0, line);
        Ok(name)
    }

    /// Lets the key that waits seal from now on; none when none waits.
    pub(super) fn use_next(&mut self) -> Option<KeyName> {
        let waiting = self
            .0
            .first_mut()
            .filter(|line| line.kind == LineKind::Next)?;
        waiting.kind = LineKind::Key;
        Some(waiting.name)
    }

    /// Removes keys that do not seal. What makes keyed hashes stays.
    pub(super) fn retire(&mut self, names: &[KeyName]) {
        let hashing = self.hashing();
        let sealing = self.opening().next().map(|(name, _)| name);
        let source = self.0.last().map(|line| line.name);
        self.0.retain(|line| {
            line.kind != LineKind::Key || Some(line.name) == sealing || !names.contains(&line.name)
        });
        let source_is_gone = source != self.0.last().map(|line| line.name);
        if let Some(name) = source.filter(|_| source_is_gone) {
            self.0.push(Line {
                kind: LineKind::Hash,
                name,
                secret: hashing,
            });
        }
    }
}

impl Line {
    fn random(kind: LineKind) -> io::Result<Self> {
        Ok(Self {
            kind,
            name: KeyName(random()?),
            secret: Zeroizing::new(random()?),
        })
    }

    fn parse(line: &str) -> Result<Self, &'static str> {
        let mut parts = line.trim_end().split(':');
        let kind = parts.next().and_then(LineKind::from_word);
        let kind = kind.ok_or("a line has to begin with `causeway-key-1:`")?;
        let (Some(name), Some(secret), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err("a line has to be `causeway-key-1:<id>:<base64>`");
        };
        let name =
            KeyName::parse(name).ok_or("the key's name has to be eight hexadecimal digits")?;
        let bytes = BASE64.decode(secret).map(Zeroizing::new);
        let secret = bytes
            .ok()
            .and_then(|bytes| bytes.as_slice().try_into().ok().map(Zeroizing::new))
            .ok_or("the key has to be 32 bytes in base64")?;
        Ok(Self { kind, name, secret })
    }
}

/// A key for one purpose, so that no key serves two algorithms.
pub(super) fn subkey(secret: &Secret, purpose: &str) -> Secret {
    let root = hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice());
    #[expect(clippy::expect_used, reason = "the length is fixed by the algorithm")]
    let subkey = hmac::sign(&root, purpose.as_bytes())
        .as_ref()
        .try_into()
        .expect("SHA-256 gives 32 bytes");
    Zeroizing::new(subkey)
}

fn hashing_subkey(secret: &Secret) -> Secret {
    subkey(secret, "causeway: keyed hash, 1")
}

pub(super) fn random<const LENGTH: usize>() -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    rand::fill(&mut bytes).map_err(|_| io::Error::other("the system gives no random numbers"))?;
    Ok(bytes)
}

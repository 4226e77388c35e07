//! The token with which a provider's billing system proves who it is.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use zeroize::Zeroizing;

const PREFIX: &str = "cw_";
const RANDOM_BYTES: usize = 32;

/// A provider's token: `cw_` and 43 characters that stand for 32 random bytes.
///
/// The journal holds only its hash. A plain hash is enough and no salt is needed: nobody guesses
/// 256 random bits, whatever the hash costs to try.
#[derive(Debug, Clone)]
pub struct Token(SecretString);

/// The system gave no random numbers.
#[derive(Debug, Error)]
#[error("no token can be made: the system gives no random numbers")]
pub struct NoRandomness;

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0; RANDOM_BYTES]);
        rand::fill(bytes.as_mut_slice()).map_err(|_| NoRandomness)?;
        let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes.as_slice()));
        Ok(Self(SecretString::from(text)))
    }

    /// The token that this text is; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let bytes = Zeroizing::new(bytes);
        (bytes.len() == RANDOM_BYTES).then(|| Self(SecretString::from(text)))
    }

    /// What the journal knows of it.
    pub fn hash(&self) -> [u8; 32] {
        let hash = digest(&SHA256, self.0.expose_secret().as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hash.as_ref());
        bytes
    }

    /// The token's text, to be shown once.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_token_is_its_text() {
        let token = Token::generate().unwrap();
        assert_eq!(token.expose().len(), 46);
        assert_eq!(Token::parse(token.expose()).unwrap().hash(), token.hash());
        assert_ne!(Token::generate().unwrap().hash(), token.hash());
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let good = Token::generate().unwrap();
        let good = good.expose();
        for text in [
            "",
            "cw_",
            &good[3..],
            &good[..45],
            &format!("{good}A"),
            &good.replace("cw_", "CW_"),
        ] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_token_is_not_shown_by_accident() {
        let token = Token::generate().unwrap();
        assert!(!format!("{token:?}").contains(&token.expose()[3..]));
    }
}

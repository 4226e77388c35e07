//! Sealing: what is encrypted before the database sees it.
//!
//! A sealed value is `1`, the key's name (4 bytes), the nonce (12 bytes), and the AES-256-GCM-SIV
//! ciphertext with its tag. It is bound to its place: moved to another row it does not open.

use aws_lc_rs::aead::{Aad, Nonce};
use causeway_engine::{ProviderId, StoreError};
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::failure::damaged;
use crate::key::{HexId, KeyId, Keys};
use crate::place::Place;

type Result<T> = std::result::Result<T, StoreError>;

const FORMAT: u8 = 1;
const NONCE_START: usize = 1 + size_of::<KeyId>();
const CIPHERTEXT_START: usize = NONCE_START + 12;

/// Seals bytes for their place.
pub(crate) fn seal(keys: &Keys, place: &Place, plain: &[u8]) -> Result<Vec<u8>> {
    let (id, key) = keys.sealing();
    let no_random = |_| {
        StoreError::Unavailable(
            "the system gives no random numbers, which encryption needs".to_owned(),
        )
    };
    let mut nonce = [0; 12];
    aws_lc_rs::rand::fill(&mut nonce).map_err(no_random)?;
    let mut sealed = Vec::with_capacity(CIPHERTEXT_START + plain.len() + key.algorithm().tag_len());
    sealed.push(FORMAT);
    sealed.extend_from_slice(id);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let tag = key
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place.associated_data()),
            &mut sealed[CIPHERTEXT_START..],
        )
        .map_err(|_| damaged(format!("{} is too large to be sealed", place.name())))?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// Opens what was sealed for its place.
pub(crate) fn open(keys: &Keys, place: &Place, mut sealed: Vec<u8>) -> Result<Zeroizing<Vec<u8>>> {
    let broken = || {
        damaged(format!(
            "{} does not open: it was changed or moved outside of Causeway; put back the journal from \
             its backup",
            place.name()
        ))
    };
    let (id, nonce) = parse_header(&sealed).ok_or_else(broken)?;
    let key = keys.opening(id).ok_or_else(|| wrong_key(keys, id))?;
    let plain_length = key
        .open_in_place(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place.associated_data()),
            &mut sealed[CIPHERTEXT_START..],
        )
        .map_err(|_| broken())?
        .len();
    sealed.copy_within(CIPHERTEXT_START.., 0);
    sealed.truncate(plain_length);
    Ok(Zeroizing::new(sealed))
}

fn parse_header(sealed: &[u8]) -> Option<(KeyId, [u8; 12])> {
    let (header, _) = sealed.split_at_checked(CIPHERTEXT_START)?;
    let (format, header) = header.split_first()?;
    let (id, nonce) = header.split_first_chunk()?;
    (*format == FORMAT).then_some((*id, nonce.try_into().ok()?))
}

/// Seals a value as JSON.
pub(crate) fn seal_json(keys: &Keys, place: &Place, value: &impl Serialize) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(value)
        .map(Zeroizing::new)
        .map_err(|_| damaged(format!("{} cannot be written as JSON", place.name())))?;
    seal(keys, place, &plain)
}

/// Opens a value that was sealed as JSON.
pub(crate) fn open_json<T: DeserializeOwned>(
    keys: &Keys,
    place: &Place,
    sealed: Vec<u8>,
) -> Result<T> {
    let plain = open(keys, place, sealed)?;
    // The parser's own error could quote the value.
    serde_json::from_slice(&plain)
        .map_err(|_| damaged(format!("{} is not what was expected there", place.name())))
}

/// Opens a provider's credential.
pub(crate) fn open_credential(
    keys: &Keys,
    provider: ProviderId,
    sealed: Vec<u8>,
) -> Result<SecretString> {
    let credential = open(keys, &Place::credential(provider), sealed)?;
    let credential = std::str::from_utf8(&credential)
        .map_err(|_| damaged("a provider's credential is not text"))?;
    Ok(SecretString::from(credential))
}

/// What a new journal keeps to know its keys by.
pub(crate) fn key_check(keys: &Keys) -> Result<Vec<u8>> {
    seal(keys, &Place::key_check(), b"causeway")
}

/// Refuses keys that the journal was not sealed with.
pub(crate) fn check_keys(keys: &Keys, key_check: Vec<u8>) -> Result<()> {
    match open(keys, &Place::key_check(), key_check) {
        Ok(_) => Ok(()),
        Err(StoreError::Damaged(_)) => Err(StoreError::WrongKey(format!(
            "the key file has a key of the right name ({}), but not the key itself; start with the \
             key file that was made together with this journal",
            keys.names()
        ))),
        Err(other) => Err(other),
    }
}

fn wrong_key(keys: &Keys, id: KeyId) -> StoreError {
    StoreError::WrongKey(format!(
        "it was sealed with key {}, and the key file holds {}; start with the key file that was made \
         together with this journal",
        HexId(id),
        keys.names()
    ))
}

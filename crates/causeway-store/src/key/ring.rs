//! Keys that are ready to be used.

use aws_lc_rs::aead::{AES_256_GCM_SIV, LessSafeKey, UnboundKey};
use aws_lc_rs::hmac;

use super::line::{KeyId, KeyLines, KeyName, Secret, subkey};

/// The keys of one state of a key file.
pub(crate) struct KeyRing {
    /// Never empty; the first one seals.
    opening: Vec<(KeyId, LessSafeKey)>,
    hashing: hmac::Key,
}

impl KeyRing {
    pub(super) fn new(lines: &KeyLines) -> Self {
        let opening = lines.opening();
        Self {
            opening: opening
                .map(|(name, secret)| (name.0, sealing_key(secret)))
                .collect(),
            hashing: hmac::Key::new(hmac::HMAC_SHA256, lines.hashing().as_slice()),
        }
    }

    /// The key that seals.
    pub(crate) fn sealing(&self) -> &(KeyId, LessSafeKey) {
        &self.opening[0]
    }

    /// The key of that name, to open with.
    pub(crate) fn opening(&self, id: KeyId) -> Option<&LessSafeKey> {
        self.opening
            .iter()
            .find_map(|(own, key)| (*own == id).then_some(key))
    }

    pub(super) fn names(&self) -> String {
        let names = self.opening.iter();
        let names: Vec<_> = names.map(|(id, _)| KeyName(*id).to_string()).collect();
        names.join(", ")
    }

    pub(super) fn keyed_hash(&self, domain: &str, data: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.hashing);
        context.update(&(domain.len() as u64).to_be_bytes());
        context.update(domain.as_bytes());
        context.update(data);
        #[expect(clippy::expect_used, reason = "the length is fixed by the algorithm")]
        let hash = context
            .sign()
            .as_ref()
            .try_into()
            .expect("SHA-256 gives 32 bytes");
        hash
    }

    /// Whether both make the same hashes.
    pub(super) fn hashes_like(&self, other: &Self) -> bool {
        let probe = |ring: &Self| ring.keyed_hash("causeway: probe, 1", b"");
        probe(self) == probe(other)
    }
}

fn sealing_key(secret: &Secret) -> LessSafeKey {
    let subkey = subkey(secret, "causeway: seal, 1");
    #[expect(clippy::expect_used, reason = "the length is fixed by the types")]
    let unbound =
        UnboundKey::new(&AES_256_GCM_SIV, subkey.as_slice()).expect("AES-256 takes 32 bytes");
    LessSafeKey::new(unbound)
}

//! PINs: argon2id (RFC 9106). Slow on purpose; never on the ledger's writer.

use crate::error::AccessError;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use edge_domain::staff::is_pin;
use edge_domain::time::Entropy;

/// 19 MiB, two passes, one lane (the smallest that OWASP's cheat sheet names): 58 to 63 ms a try
/// on one core of a busy 2-core machine, measured in release; 32 MiB and three passes took 150.
/// Whoever stole the file tries four digits in ten minutes and six in most of a day: the lock-out,
/// not this, is what holds at the till.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

fn argon() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a PIN, as a PHC string. Blocks for about 60 ms.
///
/// # Errors
/// [`AccessError::BadPin`].
pub fn hash_pin(pin: &str, entropy: &dyn Entropy) -> Result<String, AccessError> {
    if !is_pin(pin) {
        return Err(AccessError::BadPin);
    }
    let mut random = [0; 16];
    entropy.fill(&mut random);
    let salt = SaltString::encode_b64(&random).map_err(|_| AccessError::BadPin)?;
    let argon = argon().ok_or(AccessError::BadPin)?;
    let hash = argon.hash_password(pin.as_bytes(), &salt).map_err(|_| AccessError::BadPin)?;
    Ok(hash.to_string())
}

/// Whether it is the PIN of a hash, in constant time for the hash. Blocks for about 60 ms.
#[must_use]
pub fn is_pin_of(pin: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let Some(argon) = argon() else { return false };
    argon.verify_password(pin.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl Entropy for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn a_pin_is_known_by_its_hash_alone() {
        let hash = hash_pin("2580", &Fixed(1)).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(!hash.contains("2580") && hash != hash_pin("2580", &Fixed(2)).unwrap());
        assert!(is_pin_of("2580", &hash) && !is_pin_of("2581", &hash));
        assert!(!is_pin_of("2580", "no hash"));
        assert_eq!(hash_pin("12", &Fixed(1)), Err(AccessError::BadPin));
    }
}

//! Signatures of webhooks, as other systems make them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header `x-daybreak-signature` of a body that was signed at this time, in seconds since 1970.
#[must_use]
pub fn signature(secret: &str, seconds: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length will do");
    mac.update(format!("{seconds}.{body}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    format!("t={seconds},v1={hex}")
}

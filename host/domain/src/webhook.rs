//! Webhooks: other systems deliver what happened there, signed with a secret that only they and the host know.
//!
//! The signature is an HMAC-SHA-256 (RFC 2104) of the time at which it was made, a dot and the body, under the secret's
//! text. To check it the host has to know the secret itself, so unlike other secrets it is kept as it is, in a table of its
//! own. It is shown once, when it is made, and stands in no log and no audit.

use std::fmt;

use crate::time::Instant;

/// What every secret of a webhook begins with.
pub const SECRET_PREFIX: &str = "dbw_";

/// How far the time of a signature may lie from the host's, before and after.
pub const SIGNATURE_WINDOW_MILLISECONDS: i64 = 5 * 60 * 1_000;

/// How long the secrets of before hold once there is another one.
pub const OVERLAP_MILLISECONDS: i64 = 24 * 60 * 60 * 1_000;

/// Most secrets of one webhook that hold; one more ends the oldest.
pub const SECRETS_MAX: usize = 3;

/// Most webhooks of a company.
pub const WEBHOOKS_MAX: usize = 100;

/// Longest name of a webhook, in characters.
pub const NAME_CHARACTERS_MAX: usize = 80;

/// Longest header with a signature.
const HEADER_BYTES_MAX: usize = 1_024;

/// Most signatures in one header: a sender whose secret is being changed may sign with both.
const SIGNATURES_MAX: usize = 5;

/// A webhook, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub webhook: String,
    pub name: String,
    /// The mapping's text.
    pub mapping: String,
    /// Record the good facts of a delivery although some are bad.
    pub skip_bad_facts: bool,
    /// As [`Author`](crate::author::Author) is written beside what it made.
    pub created_by: String,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
    /// To the minute.
    pub last_used_at: Option<Instant>,
}

/// A secret of a webhook. It does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret {
    pub secret: String,
    pub created_at: Instant,
    /// None: until there is another one.
    pub expires_at: Option<Instant>,
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WebhookSecret")
            .field("created_at", &self.created_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl WebhookSecret {
    #[must_use]
    pub fn is_valid(&self, now: Instant) -> bool {
        self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

/// What the header of a delivery says: `t=1782878400,v1=5257a8…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHeader {
    /// When it was signed, as it stands there: this text is what was signed.
    pub time: String,
    pub signed_at: Instant,
    pub signatures: Vec<[u8; 32]>,
}

impl SignatureHeader {
    /// Reads a header; none if it is not one. Names other than `t` and `v1` are left for later versions.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > HEADER_BYTES_MAX {
            return None;
        }
        let mut time = None;
        let mut signatures = Vec::new();
        for part in text.split(',') {
            match part.trim().split_once('=')? {
                ("t", seconds) if time.is_none() => time = Some(seconds),
                ("t", _) => return None,
                ("v1", hex) => signatures.push(bytes_of(hex)?),
                _ => {}
            }
        }
        let time = time?;
        let is_plain = !time.is_empty() && time.len() <= 12 && time.bytes().all(|byte| byte.is_ascii_digit());
        let seconds: i64 = time.parse().ok().filter(|_| is_plain)?;
        if signatures.is_empty() || signatures.len() > SIGNATURES_MAX {
            return None;
        }
        Some(Self { time: time.to_owned(), signed_at: Instant(seconds.checked_mul(1_000)?), signatures })
    }

    /// Whether it was signed close enough to this moment.
    #[must_use]
    pub fn is_timely(&self, now: Instant) -> bool {
        now.0.abs_diff(self.signed_at.0) <= SIGNATURE_WINDOW_MILLISECONDS.unsigned_abs()
    }
}

fn bytes_of(hex: &str) -> Option<[u8; 32]> {
    let digits = hex.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_strictly() {
        let hex = "0f".repeat(32);
        let header = SignatureHeader::read(&format!("t=1782878400, v1={hex},v2=later")).unwrap();
        assert_eq!((header.time.as_str(), header.signed_at), ("1782878400", Instant(1_782_878_400_000)));
        assert_eq!(header.signatures, [[15; 32]]);
        for bad in [
            String::new(),
            format!("v1={hex}"),
            "t=1782878400".to_owned(),
            format!("t=1782878400,t=1782878401,v1={hex}"),
            format!("t=+782878400,v1={hex}"),
            format!("t=-1,v1={hex}"),
            format!("t=,v1={hex}"),
            format!("t=9999999999999,v1={hex}"),
            format!("t=1782878400,v1={}", &hex[..62]),
            format!("t=1782878400,v1=+f{}", &hex[..62]),
            format!("t=1782878400,v1={}", "销".repeat(32)),
            format!("t=1782878400{}", format!(",v1={hex}").repeat(6)),
            format!("t=1782878400,v1={hex},{}", "x=y,".repeat(400)),
        ] {
            assert_eq!(SignatureHeader::read(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_signature_is_timely_for_five_minutes_on_either_side() {
        let header = SignatureHeader::read(&format!("t=1000,v1={}", "00".repeat(32))).unwrap();
        for (now, timely) in
            [(1_000_000, true), (1_300_000, true), (1_300_001, false), (700_000, true), (699_999, false)]
        {
            assert_eq!(header.is_timely(Instant(now)), timely, "{now}");
        }
    }

    #[test]
    fn a_secret_does_not_print_itself() {
        let secret = WebhookSecret { secret: "dbw_hush".into(), created_at: Instant(0), expires_at: Some(Instant(5)) };
        assert!(!format!("{secret:?}").contains("hush"));
        assert!(secret.is_valid(Instant(4)) && !secret.is_valid(Instant(5)));
    }
}

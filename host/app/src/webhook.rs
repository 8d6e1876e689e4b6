//! Webhooks: administrators make them, other systems deliver with them.
//!
//! Whoever delivers without a valid signature learns nothing: not whether there is such a webhook, whether it is disabled,
//! nor what was wrong with the signature. Secrets are given out once and never noted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daybreak_domain::audit::AuditEntry;
use daybreak_domain::author::{Author, AuthorKind};
use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::time::Instant;
use daybreak_domain::webhook::{
    NAME_CHARACTERS_MAX, OVERLAP_MILLISECONDS, SECRET_PREFIX, SECRETS_MAX, SignatureHeader, WEBHOOKS_MAX, Webhook,
    WebhookSecret,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::deliver::{Delivered, DeliveredFact, DeliveryRefused, FACTS_MAX};
use crate::import::{Mapping, MappingError, Payload, UnknownPeople};
use crate::ingest::check_source;
use crate::{AppError, Daybreak};

/// How often it is noted at most that a webhook is in use.
const TOUCH_INTERVAL: i64 = 60 * 1_000;

/// Compared with where there is no secret to compare with, so that this takes as long.
const NO_SECRET: &str = "dbw_none";

/// What an administrator says of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDraft {
    pub name: String,
    /// A mapping whose columns are names of the payload's fields.
    pub mapping: String,
    /// Record the good facts of a delivery although some are bad.
    pub skip_bad_facts: bool,
}

/// A webhook with a secret, which is shown this once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookSecretGiven {
    pub webhook: Webhook,
    pub secret: WebhookSecret,
}

/// What another system sends to a webhook.
#[derive(Clone, Copy, Debug)]
pub struct WebhookDelivery<'a> {
    pub company: &'a str,
    pub webhook: &'a str,
    /// The header `x-daybreak-signature`.
    pub signature: &'a str,
    pub body: &'a [u8],
    /// The id of the request.
    pub request: Option<&'a str>,
}

/// A webhook whose delivery was signed as it has to be.
#[derive(Clone, Debug)]
pub struct Signed {
    pub company: Company,
    pub webhook: Webhook,
    request: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefused {
    #[error("the name of a webhook is 1 to {NAME_CHARACTERS_MAX} characters of plain text")]
    Name,
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error("external_id must not hold {{row}} or {{occurrence}}: name fields by which the source knows the fact")]
    NumberedId,
    #[error("unknown_people must be \"refuse\" or \"unassigned\": people are not made by deliveries")]
    CreatesPeople,
    #[error("the company has {WEBHOOKS_MAX} webhooks: delete one first")]
    TooMany,
    #[error("the body is no JSON ({0}): send an object, or a list of objects")]
    NoJson(String),
    #[error("the body is neither an object nor a list: send an object, or a list of objects")]
    NoObjects,
}

impl Daybreak {
    /// Makes a webhook with its first secret.
    pub async fn create_webhook(
        &self,
        company: &Company,
        draft: &WebhookDraft,
    ) -> Result<WebhookSecretGiven, AppError> {
        check(draft)?;
        let now = self.clock.now();
        let mut write = self.store.write(&company.id).await?;
        if self.store.webhooks(&company.id).await?.len() >= WEBHOOKS_MAX {
            return Err(WebhookRefused::TooMany.into());
        }
        let webhook = Webhook {
            webhook: self.ids.new_id("webhook"),
            name: draft.name.trim().to_owned(),
            mapping: draft.mapping.clone(),
            skip_bad_facts: draft.skip_bad_facts,
            created_by: self.made_by(),
            created_at: now,
            disabled_at: None,
            last_used_at: None,
        };
        let secret = self.new_webhook_secret(now);
        write.create_webhook(&webhook).await?;
        write.set_webhook_secrets(&webhook.webhook, std::slice::from_ref(&secret)).await?;
        let entry = AuditEntry::new("webhook.create", &webhook.webhook).after(told(&webhook));
        self.note(&mut write, &[entry]).await?;
        write.commit().await?;
        Ok(WebhookSecretGiven { webhook, secret })
    }

    /// All webhooks of the company, by id.
    pub async fn webhooks(&self, company: &Company) -> Result<Vec<Webhook>, AppError> {
        Ok(self.store.webhooks(&company.id).await?)
    }

    pub async fn webhook(&self, company: &Company, id: &str) -> Result<Webhook, AppError> {
        let found = self.store.webhook(&company.id, id).await?;
        Ok(found.ok_or_else(|| AppError::Unknown { what: "webhook", id: id.to_owned() })?.1)
    }

    /// Gives a webhook another name or mapping; what was delivered before stays as it was read then.
    pub async fn change_webhook(&self, company: &Company, id: &str, draft: &WebhookDraft) -> Result<Webhook, AppError> {
        check(draft)?;
        let mut write = self.store.write(&company.id).await?;
        let before = self.webhook(company, id).await?;
        let webhook = Webhook {
            name: draft.name.trim().to_owned(),
            mapping: draft.mapping.clone(),
            skip_bad_facts: draft.skip_bad_facts,
            ..before.clone()
        };
        if webhook != before {
            write.change_webhook(&webhook).await?;
            let entry = AuditEntry::new("webhook.change", id).before(told(&before)).after(told(&webhook));
            self.note(&mut write, &[entry]).await?;
            write.commit().await?;
        }
        Ok(webhook)
    }

    /// Makes another secret. Those of before hold for a day longer, so that the source can be told meanwhile.
    pub async fn rotate_webhook(&self, company: &Company, id: &str) -> Result<WebhookSecretGiven, AppError> {
        let now = self.clock.now();
        let mut write = self.store.write(&company.id).await?;
        let webhook = self.webhook(company, id).await?;
        let secret = self.new_webhook_secret(now);
        let ends = Instant(now.0.saturating_add(OVERLAP_MILLISECONDS));
        let earlier = self.store.webhook_secrets(&company.id, id).await?.into_iter();
        let earlier = earlier.filter(|earlier| earlier.is_valid(now)).take(SECRETS_MAX - 1).map(|earlier| {
            let expires_at = Some(earlier.expires_at.map_or(ends, |expires_at| expires_at.min(ends)));
            WebhookSecret { expires_at, ..earlier }
        });
        let secrets: Vec<WebhookSecret> = std::iter::once(secret.clone()).chain(earlier).collect();
        write.set_webhook_secrets(id, &secrets).await?;
        let entry = AuditEntry::new("webhook.rotate", id).after(json!({ "secrets": secrets.len() }));
        self.note(&mut write, &[entry]).await?;
        write.commit().await?;
        Ok(WebhookSecretGiven { webhook, secret })
    }

    /// Lets nothing be delivered with the webhook, or lets it again. One that is so already stays so.
    pub async fn set_webhook_disabled(&self, company: &Company, id: &str, disabled: bool) -> Result<Webhook, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let mut webhook = self.webhook(company, id).await?;
        if webhook.disabled_at.is_some() != disabled {
            webhook.disabled_at = disabled.then(|| self.clock.now());
            write.change_webhook(&webhook).await?;
            let action = if disabled { "webhook.disable" } else { "webhook.enable" };
            self.note(&mut write, &[AuditEntry::new(action, id)]).await?;
            write.commit().await?;
        }
        Ok(webhook)
    }

    /// Takes the webhook away with its secrets. Facts that it delivered stay.
    pub async fn delete_webhook(&self, company: &Company, id: &str) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        let webhook = self.webhook(company, id).await?;
        write.delete_webhook(id).await?;
        self.note(&mut write, &[AuditEntry::new("webhook.delete", id).before(told(&webhook))]).await?;
        Ok(write.commit().await?)
    }

    /// The webhook that the delivery is for, if it is signed with one of its secrets, close enough to now. None says
    /// nothing of why.
    pub async fn signed(&self, delivery: &WebhookDelivery<'_>) -> Result<Option<Signed>, AppError> {
        let now = self.clock.now();
        let found = self.store.webhook(delivery.company, delivery.webhook).await?;
        let secrets = self.store.webhook_secrets(delivery.company, delivery.webhook).await?;
        let header = SignatureHeader::read(delivery.signature);
        let mut is_signed = false;
        let valid = secrets.iter().filter(|secret| secret.is_valid(now)).map(|secret| secret.secret.as_str());
        for secret in valid.chain([NO_SECRET]).take(SECRETS_MAX + 1) {
            let matches = header.as_ref().is_some_and(|header| is_signature(header, secret, delivery.body));
            is_signed |= matches && secret != NO_SECRET;
        }
        let is_timely = header.is_some_and(|header| header.is_timely(now));
        let found = found.filter(|(_, webhook)| is_signed && is_timely && webhook.disabled_at.is_none());
        let Some((company, webhook)) = found else { return Ok(None) };
        if webhook.last_used_at.is_none_or(|last| last.0 <= now.0 - TOUCH_INTERVAL)
            && let Err(error) = self.store.touch_webhook(&company.id, &webhook.webhook, now).await
        {
            tracing::warn!(%error, "it could not be noted that a webhook is in use");
        }
        Ok(Some(Signed { company, webhook, request: delivery.request.map(str::to_owned) }))
    }

    /// Records what a signed delivery holds, on behalf of its webhook. The same again changes nothing.
    pub async fn receive(&self, signed: &Signed, body: &[u8]) -> Result<Delivered, AppError> {
        let webhook = &signed.webhook;
        let mapping = Mapping::parse(&webhook.mapping).map_err(WebhookRefused::from)?;
        let payload = Payload::new(&mapping)?;
        let body: Value = serde_json::from_slice(body).map_err(|error| WebhookRefused::NoJson(error.to_string()))?;
        let objects = match body {
            Value::Array(objects) => objects,
            object @ Value::Object(_) => vec![object],
            _ => return Err(WebhookRefused::NoObjects.into()),
        };
        if objects.len() > FACTS_MAX {
            return Err(DeliveryRefused::TooMany(objects.len()).into());
        }
        let read = |(place, object): (u64, &Value)| match payload.read(place, object) {
            Ok(row) => Ok(DeliveredFact { fact: row.fact, who: row.who }),
            Err(error) => Err(error.to_string()),
        };
        let facts = (1..).zip(&objects).map(read).collect();
        let author = Author { kind: AuthorKind::Webhook, id: webhook.webhook.clone(), request: signed.request.clone() };
        let host = self.acting(author);
        host.deliver_read(&signed.company, facts, mapping.unknown_people, webhook.skip_bad_facts).await
    }

    fn new_webhook_secret(&self, now: Instant) -> WebhookSecret {
        let secret = format!("{SECRET_PREFIX}{}", URL_SAFE_NO_PAD.encode(self.ids.secret()));
        WebhookSecret { secret, created_at: now, expires_at: None }
    }
}

/// Whether one of the signatures is that of the body under this secret. Compared in the same time wherever they differ.
fn is_signature(header: &SignatureHeader, secret: &str, body: &[u8]) -> bool {
    let mut is_one = false;
    for signature in &header.signatures {
        // A key of any length will do.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
        mac.update(header.time.as_bytes());
        mac.update(b".");
        mac.update(body);
        is_one |= mac.verify_slice(signature).is_ok();
    }
    is_one
}

fn check(draft: &WebhookDraft) -> Result<(), AppError> {
    let name = draft.name.trim();
    let is_plain = !name.is_empty() && !name.chars().any(char::is_control);
    if !is_plain || name.chars().count() > NAME_CHARACTERS_MAX {
        return Err(WebhookRefused::Name.into());
    }
    let mapping = Mapping::parse(&draft.mapping).map_err(WebhookRefused::from)?;
    check_source(&mapping.source)?;
    if mapping.external_id.numbers_rows() {
        return Err(WebhookRefused::NumberedId.into());
    }
    if mapping.unknown_people == UnknownPeople::Create {
        return Err(WebhookRefused::CreatesPeople.into());
    }
    Payload::new(&mapping)?;
    Ok(())
}

/// As the audit tells of a webhook: never of its secrets.
fn told(webhook: &Webhook) -> Value {
    json!({
        "name": webhook.name,
        "mapping": { "bytes": webhook.mapping.len(), "digest": Digest::of(webhook.mapping.as_bytes()) },
        "skip_bad_facts": webhook.skip_bad_facts,
    })
}

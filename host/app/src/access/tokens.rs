//! API tokens: how other systems are let in.

use std::collections::BTreeSet;

use daybreak_domain::access::{ApiToken, Scope, TOKEN_NAME_CHARACTERS_MAX};
use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::time::Instant;
use serde_json::json;

use super::{AccessRefused, DAY, SecretKind, TOUCH_INTERVAL, TokenCreated, later};
use crate::{AppError, Daybreak};

/// The longest time for which a token is made.
pub(super) const TOKEN_DAYS_MAX: i64 = 400;

/// Most tokens of a company that can be used.
pub(super) const TOKENS_MAX: usize = 200;

impl Daybreak {
    /// Makes a token that may do what the scopes say until it expires.
    pub async fn create_token(
        &self,
        company: &Company,
        name: &str,
        scopes: &BTreeSet<Scope>,
        expires_at: Instant,
    ) -> Result<TokenCreated, AppError> {
        let name = name.trim();
        let is_plain = !name.is_empty() && !name.chars().any(char::is_control);
        if !is_plain || name.chars().count() > TOKEN_NAME_CHARACTERS_MAX {
            return Err(AccessRefused::TokenName.into());
        }
        if scopes.is_empty() {
            return Err(AccessRefused::NoScopes.into());
        }
        let now = self.clock.now();
        if expires_at <= now || later(now, TOKEN_DAYS_MAX * DAY) < expires_at {
            return Err(AccessRefused::TokenExpiry.into());
        }
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.tokens(&company.id).await?;
        if known.iter().filter(|token| token.is_valid(now)).count() >= TOKENS_MAX {
            return Err(AccessRefused::TooManyTokens.into());
        }
        let (secret, digest) = self.new_secret(SecretKind::Token);
        let token = ApiToken {
            id: self.ids.new_id("token"),
            name: name.to_owned(),
            scopes: scopes.clone(),
            created_by: self.made_by(),
            created_at: now,
            expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        write.create_token(&token, &digest).await?;
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.word()).collect();
        let after = json!({ "name": token.name, "scopes": scopes, "expires_at": expires_at.to_string() });
        self.note(&mut write, &[AuditEntry::new("token.create", &token.id).after(after)]).await?;
        write.commit().await?;
        Ok(TokenCreated { token, secret })
    }

    /// All tokens, those among them that can no longer be used, the newest first.
    pub async fn tokens(&self, company: &Company) -> Result<Vec<ApiToken>, AppError> {
        Ok(self.store.tokens(&company.id).await?)
    }

    /// Ends a token at once; one that was revoked stays so.
    pub async fn revoke_token(&self, company: &Company, id: &str) -> Result<ApiToken, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.tokens(&company.id).await?.into_iter().find(|token| token.id == id);
        let mut token = known.ok_or_else(|| AppError::Unknown { what: "token", id: id.to_owned() })?;
        if token.revoked_at.is_none() {
            let now = self.clock.now();
            write.revoke_token(id, now).await?;
            self.note(&mut write, &[AuditEntry::new("token.revoke", id)]).await?;
            write.commit().await?;
            token.revoked_at = Some(now);
        }
        Ok(token)
    }

    /// The token of this secret, with its company; none if it has expired or was revoked.
    pub async fn token(&self, secret: &str) -> Result<Option<(Company, ApiToken)>, AppError> {
        let Some(digest) = SecretKind::Token.digest(secret) else { return Ok(None) };
        let now = self.clock.now();
        let found = self.store.token(&digest).await?.filter(|(_, token)| token.is_valid(now));
        let Some((company, mut token)) = found else { return Ok(None) };
        if token.last_used_at.is_none_or(|last| last <= later(now, -TOUCH_INTERVAL)) {
            match self.store.touch_token(&company.id, &token.id, now).await {
                Ok(()) => token.last_used_at = Some(now),
                // As with sessions.
                Err(error) => tracing::warn!(%error, "it could not be noted that a token is in use"),
            }
        }
        Ok(Some((company, token)))
    }
}

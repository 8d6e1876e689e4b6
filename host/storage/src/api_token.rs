//! API tokens, by the digests of their secrets.

use std::collections::BTreeSet;

use daybreak_domain::access::{ApiToken, Scope};
use daybreak_domain::company::Company;
use daybreak_domain::time::Instant;

use crate::session::company;
use crate::store::{Store, StoreError, Write, document, reading, running, word, writing, written};

const COLUMNS: &str = "api_token.token, api_token.name AS token_name, api_token.scopes, api_token.created_by, \
                       api_token.created_at, api_token.expires_at, api_token.revoked_at, api_token.last_used_at";

impl Write {
    /// Keeps a new token with the digest of its secret.
    pub async fn create_token(&mut self, token: &ApiToken, secret: &str) -> Result<(), StoreError> {
        let words: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
        let scopes = written("api_token", &words)?;
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO api_token (company, token, secret, name, scopes, created_by, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            )
            .bind(&self.company)
            .bind(&token.id)
            .bind(secret)
            .bind(&token.name)
            .bind(&scopes)
            .bind(&token.created_by)
            .bind(token.created_at.0)
            .bind(token.expires_at.0)
        )?;
        Ok(())
    }

    /// Ends the token. A token that was revoked stays revoked since then.
    pub async fn revoke_token(&mut self, token: &str, at: Instant) -> Result<(), StoreError> {
        let update = "UPDATE api_token SET revoked_at = $3 WHERE company = $1 AND token = $2 AND revoked_at IS NULL";
        writing!(self, execute, sqlx::query(update).bind(&self.company).bind(token).bind(at.0))?;
        Ok(())
    }
}

impl Store {
    /// All tokens, revoked and expired ones among them, the newest first.
    pub async fn tokens(&self, company: &str) -> Result<Vec<ApiToken>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM api_token WHERE company = $1 ORDER BY created_at DESC, token");
        let rows: Vec<TokenRow> =
            reading!(self, fetch_all, sqlx::query_as(sqlx::AssertSqlSafe(query.as_str())).bind(company))?;
        rows.into_iter().map(TokenRow::token).collect()
    }

    /// The token whose secret has this digest, of whichever company.
    pub async fn token(&self, secret: &str) -> Result<Option<(Company, ApiToken)>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS}, company.company, company.name AS company_name, company.time_zone FROM api_token \
             JOIN company ON company.company = api_token.company WHERE api_token.secret = $1"
        );
        let row: Option<FoundRow> =
            reading!(self, fetch_optional, sqlx::query_as(sqlx::AssertSqlSafe(query.as_str())).bind(secret))?;
        row.map(|row| Ok((company(row.company, row.company_name, &row.time_zone)?, row.token.token()?))).transpose()
    }

    /// Notes that the token is in use; see [`Store::touch_session`].
    pub async fn touch_token(&self, company: &str, token: &str, now: Instant) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let update = "UPDATE api_token SET last_used_at = $3 WHERE company = $1 AND token = $2 \
                      AND (last_used_at IS NULL OR last_used_at < $3)";
        running!(transaction, execute, sqlx::query(update).bind(company).bind(token).bind(now.0))?;
        transaction.commit().await
    }
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    token: String,
    token_name: String,
    scopes: String,
    created_by: String,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    #[sqlx(flatten)]
    token: TokenRow,
    company: String,
    company_name: String,
    time_zone: String,
}

impl TokenRow {
    fn token(self) -> Result<ApiToken, StoreError> {
        let words: Vec<String> = document("api_token", &self.token, &self.scopes)?;
        let scopes: Result<BTreeSet<Scope>, _> =
            words.iter().map(|scope| word("api_token", &self.token, scope)).collect();
        Ok(ApiToken {
            scopes: scopes?,
            id: self.token,
            name: self.token_name,
            created_by: self.created_by,
            created_at: Instant(self.created_at),
            expires_at: Instant(self.expires_at),
            revoked_at: self.revoked_at.map(Instant),
            last_used_at: self.last_used_at.map(Instant),
        })
    }
}

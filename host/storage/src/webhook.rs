//! Webhooks and, in a table of their own, their secrets.

use daybreak_domain::company::Company;
use daybreak_domain::time::Instant;
use daybreak_domain::webhook::{Webhook, WebhookSecret};

use crate::session::company;
use crate::store::{Store, StoreError, Write, reading, running, writing};

const COLUMNS: &str = "webhook.webhook, webhook.name AS webhook_name, webhook.mapping, webhook.skip_bad_facts, \
                       webhook.created_by, webhook.created_at, webhook.disabled_at, webhook.last_used_at";

impl Write {
    pub async fn create_webhook(&mut self, webhook: &Webhook) -> Result<(), StoreError> {
        let insert = "INSERT INTO webhook (company, webhook, name, mapping, skip_bad_facts, created_by, created_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(&webhook.webhook)
                .bind(&webhook.name)
                .bind(&webhook.mapping)
                .bind(i64::from(webhook.skip_bad_facts))
                .bind(&webhook.created_by)
                .bind(webhook.created_at.0)
        )?;
        Ok(())
    }

    /// Makes the webhook what is said here, but for who made it when and its secrets.
    pub async fn change_webhook(&mut self, webhook: &Webhook) -> Result<(), StoreError> {
        let update = "UPDATE webhook SET name = $3, mapping = $4, skip_bad_facts = $5, disabled_at = $6 \
                      WHERE company = $1 AND webhook = $2";
        writing!(
            self,
            execute,
            sqlx::query(update)
                .bind(&self.company)
                .bind(&webhook.webhook)
                .bind(&webhook.name)
                .bind(&webhook.mapping)
                .bind(i64::from(webhook.skip_bad_facts))
                .bind(webhook.disabled_at.map(|at| at.0))
        )?;
        Ok(())
    }

    /// Takes the webhook away, and all its secrets.
    pub async fn delete_webhook(&mut self, webhook: &str) -> Result<(), StoreError> {
        for delete in [
            "DELETE FROM webhook_secret WHERE company = $1 AND webhook = $2",
            "DELETE FROM webhook WHERE company = $1 AND webhook = $2",
        ] {
            writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(webhook))?;
        }
        Ok(())
    }

    /// Makes these all secrets of the webhook.
    pub async fn set_webhook_secrets(&mut self, webhook: &str, secrets: &[WebhookSecret]) -> Result<(), StoreError> {
        let delete = "DELETE FROM webhook_secret WHERE company = $1 AND webhook = $2";
        writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(webhook))?;
        let insert = "INSERT INTO webhook_secret (company, webhook, secret, created_at, expires_at) \
                      VALUES ($1, $2, $3, $4, $5)";
        for secret in secrets {
            writing!(
                self,
                execute,
                sqlx::query(insert)
                    .bind(&self.company)
                    .bind(webhook)
                    .bind(&secret.secret)
                    .bind(secret.created_at.0)
                    .bind(secret.expires_at.map(|at| at.0))
            )?;
        }
        Ok(())
    }
}

impl Store {
    /// All webhooks of the company, by id.
    pub async fn webhooks(&self, company: &str) -> Result<Vec<Webhook>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM webhook WHERE company = $1 ORDER BY webhook");
        let rows: Vec<WebhookRow> =
            reading!(self, fetch_all, sqlx::query_as(sqlx::AssertSqlSafe(query.as_str())).bind(company))?;
        Ok(rows.into_iter().map(WebhookRow::webhook).collect())
    }

    /// The webhook of this id, with its company.
    pub async fn webhook(&self, company_id: &str, webhook: &str) -> Result<Option<(Company, Webhook)>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS}, company.company, company.name AS company_name, company.time_zone FROM webhook \
             JOIN company ON company.company = webhook.company WHERE webhook.company = $1 AND webhook.webhook = $2"
        );
        let row: Option<FoundRow> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(query.as_str())).bind(company_id).bind(webhook)
        )?;
        row.map(|row| Ok((company(row.company, row.company_name, &row.time_zone)?, row.webhook.webhook()))).transpose()
    }

    /// The secrets of a webhook, those that have expired among them, the newest first.
    pub async fn webhook_secrets(&self, company: &str, webhook: &str) -> Result<Vec<WebhookSecret>, StoreError> {
        let query = "SELECT secret, created_at, expires_at FROM webhook_secret WHERE company = $1 AND webhook = $2 \
                     ORDER BY created_at DESC, secret";
        let rows: Vec<(String, i64, Option<i64>)> =
            reading!(self, fetch_all, sqlx::query_as(query).bind(company).bind(webhook))?;
        let secret = |(secret, created_at, expires_at): (String, i64, Option<i64>)| WebhookSecret {
            secret,
            created_at: Instant(created_at),
            expires_at: expires_at.map(Instant),
        };
        Ok(rows.into_iter().map(secret).collect())
    }

    /// Notes that the webhook is in use; see [`Store::touch_session`].
    pub async fn touch_webhook(&self, company: &str, webhook: &str, now: Instant) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let update = "UPDATE webhook SET last_used_at = $3 WHERE company = $1 AND webhook = $2 \
                      AND (last_used_at IS NULL OR last_used_at < $3)";
        running!(transaction, execute, sqlx::query(update).bind(company).bind(webhook).bind(now.0))?;
        transaction.commit().await
    }
}

#[derive(sqlx::FromRow)]
struct WebhookRow {
    webhook: String,
    webhook_name: String,
    mapping: String,
    skip_bad_facts: i64,
    created_by: String,
    created_at: i64,
    disabled_at: Option<i64>,
    last_used_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    #[sqlx(flatten)]
    webhook: WebhookRow,
    company: String,
    company_name: String,
    time_zone: String,
}

impl WebhookRow {
    fn webhook(self) -> Webhook {
        Webhook {
            webhook: self.webhook,
            name: self.webhook_name,
            mapping: self.mapping,
            skip_bad_facts: self.skip_bad_facts != 0,
            created_by: self.created_by,
            created_at: Instant(self.created_at),
            disabled_at: self.disabled_at.map(Instant),
            last_used_at: self.last_used_at.map(Instant),
        }
    }
}

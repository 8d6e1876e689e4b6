//! Calls of reweighting plugins: receipts and answers, append-only.

use daybreak_domain::reweighting::{Change, PolicyReceipt};
use daybreak_domain::time::Instant;

use crate::stale::period;
use crate::store::{
    ListOf, Store, StoreError, Write, document, inconsistent, inserting, reading, word, writing, written,
};

/// Rows in one INSERT.
const ROWS_AT_ONCE: usize = 1_000;

/// What a plugin answered for one employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyAnswer {
    pub employee: String,
    pub changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredPolicyBatch {
    pub batch: i64,
    pub receipt: PolicyReceipt,
    /// For whom the plugin was asked: how many were stored.
    pub stored: usize,
    /// Ordered by employee. Where the plugin failed, without changes.
    pub answers: Vec<PolicyAnswer>,
}

impl Write {
    /// Appends one call with its answers, which come in the order in which the plugin was asked. Returns its number.
    pub async fn append_policy_batch(
        &mut self,
        receipt: &PolicyReceipt,
        answers: &[PolicyAnswer],
    ) -> Result<i64, StoreError> {
        const TABLE: &str = "policy_batch";
        let batch = self.next_sequence();
        let insert = "INSERT INTO policy_batch (company, batch, period_first, period_end, enablement, policy, component, \
                      interface, adapter, context, circumstances, known_to, fuel, engine, input, changes, fault, \
                      computed_at, answers) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(batch)
                .bind(i64::from(receipt.period.first().0))
                .bind(i64::from(receipt.period.end().0))
                .bind(receipt.enablement)
                .bind(&receipt.policy)
                .bind(receipt.component.to_string())
                .bind(written(TABLE, &receipt.interface)?)
                .bind(&receipt.adapter)
                .bind(written(TABLE, &receipt.context)?)
                .bind(written(TABLE, &receipt.circumstances)?)
                .bind(receipt.known_to)
                .bind(i64::try_from(receipt.fuel).unwrap_or(i64::MAX))
                .bind(&receipt.engine)
                .bind(receipt.input.to_string())
                .bind(receipt.changes.to_string())
                .bind(receipt.fault.as_ref().map(|fault| written(TABLE, fault)).transpose()?)
                .bind(receipt.computed_at.0)
                .bind(answers.len() as i64)
        )?;
        for chunk in answers.chunks(ROWS_AT_ONCE) {
            let rows = chunk
                .iter()
                .map(|answer| Ok((&answer.employee, written("policy_answer", &answer.changes)?)))
                .collect::<Result<Vec<_>, StoreError>>()?;
            inserting!(
                self,
                "INSERT INTO policy_answer (company, batch, employee, changes) ",
                &rows,
                |values, (employee, changes)| {
                    values.push_bind(&self.company).push_bind(batch).push_bind(*employee).push_bind(changes);
                },
                ""
            )?;
        }
        Ok(batch)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    batch: i64,
    period_first: i64,
    period_end: i64,
    enablement: i64,
    policy: String,
    component: String,
    interface: String,
    adapter: String,
    context: String,
    circumstances: String,
    known_to: i64,
    fuel: i64,
    engine: String,
    input: String,
    changes: String,
    fault: Option<String>,
    computed_at: i64,
    answers: i64,
}

impl Store {
    /// The numbers of the calls after this one, in their order; at most `most`.
    pub async fn policy_batches_after(&self, company: &str, after: i64, most: u32) -> Result<Vec<i64>, StoreError> {
        let numbers = "SELECT batch FROM policy_batch WHERE company = $1 AND batch > $2 ORDER BY batch LIMIT $3";
        reading!(self, fetch_all, sqlx::query_scalar(numbers).bind(company).bind(after).bind(i64::from(most)))
    }

    /// The calls with these numbers, in their order.
    pub async fn policy_batches(&self, company: &str, batches: &[i64]) -> Result<Vec<StoredPolicyBatch>, StoreError> {
        const TABLE: &str = "policy_batch";
        let these = self.among("$2", ListOf::Numbers);
        let numbers = written(TABLE, &batches)?;
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT batch, period_first, period_end, enablement, policy, component, interface, adapter, context, \
                 circumstances, known_to, fuel, engine, input, changes, fault, computed_at, answers \
                 FROM policy_batch WHERE company = $1 AND batch {these} ORDER BY batch"
            )))
            .bind(company)
            .bind(&numbers)
        )?;
        let answers: Vec<(i64, String, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT batch, employee, changes FROM policy_answer WHERE company = $1 AND batch {these} \
                 ORDER BY batch, employee"
            )))
            .bind(company)
            .bind(&numbers)
        )?;
        let mut batches = Vec::with_capacity(rows.len());
        for row in rows {
            let key = row.batch;
            let answers = answers.iter().filter(|(batch, ..)| *batch == key).map(|(_, employee, changes)| {
                let changes = document("policy_answer", format!("{key} {employee}"), changes)?;
                Ok(PolicyAnswer { employee: employee.clone(), changes })
            });
            batches.push(StoredPolicyBatch {
                batch: key,
                stored: usize::try_from(row.answers).map_err(|error| inconsistent(TABLE, key, error))?,
                answers: answers.collect::<Result<_, StoreError>>()?,
                receipt: PolicyReceipt {
                    policy: row.policy,
                    enablement: row.enablement,
                    period: period(TABLE, key, row.period_first, row.period_end)?,
                    component: word(TABLE, key, &row.component)?,
                    interface: document(TABLE, key, &row.interface)?,
                    adapter: row.adapter,
                    context: document(TABLE, key, &row.context)?,
                    circumstances: document(TABLE, key, &row.circumstances)?,
                    known_to: row.known_to,
                    fuel: u64::try_from(row.fuel).map_err(|error| inconsistent(TABLE, key, error))?,
                    engine: row.engine,
                    input: word(TABLE, key, &row.input)?,
                    changes: word(TABLE, key, &row.changes)?,
                    fault: row.fault.map(|fault| document(TABLE, key, &fault)).transpose()?,
                    computed_at: Instant(row.computed_at),
                },
            });
        }
        Ok(batches)
    }
}

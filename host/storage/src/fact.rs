//! Facts: appending what sources deliver, and reading single facts back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::fact::{Fact, NewFact};
use daybreak_domain::time::{Instant, Span};

use crate::bulk::Document;
use crate::stale::{Mark, MarkCause};
use crate::store::{
    AnyTransaction, ListOf, Store, StoreError, Write, document, inconsistent, inserting, reading, word, writing,
    written,
};

/// Rows in one INSERT: 21 values each, under the databases' bounds of 32,766 and 65,535 values.
const ROWS_AT_ONCE: usize = 1_000;

/// What became of one delivered fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    New {
        sequence: i64,
        revision: u32,
    },
    /// Another revision of a known fact, current from now on.
    Revised {
        sequence: i64,
        revision: u32,
    },
    /// Stored, but a higher revision was there before: never current.
    Outranked {
        sequence: i64,
        revision: u32,
    },
    /// The same content was known: nothing happened.
    Duplicate,
    /// The source's revision number is taken by other content: nothing happened.
    Conflict {
        revision: u32,
    },
}

/// What became of a delivery, fact by fact in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    pub arrivals: Vec<Arrival>,
    /// The company's last number after the delivery.
    pub sequence: i64,
}

/// What a list of facts goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactsBy {
    Document(String),
    Actor(String),
    Customer(String),
    Kind(String),
}

/// Which facts are wanted, a page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactFilter {
    pub by: FactsBy,
    /// Of these only facts of the kind.
    pub kind: Option<String>,
    pub during: Span,
    /// When the last fact of the page before occurred, and its sequence.
    pub before: Option<(Instant, i64)>,
    pub most: u32,
}

/// Facts that arrive together; they count together or not at all.
pub struct Delivery<'a> {
    pub company: &'a Company,
    pub facts: &'a [NewFact],
    /// When the host heard of them: recorded-at of those whose source does not say.
    pub heard_at: Instant,
}

/// A revision of a fact that is known already.
struct Known {
    revision: u32,
    sequence: i64,
    digest: Digest,
    occurred_at: Instant,
    mark: Mark,
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    external_id: String,
    revision: i64,
    sequence: i64,
    digest: String,
    kind: String,
    occurred_at: i64,
    actor: Option<String>,
    document: Option<String>,
    customer: Option<String>,
}

/// The row that a new one replaces.
struct Replaced {
    sequence: i64,
    kind: String,
    occurred_at: Instant,
}

/// A row that will be inserted.
struct NewRow<'a> {
    fact: &'a NewFact,
    sequence: i64,
    revision: u32,
    earlier: usize,
    replaces: Option<Replaced>,
    outranked: bool,
    digest: Digest,
}

impl Write {
    /// Appends the facts that say something new, and marks what they touch.
    pub async fn append_facts(&mut self, delivery: &Delivery<'_>) -> Result<Appended, StoreError> {
        let company = delivery.company;
        let mut sequence = self.sequence();
        let mut known = self.known_revisions(company, delivery.facts).await?;
        let mut arrivals = Vec::with_capacity(delivery.facts.len());
        let mut rows = Vec::new();
        let mut marks: HashMap<Mark, i64> = HashMap::new();
        for fact in delivery.facts {
            let digest = fact.content_digest();
            let revisions = known.entry((&fact.source, &fact.external_id)).or_default();
            let winner = revisions.iter().max_by_key(|known| known.revision);
            let same = match fact.revision {
                Some(revision) => revisions.iter().find(|known| known.revision == revision),
                None => winner.filter(|winner| winner.digest == digest),
            };
            if let Some(same) = same {
                let conflict = same.digest != digest;
                arrivals.push(if conflict {
                    Arrival::Conflict { revision: same.revision }
                } else {
                    Arrival::Duplicate
                });
                continue;
            }
            let revision = fact.revision.unwrap_or(winner.map_or(0, |winner| winner.revision.saturating_add(1)));
            let outranked = winner.is_some_and(|winner| winner.revision > revision);
            let replaces = winner.filter(|_| !outranked).map(|winner| Replaced {
                sequence: winner.sequence,
                kind: winner.mark.kind.clone().unwrap_or_default(),
                occurred_at: winner.occurred_at,
            });
            sequence += 1;
            let mark = mark_of(company, fact);
            if !outranked {
                for mark in [Some(mark.clone()), winner.map(|winner| winner.mark.clone())].into_iter().flatten() {
                    marks.insert(mark, sequence);
                }
            }
            arrivals.push(match (outranked, &replaces) {
                (true, _) => Arrival::Outranked { sequence, revision },
                (false, Some(_)) => Arrival::Revised { sequence, revision },
                (false, None) => Arrival::New { sequence, revision },
            });
            rows.push(NewRow { fact, sequence, revision, earlier: revisions.len(), replaces, outranked, digest });
            revisions.push(Known { revision, sequence, digest, occurred_at: fact.occurred_at, mark });
        }
        self.take_sequences(rows.len());
        self.insert_facts(company, &rows, delivery.heard_at).await?;
        let mut marks: Vec<(i64, Mark)> = marks.into_iter().map(|(mark, sequence)| (sequence, mark)).collect();
        marks.sort();
        let numbered: Vec<(i64, i64, &Mark)> =
            marks.iter().enumerate().map(|(position, (sequence, mark))| (*sequence, position as i64, mark)).collect();
        self.append_numbered_marks(&numbered).await?;
        Ok(Appended { arrivals, sequence })
    }

    async fn known_revisions<'a>(
        &mut self,
        company: &Company,
        facts: &'a [NewFact],
    ) -> Result<HashMap<(&'a String, &'a String), Vec<Known>>, StoreError> {
        let mut by_source: BTreeMap<&String, Vec<&'a NewFact>> = BTreeMap::new();
        for fact in facts {
            by_source.entry(&fact.source).or_default().push(fact);
        }
        let mut known: HashMap<(&String, &String), Vec<Known>> = HashMap::new();
        for facts in by_source.into_values() {
            let by_id: HashMap<&str, &'a NewFact> =
                facts.iter().map(|fact| (fact.external_id.as_str(), *fact)).collect();
            let ids = written("fact", &by_id.keys().collect::<Vec<_>>())?;
            // Left to itself, SQLite reads every fact of the company instead of looking these few up.
            let from = match &*self.transaction {
                AnyTransaction::Sqlite(_) => "fact INDEXED BY fact_key",
                AnyTransaction::Postgres(_) => "fact",
            };
            let text = format!(
                "SELECT external_id, revision, sequence, digest, kind, occurred_at, actor, document, customer FROM {from} \
                 WHERE company = $1 AND source = $2 AND external_id {}",
                self.among("$3", ListOf::Texts)
            );
            let rows: Vec<KnownRow> = writing!(
                self,
                fetch_all,
                sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(&company.id).bind(&facts[0].source).bind(&ids)
            )?;
            for row in rows {
                let Some(fact) = by_id.get(row.external_id.as_str()) else { continue };
                let occurred_at = Instant(row.occurred_at);
                let mark = Mark {
                    kind: Some(row.kind),
                    actor: row.actor,
                    document: row.document,
                    customer: row.customer,
                    day: Some(company.zone.day_of(occurred_at)),
                    ..Mark::new(MarkCause::Fact)
                };
                known.entry((&fact.source, &fact.external_id)).or_default().push(Known {
                    revision: revision_of(row.revision, row.sequence)?,
                    sequence: row.sequence,
                    digest: word("fact", row.sequence, &row.digest)?,
                    occurred_at,
                    mark,
                });
            }
        }
        Ok(known)
    }

    async fn insert_facts(
        &mut self,
        company: &Company,
        rows: &[NewRow<'_>],
        heard_at: Instant,
    ) -> Result<(), StoreError> {
        for chunk in rows.chunks(ROWS_AT_ONCE) {
            inserting!(
                self,
                INTO,
                chunk,
                |values, row| {
                    let fact = row.fact;
                    values
                        .push_bind(&company.id)
                        .push_bind(&fact.kind)
                        .push_bind(fact.occurred_at.0)
                        .push_bind(row.sequence)
                        .push_bind(&fact.source)
                        .push_bind(&fact.external_id)
                        .push_bind(i64::from(row.revision))
                        .push_bind(fact.recorded_at.unwrap_or(heard_at).0)
                        .push_bind(&fact.actor)
                        .push_bind(&fact.document)
                        .push_bind(&fact.customer)
                        .push_bind(fact.value)
                        .push_bind(fact.capture.name())
                        .push_bind(Document(&fact.attributes))
                        .push_bind(i64::from(fact.withdrawn))
                        .push_bind(row.earlier as i64)
                        .push_bind(row.replaces.as_ref().map(|replaced| replaced.sequence))
                        .push_bind(row.replaces.as_ref().map(|replaced| &replaced.kind))
                        .push_bind(row.replaces.as_ref().map(|replaced| replaced.occurred_at.0))
                        .push_bind(i64::from(row.outranked))
                        .push_bind(row.digest.to_string());
                },
                ""
            )?;
        }
        Ok(())
    }
}

const INTO: &str = "INSERT INTO fact (company, kind, occurred_at, sequence, source, external_id, revision, recorded_at, \
                    actor, document, customer, value, capture, attributes, withdrawn, earlier, replaces, replaced_kind, \
                    replaced_at, outranked, digest) ";

pub(crate) const FACT_COLUMNS: &str = "sequence, source, external_id, revision, kind, occurred_at, recorded_at, actor, document, \
                            customer, value, capture, CAST(attributes AS TEXT) AS attributes, withdrawn, digest";

impl Store {
    /// Those of the facts' actors that are no person's id.
    pub async fn unknown_actors(&self, company: &str, facts: &[NewFact]) -> Result<BTreeSet<String>, StoreError> {
        let mut actors: BTreeSet<String> = facts.iter().filter_map(|fact| fact.actor.clone()).collect();
        if actors.is_empty() {
            return Ok(actors);
        }
        let text =
            format!("SELECT person FROM person WHERE company = $1 AND person {}", self.among("$2", ListOf::Texts));
        let ids = written("person", &actors)?;
        let known: Vec<String> =
            reading!(self, fetch_all, sqlx::query_scalar(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(&ids))?;
        for person in known {
            actors.remove(&person);
        }
        Ok(actors)
    }

    /// The facts with these sequences, in the order of their sequence. Those that do not exist are left out.
    pub async fn facts(&self, company: &str, sequences: &[i64]) -> Result<Vec<Fact>, StoreError> {
        let sequences = written("fact", &sequences)?;
        let these = self.among("$2", ListOf::Numbers);
        let rows: Vec<FactRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {FACT_COLUMNS} FROM fact WHERE company = $1 AND sequence {these} \
             ORDER BY sequence"
            )))
            .bind(company)
            .bind(sequences)
        )?;
        rows.into_iter().map(fact_of).collect()
    }

    /// Facts after a sequence, every revision of them, in the order of their sequence; at most `most`.
    pub async fn facts_after(&self, company: &str, after: i64, most: u32) -> Result<Vec<Fact>, StoreError> {
        let rows: Vec<FactRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {FACT_COLUMNS} FROM fact WHERE company = $1 AND sequence > $2 ORDER BY sequence LIMIT $3"
            )))
            .bind(company)
            .bind(after)
            .bind(i64::from(most))
        )?;
        rows.into_iter().map(fact_of).collect()
    }

    /// The facts that fit, the newest occurrence first; every revision of them.
    pub async fn facts_matching(&self, company: &str, filter: &FactFilter) -> Result<Vec<Fact>, StoreError> {
        // Each begins with what an index begins with.
        let (column, value) = match &filter.by {
            FactsBy::Document(document) => ("document", document),
            FactsBy::Actor(actor) => ("actor", actor),
            FactsBy::Customer(customer) => ("customer", customer),
            FactsBy::Kind(kind) => ("kind", kind),
        };
        let (before_at, before) = filter.before.map_or((i64::MAX, i64::MAX), |(at, sequence)| (at.0, sequence));
        let rows: Vec<FactRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {FACT_COLUMNS} FROM fact WHERE company = $1 AND {column} = $2 AND occurred_at >= $3 \
                 AND occurred_at < $4 AND (occurred_at, sequence) < ($5, $6) AND (CAST($7 AS TEXT) IS NULL OR kind = $7) \
                 ORDER BY occurred_at DESC, sequence DESC LIMIT $8"
            )))
            .bind(company)
            .bind(value)
            .bind(filter.during.start.0)
            .bind(filter.during.end.0)
            .bind(before_at)
            .bind(before)
            .bind(&filter.kind)
            .bind(i64::from(filter.most))
        )?;
        rows.into_iter().map(fact_of).collect()
    }

    /// The times of the first and the last fact of the kind.
    pub async fn first_and_last(&self, company: &str, kind: &str) -> Result<Option<(Instant, Instant)>, StoreError> {
        let (first, last): (Option<i64>, Option<i64>) = reading!(
            self,
            fetch_one,
            sqlx::query_as(
                "SELECT (SELECT MIN(occurred_at) FROM fact WHERE company = $1 AND kind = $2), \
             (SELECT MAX(occurred_at) FROM fact WHERE company = $1 AND kind = $2)",
            )
            .bind(company)
            .bind(kind)
        )?;
        Ok(first.zip(last).map(|(first, last)| (Instant(first), Instant(last))))
    }

    /// (document, actor, customer, time) of every fact of the kind on these documents, whichever revision.
    pub async fn actors_on(
        &self,
        company: &str,
        kind: &str,
        documents: &[&str],
    ) -> Result<Vec<(String, Option<String>, Option<String>, Instant)>, StoreError> {
        let these = self.among("$3", ListOf::Texts);
        let text = format!(
            "SELECT DISTINCT document, actor, customer, occurred_at FROM fact WHERE company = $1 AND kind = $2 \
             AND document IS NOT NULL AND document {these}"
        );
        let rows: Vec<(String, Option<String>, Option<String>, i64)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(kind)
                .bind(written("fact", &documents)?)
        )?;
        Ok(rows.into_iter().map(|(document, actor, customer, at)| (document, actor, customer, Instant(at))).collect())
    }
}

fn mark_of(company: &Company, fact: &NewFact) -> Mark {
    Mark {
        kind: Some(fact.kind.clone()),
        actor: fact.actor.clone(),
        document: fact.document.clone(),
        customer: fact.customer.clone(),
        day: Some(company.zone.day_of(fact.occurred_at)),
        ..Mark::new(MarkCause::Fact)
    }
}

fn revision_of(revision: i64, sequence: i64) -> Result<u32, StoreError> {
    u32::try_from(revision).map_err(|error| inconsistent("fact", sequence, error))
}

#[derive(sqlx::FromRow)]
pub(crate) struct FactRow {
    sequence: i64,
    source: String,
    external_id: String,
    revision: i64,
    kind: String,
    occurred_at: i64,
    recorded_at: i64,
    actor: Option<String>,
    document: Option<String>,
    customer: Option<String>,
    value: Option<f64>,
    capture: String,
    attributes: String,
    withdrawn: i64,
    digest: String,
}

pub(crate) fn fact_of(row: FactRow) -> Result<Fact, StoreError> {
    Ok(Fact {
        sequence: row.sequence,
        revision: revision_of(row.revision, row.sequence)?,
        source: row.source,
        external_id: row.external_id,
        kind: row.kind,
        occurred_at: Instant(row.occurred_at),
        recorded_at: Instant(row.recorded_at),
        actor: row.actor,
        document: row.document,
        customer: row.customer,
        value: row.value,
        capture: word("fact", row.sequence, &row.capture)?,
        attributes: document("fact", row.sequence, &row.attributes)?,
        withdrawn: row.withdrawn != 0,
        digest: word("fact", row.sequence, &row.digest)?,
    })
}

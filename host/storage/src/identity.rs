//! Whom other systems mean by which name, and when. Read when facts arrive, never by scoring.

use daybreak_domain::company::{ExternalName, Identity};
use daybreak_domain::time::Day;

use crate::store::{Store, StoreError, Write, reading, validity, word, writing};

pub struct NewIdentity<'a> {
    pub source: &'a str,
    pub external: &'a str,
    /// None: from then on the name means nobody.
    pub person: Option<&'a str>,
    pub from: Day,
    pub until: Option<Day>,
}

impl Write {
    /// Appends whom the name means on these days; facts that came before keep whom they meant then.
    pub async fn add_identity(&mut self, identity: &NewIdentity<'_>) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO identity (company, sequence, source, external, hashed, person, valid_from, valid_until) \
                 VALUES ($1, $2, $3, $4, 0, $5, $6, $7)"
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(identity.source)
            .bind(identity.external)
            .bind(identity.person)
            .bind(i64::from(identity.from.0))
            .bind(identity.until.map(|until| i64::from(until.0)))
        )?;
        Ok(())
    }
}

impl Store {
    /// The identities of one source, or of all, as known now, in the order of their sequence.
    pub async fn identities(&self, company: &str, source: Option<&str>) -> Result<Vec<Identity>, StoreError> {
        type Row = (i64, String, String, i64, Option<String>, i64, Option<i64>);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, source, external, hashed, person, valid_from, valid_until FROM identity \
                 WHERE company = $1 AND (source = $2 OR $2 IS NULL) ORDER BY sequence"
            )
            .bind(company)
            .bind(source)
        )?;
        rows.into_iter()
            .map(|(sequence, source, external, hashed, person, from, until)| {
                let external = match hashed {
                    0 => ExternalName::Plain(external),
                    _ => ExternalName::Erased(word("identity", sequence, &external)?),
                };
                Ok(Identity { validity: validity("identity", sequence, from, until)?, source, external, person })
            })
            .collect()
    }
}

//! Companies.

use daybreak_domain::company::Company;
use daybreak_domain::time::{Instant, Zone};

use crate::glance::Bound;
use crate::store::{Store, StoreError, Write, inconsistent, reading, writing};

pub struct NewCompany<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub zone: &'a Zone,
    pub created_at: Instant,
}

impl Store {
    /// Makes the company's row and begins the transaction in which its first rows are appended.
    pub async fn create_company(&self, company: &NewCompany<'_>) -> Result<Write, StoreError> {
        let mut write = self.write_of_new_company(company.id, self.begin().await?);
        let created = writing!(
            write,
            execute,
            sqlx::query(
                "INSERT INTO company (company, name, time_zone, sequence, created_at) VALUES ($1, $2, $3, 0, $4) \
                 ON CONFLICT (company) DO NOTHING",
            )
            .bind(company.id)
            .bind(company.name)
            .bind(company.zone.name())
            .bind(company.created_at.0)
        )?;
        if created == 0 {
            return Err(StoreError::Exists { what: "company", id: company.id.to_owned() });
        }
        Ok(write)
    }

    pub async fn companies(&self) -> Result<Vec<Company>, StoreError> {
        let rows: Vec<(String, String, String)> =
            reading!(self, fetch_all, sqlx::query_as("SELECT company, name, time_zone FROM company ORDER BY company"))?;
        rows.into_iter()
            .map(|(id, name, zone)| {
                let zone = Zone::named(&zone).map_err(|error| inconsistent("company", &id, error))?;
                Ok(Company { id, name, zone })
            })
            .collect()
    }

    /// The company's last number: everything that is known now.
    pub async fn sequence(&self, company: &str) -> Result<i64, StoreError> {
        let found: Vec<(i64,)> =
            self.glance("SELECT sequence FROM company WHERE company = $1", &[Bound::Text(company)]).await?;
        found
            .first()
            .map(|(last,)| *last)
            .ok_or_else(|| StoreError::Unknown { what: "company", id: company.to_owned() })
    }
}

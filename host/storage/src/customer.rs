//! Customers, who looks after them, and their contacts.

use std::collections::BTreeMap;

use daybreak_domain::customer::{Contact, ContactEvent, Customer, Ownership};
use daybreak_domain::time::{Day, Instant};

use crate::stale::{Mark, MarkCause};
use crate::store::{Store, StoreError, Write, day, inconsistent, reading, validity, word, writing};

pub struct NewOwnership<'a> {
    pub customer: &'a str,
    /// None: nobody looks after it.
    pub owner: Option<&'a str>,
    pub from: Day,
    pub until: Option<Day>,
}

impl Write {
    /// Adds the customer, or appends what is known of it from now on.
    pub async fn set_customer(&mut self, customer: &Customer) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query("INSERT INTO customer (company, customer, sequence, name, kind) VALUES ($1, $2, $3, $4, $5)")
                .bind(&self.company)
                .bind(&customer.id)
                .bind(sequence)
                .bind(&customer.name)
                .bind(&customer.kind)
        )?;
        Ok(())
    }

    /// Appends who looks after the customer on these days.
    pub async fn add_ownership(&mut self, ownership: &NewOwnership<'_>) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO ownership (company, sequence, customer, owner, valid_from, valid_until) \
                 VALUES ($1, $2, $3, $4, $5, $6)"
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(ownership.customer)
            .bind(ownership.owner)
            .bind(i64::from(ownership.from.0))
            .bind(ownership.until.map(|until| i64::from(until.0)))
        )?;
        let mark = Mark {
            customer: Some(ownership.customer.to_owned()),
            day: Some(ownership.from),
            day_until: ownership.until,
            ..Mark::new(MarkCause::Owner)
        };
        self.append_marks(sequence, &[mark]).await
    }

    /// Adds the contact, or changes its record.
    pub async fn set_contact(&mut self, contact: &Contact) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO contact (company, contact, customer, name, sequence) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (company, contact) DO UPDATE SET customer = excluded.customer, name = excluded.name, \
                 sequence = excluded.sequence"
            )
            .bind(&self.company)
            .bind(&contact.id)
            .bind(&contact.customer)
            .bind(&contact.name)
            .bind(sequence)
        )?;
        Ok(())
    }

    /// Takes the contact's name out of its record and out of what people wrote, see [`Write::forget_name`].
    pub async fn erase_contact(&mut self, contact: &str, at: Instant) -> Result<(), StoreError> {
        let name = "SELECT name FROM contact WHERE company = $1 AND contact = $2";
        let name: Option<String> =
            writing!(self, fetch_optional, sqlx::query_scalar(name).bind(&self.company).bind(contact))?;
        self.forget_name(&name.unwrap_or_default()).await?;
        let name = "UPDATE contact SET name = '', erased_at = $3 WHERE company = $1 AND contact = $2";
        writing!(self, execute, sqlx::query(name).bind(&self.company).bind(contact).bind(at.0))?;
        Ok(())
    }

    /// Appends what happened to a contact, or what is known of it from now on.
    pub async fn add_contact_event(&mut self, event: &ContactEvent) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO contact_event (company, sequence, contact, event, day, state, title, withdrawn) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(&event.contact)
            .bind(i64::from(event.event))
            .bind(i64::from(event.day.0))
            .bind(event.state.name())
            .bind(&event.title)
            .bind(i64::from(event.withdrawn))
        )?;
        Ok(())
    }
}

impl Store {
    /// The customers as known at the sequence, by id.
    pub async fn customers(&self, company: &str, known_to: i64) -> Result<BTreeMap<String, Customer>, StoreError> {
        let rows: Vec<(String, String, Option<String>)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT customer, name, kind FROM customer WHERE company = $1 AND sequence <= $2 ORDER BY sequence"
            )
            .bind(company)
            .bind(known_to)
        )?;
        Ok(rows.into_iter().map(|(id, name, kind)| (id.clone(), Customer { id, name, kind })).collect())
    }

    /// Who looked after which customer when, as known at the sequence, in the order of their sequence.
    pub async fn ownerships(&self, company: &str, known_to: i64) -> Result<Vec<Ownership>, StoreError> {
        type Row = (i64, String, Option<String>, i64, Option<i64>);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, customer, owner, valid_from, valid_until FROM ownership \
                 WHERE company = $1 AND sequence <= $2 ORDER BY sequence"
            )
            .bind(company)
            .bind(known_to)
        )?;
        rows.into_iter()
            .map(|(sequence, customer, owner, from, until)| {
                Ok(Ownership { validity: validity("ownership", sequence, from, until)?, customer, owner })
            })
            .collect()
    }

    /// All contacts by id.
    pub async fn contacts(&self, company: &str) -> Result<BTreeMap<String, Contact>, StoreError> {
        let rows: Vec<(String, String, String, Option<i64>)> = reading!(
            self,
            fetch_all,
            sqlx::query_as("SELECT contact, customer, name, erased_at FROM contact WHERE company = $1").bind(company)
        )?;
        let contact = |(id, customer, name, erased_at): (String, String, String, Option<i64>)| {
            (id.clone(), Contact { id, customer, name, erased: erased_at.is_some() })
        };
        Ok(rows.into_iter().map(contact).collect())
    }

    /// What is known now of everything that happened to contacts, withdrawn events among it: by contact and event.
    pub async fn contact_events(&self, company: &str) -> Result<BTreeMap<(String, u32), ContactEvent>, StoreError> {
        type Row = (i64, String, i64, i64, String, String, i64);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, contact, event, day, state, title, withdrawn FROM contact_event \
                 WHERE company = $1 ORDER BY sequence"
            )
            .bind(company)
        )?;
        rows.into_iter()
            .map(|(sequence, contact, event, days, state, title, withdrawn)| {
                let event = u32::try_from(event).map_err(|error| inconsistent("contact_event", sequence, error))?;
                let day = day("contact_event", sequence, days)?;
                let state = word("contact_event", sequence, &state)?;
                let key = (contact.clone(), event);
                Ok((key, ContactEvent { contact, event, day, state, title, withdrawn: withdrawn != 0 }))
            })
            .collect()
    }
}

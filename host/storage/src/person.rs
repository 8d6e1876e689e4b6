//! People, their roles, their identities in other systems, departments and spells.

use std::collections::BTreeMap;

use daybreak_domain::company::{Department, Person, Spell};
use daybreak_domain::time::Day;

use crate::stale::{Mark, MarkCause};
use crate::store::{Store, StoreError, Write, day, reading, writing};

pub struct NewSpell<'a> {
    pub person: &'a str,
    pub from: Day,
    pub until: Option<Day>,
    pub department: Option<&'a str>,
    pub manager: Option<&'a str>,
}

impl Write {
    pub async fn create_person(&mut self, person: &Person) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        let created = writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO person (company, person, name, sequence) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (company, person) DO NOTHING",
            )
            .bind(&self.company)
            .bind(&person.id)
            .bind(&person.name)
            .bind(sequence)
        )?;
        if created == 0 {
            return Err(StoreError::Exists { what: "person", id: person.id.clone() });
        }
        Ok(())
    }

    /// Gives the person another name; nothing that scoring reads changes.
    pub async fn rename_person(&mut self, person: &Person) -> Result<(), StoreError> {
        writing!(
            self,
            execute,
            sqlx::query("UPDATE person SET name = $3 WHERE company = $1 AND person = $2")
                .bind(&self.company)
                .bind(&person.id)
                .bind(&person.name)
        )?;
        Ok(())
    }

    pub async fn give_role(&mut self, person: &str, role: &str) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO role (company, person, role, sequence) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (company, person, role) DO NOTHING",
            )
            .bind(&self.company)
            .bind(person)
            .bind(role)
            .bind(sequence)
        )?;
        Ok(())
    }

    /// From now on the source's name means this person; facts that came before keep whom they meant then.
    pub async fn set_identity(&mut self, source: &str, external: &str, person: &str) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(self, execute, sqlx::query(
            "INSERT INTO identity (company, source, external, person, sequence) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (company, source, external) DO UPDATE SET person = excluded.person, sequence = excluded.sequence",
        )
        .bind(&self.company)
        .bind(source)
        .bind(external)
        .bind(person)
        .bind(sequence))?;
        Ok(())
    }

    /// Appends the department as it is from now on.
    pub async fn set_department(&mut self, department: &Department) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO department (company, department, sequence, name, parent) VALUES ($1, $2, $3, $4, $5)"
            )
            .bind(&self.company)
            .bind(&department.id)
            .bind(sequence)
            .bind(&department.name)
            .bind(&department.parent)
        )?;
        Ok(())
    }

    pub async fn add_spell(&mut self, spell: &NewSpell<'_>) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO spell (company, sequence, person, valid_from, valid_until, department, manager) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(spell.person)
            .bind(i64::from(spell.from.0))
            .bind(spell.until.map(|until| i64::from(until.0)))
            .bind(spell.department)
            .bind(spell.manager)
        )?;
        let mark = Mark { subject: Some(spell.person.to_owned()), ..Mark::new(MarkCause::Person) };
        self.append_marks(sequence, &[mark]).await?;
        Ok(sequence)
    }
}

impl Store {
    /// All people by id.
    pub async fn people(&self, company: &str) -> Result<BTreeMap<String, Person>, StoreError> {
        let rows: Vec<(String, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as("SELECT person, name FROM person WHERE company = $1").bind(company)
        )?;
        Ok(rows.into_iter().map(|(id, name)| (id.clone(), Person { id, name })).collect())
    }

    /// Of these names of the source, the people they mean.
    pub async fn identities(&self, company: &str, source: &str) -> Result<BTreeMap<String, String>, StoreError> {
        let rows: Vec<(String, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as("SELECT external, person FROM identity WHERE company = $1 AND source = $2")
                .bind(company)
                .bind(source)
        )?;
        Ok(rows.into_iter().collect())
    }

    /// All departments as known at the sequence, by id.
    pub async fn departments(&self, company: &str, known_to: i64) -> Result<BTreeMap<String, Department>, StoreError> {
        let rows: Vec<(String, String, Option<String>)> = reading!(self, fetch_all, sqlx::query_as(
            "SELECT department, name, parent FROM department WHERE company = $1 AND sequence <= $2 ORDER BY sequence",
        )
        .bind(company)
        .bind(known_to))?;
        Ok(rows.into_iter().map(|(id, name, parent)| (id.clone(), Department { id, name, parent })).collect())
    }

    /// All spells as known at the sequence.
    pub async fn spells(&self, company: &str, known_to: i64) -> Result<Vec<Spell>, StoreError> {
        type Row = (i64, String, i64, Option<i64>, Option<String>, Option<String>);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, person, valid_from, valid_until, department, manager FROM spell \
             WHERE company = $1 AND sequence <= $2 ORDER BY sequence",
            )
            .bind(company)
            .bind(known_to)
        )?;
        rows.into_iter()
            .map(|(sequence, person, from, until, department, manager)| {
                let until = until.map(|until| day("spell", sequence, until)).transpose()?;
                Ok(Spell { sequence, person, from: day("spell", sequence, from)?, until, department, manager })
            })
            .collect()
    }
}

//! Departments over time, and positions.

use std::collections::BTreeMap;

use daybreak_domain::company::{Department, DepartmentSpell, Position};
use daybreak_domain::time::Day;

use crate::store::{Store, StoreError, Write, document, reading, validity, writing, written};

pub struct NewDepartmentSpell<'a> {
    pub department: &'a Department,
    pub from: Day,
    pub until: Option<Day>,
    /// It does not exist on these days.
    pub closed: bool,
}

impl Write {
    /// Appends how the department is on these days.
    pub async fn add_department_spell(&mut self, spell: &NewDepartmentSpell<'_>) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO department (company, department, sequence, name, parent, valid_from, valid_until, closed) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            )
            .bind(&self.company)
            .bind(&spell.department.id)
            .bind(sequence)
            .bind(&spell.department.name)
            .bind(&spell.department.parent)
            .bind(i64::from(spell.from.0))
            .bind(spell.until.map(|until| i64::from(until.0)))
            .bind(i64::from(spell.closed))
        )?;
        Ok(())
    }

    /// Adds the position, or gives the one with this id another title.
    pub async fn set_position(&mut self, position: &Position) -> Result<(), StoreError> {
        let sequence = self.next_sequence();
        let title = written("position", &position.title)?;
        writing!(
            self,
            execute,
            sqlx::query("INSERT INTO position (company, position, sequence, title) VALUES ($1, $2, $3, $4)")
                .bind(&self.company)
                .bind(&position.id)
                .bind(sequence)
                .bind(&title)
        )?;
        Ok(())
    }
}

impl Store {
    /// How all departments were over time, as known at the sequence, in the order of their sequence.
    pub async fn department_spells(&self, company: &str, known_to: i64) -> Result<Vec<DepartmentSpell>, StoreError> {
        type Row = (i64, String, String, Option<String>, i64, Option<i64>, i64);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, department, name, parent, valid_from, valid_until, closed FROM department \
                 WHERE company = $1 AND sequence <= $2 ORDER BY sequence"
            )
            .bind(company)
            .bind(known_to)
        )?;
        rows.into_iter()
            .map(|(sequence, id, name, parent, from, until, closed)| {
                Ok(DepartmentSpell {
                    validity: validity("department", sequence, from, until)?,
                    department: Department { id, name, parent },
                    closed: closed != 0,
                })
            })
            .collect()
    }

    /// Every department that there ever was as known at the sequence, closed ones among them, by id; each as the newest
    /// row has it, whatever days that row is about.
    pub async fn departments(&self, company: &str, known_to: i64) -> Result<BTreeMap<String, Department>, StoreError> {
        let spells = self.department_spells(company, known_to).await?;
        Ok(spells.into_iter().map(|spell| (spell.department.id.clone(), spell.department)).collect())
    }

    /// The positions as known at the sequence, by id.
    pub async fn positions(&self, company: &str, known_to: i64) -> Result<BTreeMap<String, Position>, StoreError> {
        let rows: Vec<(String, i64, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT position, sequence, title FROM position WHERE company = $1 AND sequence <= $2 ORDER BY sequence"
            )
            .bind(company)
            .bind(known_to)
        )?;
        rows.into_iter()
            .map(|(id, sequence, title)| {
                let title = document("position", sequence, &title)?;
                Ok((id.clone(), Position { id, title }))
            })
            .collect()
    }
}

//! People, their roles, and where they belonged when.

use std::collections::BTreeMap;

use daybreak_domain::company::{ExternalName, Person, Spell};
use daybreak_domain::text::without_name;
use daybreak_domain::time::{Day, Instant};

use crate::glance::Bound;
use crate::stale::{Mark, MarkCause};
use crate::store::{ListOf, Store, StoreError, Write, reading, validity, writing, written};

pub struct NewSpell<'a> {
    pub person: &'a str,
    pub from: Day,
    pub until: Option<Day>,
    pub department: Option<&'a str>,
    pub manager: Option<&'a str>,
    pub position: Option<&'a str>,
    /// False: the person does not belong to the company on these days.
    pub employed: bool,
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
            sqlx::query("UPDATE person SET name = $3 WHERE company = $1 AND person = $2 AND erased_at IS NULL")
                .bind(&self.company)
                .bind(&person.id)
                .bind(&person.name)
        )?;
        Ok(())
    }

    /// Takes the person's name out of the rows that hold it. Ids stay, and so does all that scoring reads. Names in other
    /// systems are replaced by their digests, reasons of absences are dropped and their kinds, which nothing that is
    /// computed rests on, made `other`, roles are taken away, and the account is deleted with its login, its sessions and
    /// its link, and so is how often they looked at their growth map. See [`Write::forget_name`] for what people wrote.
    pub async fn erase_person(&mut self, person: &str, at: Instant) -> Result<(), StoreError> {
        let names: Vec<(i64, String, String)> = writing!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, source, external FROM identity WHERE company = $1 AND person = $2 AND hashed = 0"
            )
            .bind(&self.company)
            .bind(person)
        )?;
        for (sequence, source, external) in names {
            let ExternalName::Erased(digest) = ExternalName::erased(&self.company, &source, &external) else {
                continue;
            };
            let digest = digest.to_string();
            writing!(
                self,
                execute,
                sqlx::query("UPDATE identity SET external = $3, hashed = 1 WHERE company = $1 AND sequence = $2")
                    .bind(&self.company)
                    .bind(sequence)
                    .bind(&digest)
            )?;
        }
        let absences = "UPDATE absence SET reason = NULL, kind = 'other' WHERE company = $1 AND person = $2";
        writing!(self, execute, sqlx::query(absences).bind(&self.company).bind(person))?;
        for delete in [
            "DELETE FROM role WHERE company = $1 AND person = $2",
            "DELETE FROM hr_department WHERE company = $1 AND person = $2",
            "DELETE FROM session WHERE company = $1 AND person = $2",
            "DELETE FROM access_link WHERE company = $1 AND person = $2",
            "DELETE FROM account WHERE company = $1 AND person = $2",
            "DELETE FROM growth_view WHERE company = $1 AND person = $2",
        ] {
            writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(person))?;
        }
        let name = "SELECT name FROM person WHERE company = $1 AND person = $2";
        let name: Option<String> =
            writing!(self, fetch_optional, sqlx::query_scalar(name).bind(&self.company).bind(person))?;
        self.forget_name(&name.unwrap_or_default()).await?;
        let name = "UPDATE person SET name = '', erased_at = $3 WHERE company = $1 AND person = $2";
        writing!(self, execute, sqlx::query(name).bind(&self.company).bind(person).bind(at.0))?;
        Ok(())
    }

    /// Takes a name out of what people wrote for others to read and no receipt rests on: titles of tasks, reasons of
    /// circumstances and entries of questions.
    pub(crate) async fn forget_name(&mut self, name: &str) -> Result<(), StoreError> {
        for (table, column) in [("task", "title"), ("circumstance", "reason"), ("question_entry", "text")] {
            let text = format!(
                "SELECT sequence, {column} FROM {table} WHERE company = $1 AND REPLACE({column}, $2, '') <> {column}"
            );
            let texts: Vec<(i64, String)> = writing!(
                self,
                fetch_all,
                sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(&self.company).bind(name)
            )?;
            let update = format!("UPDATE {table} SET {column} = $3 WHERE company = $1 AND sequence = $2");
            for (sequence, text) in texts {
                let Some(without) = without_name(&text, name) else { continue };
                writing!(
                    self,
                    execute,
                    sqlx::query(sqlx::AssertSqlSafe(update.as_str())).bind(&self.company).bind(sequence).bind(&without)
                )?;
            }
        }
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

    pub async fn take_role(&mut self, person: &str, role: &str) -> Result<(), StoreError> {
        let delete = "DELETE FROM role WHERE company = $1 AND person = $2 AND role = $3";
        writing!(self, execute, sqlx::query(delete).bind(&self.company).bind(person).bind(role))?;
        Ok(())
    }

    pub async fn add_spell(&mut self, spell: &NewSpell<'_>) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO spell (company, sequence, person, valid_from, valid_until, department, manager, position, \
             employed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(spell.person)
            .bind(i64::from(spell.from.0))
            .bind(spell.until.map(|until| i64::from(until.0)))
            .bind(spell.department)
            .bind(spell.manager)
            .bind(spell.position)
            .bind(i64::from(spell.employed))
        )?;
        let mark = Mark {
            subject: Some(spell.person.to_owned()),
            day: Some(spell.from),
            day_until: spell.until,
            ..Mark::new(MarkCause::Person)
        };
        self.append_marks(sequence, &[mark]).await?;
        Ok(sequence)
    }
}

impl Store {
    /// All people by id.
    pub async fn people(&self, company: &str) -> Result<BTreeMap<String, Person>, StoreError> {
        let rows: Vec<(String, String, Option<i64>)> = reading!(
            self,
            fetch_all,
            sqlx::query_as("SELECT person, name, erased_at FROM person WHERE company = $1").bind(company)
        )?;
        Ok(rows.into_iter().map(person_of).collect())
    }

    /// Those of the people whose ids are named, by id.
    pub async fn people_named(&self, company: &str, ids: &[&str]) -> Result<BTreeMap<String, Person>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let text = format!(
            "SELECT person, name, erased_at FROM person WHERE company = $1 AND person {}",
            self.among("$2", ListOf::Texts)
        );
        let rows: Vec<(String, String, Option<i64>)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("person", &ids)?)
        )?;
        Ok(rows.into_iter().map(person_of).collect())
    }

    /// Who has the role.
    pub async fn people_with_role(&self, company: &str, role: &str) -> Result<Vec<String>, StoreError> {
        let people = "SELECT person FROM role WHERE company = $1 AND role = $2 ORDER BY person";
        reading!(self, fetch_all, sqlx::query_scalar(people).bind(company).bind(role))
    }

    /// The roles of one person.
    pub async fn roles_of(&self, company: &str, person: &str) -> Result<Vec<String>, StoreError> {
        let roles = "SELECT role FROM role WHERE company = $1 AND person = $2 ORDER BY role";
        let found: Vec<(String,)> = self.glance(roles, &[Bound::Text(company), Bound::Text(person)]).await?;
        Ok(found.into_iter().map(|(role,)| role).collect())
    }

    /// The number of the newest row, up to the sequence, that says where people belong, how departments stand or who looks
    /// after a customer; 0 if there is none.
    pub async fn organisation_sequence(&self, company: &str, known_to: i64) -> Result<i64, StoreError> {
        let newest = "SELECT (SELECT MAX(sequence) FROM spell WHERE company = $1 AND sequence <= $2), \
                      (SELECT MAX(sequence) FROM department WHERE company = $1 AND sequence <= $2), \
                      (SELECT MAX(sequence) FROM ownership WHERE company = $1 AND sequence <= $2)";
        let newest: Vec<(Option<i64>, Option<i64>, Option<i64>)> =
            self.glance(newest, &[Bound::Text(company), Bound::Number(known_to)]).await?;
        Ok(newest
            .into_iter()
            .map(|(spell, department, ownership)| spell.max(department).max(ownership))
            .max()
            .flatten()
            .unwrap_or_default())
    }

    /// All spells as known at the sequence, in the order of their sequence.
    pub async fn spells(&self, company: &str, known_to: i64) -> Result<Vec<Spell>, StoreError> {
        let rows: Vec<SpellRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, person, valid_from, valid_until, department, manager, position, employed FROM spell \
             WHERE company = $1 AND sequence <= $2 ORDER BY sequence",
            )
            .bind(company)
            .bind(known_to)
        )?;
        let spell = |row: SpellRow| {
            Ok(Spell {
                validity: validity("spell", row.sequence, row.valid_from, row.valid_until)?,
                person: row.person,
                department: row.department,
                manager: row.manager,
                position: row.position,
                employed: row.employed != 0,
            })
        };
        rows.into_iter().map(spell).collect()
    }
}

#[derive(sqlx::FromRow)]
struct SpellRow {
    sequence: i64,
    person: String,
    valid_from: i64,
    valid_until: Option<i64>,
    department: Option<String>,
    manager: Option<String>,
    position: Option<String>,
    employed: i64,
}

fn person_of((id, name, erased_at): (String, String, Option<i64>)) -> (String, Person) {
    (id.clone(), Person { id, name, erased: erased_at.is_some() })
}

//! Indicators: their definitions, parameters, the pins of plugin versions and what administrators permitted.
//!
//! All of it is append-only. A definition, parameters or a pin hold from a day on; of those that hold on a day, the one
//! known last counts.

use std::collections::HashMap;

use daybreak_domain::digest::Digest;
use daybreak_domain::indicator::{Direction, Rules};
use daybreak_domain::requirements::{Requirements, SubjectKind};
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;

use crate::stale::{Mark, MarkCause};
use crate::store::{Store, StoreError, Write, day, document, reading, word, writing, written};

pub struct NewDefinition<'a> {
    pub indicator: &'a str,
    pub from: Day,
    pub title: &'a Localized,
    pub subject_kind: SubjectKind,
    pub rules: &'a Rules,
    pub plugin: &'a str,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    pub sequence: i64,
    pub indicator: String,
    /// From this day on.
    pub from: Day,
    pub title: Localized,
    pub subject_kind: SubjectKind,
    pub rules: Rules,
    pub plugin: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParametersRevision {
    pub sequence: i64,
    pub parameters_json: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    pub sequence: i64,
    /// From this day on.
    pub from: Day,
    pub department: Option<String>,
    pub component: Digest,
}

pub struct NewPermission<'a> {
    pub indicator: &'a str,
    /// None: for the whole company.
    pub department: Option<&'a str>,
    pub component: &'a Digest,
    pub interface: &'a str,
    /// The sequence of the parameters for which the plugin stated these requirements.
    pub parameters: i64,
    pub requirements: &'a Requirements,
    pub revoked: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    pub sequence: i64,
    pub department: Option<String>,
    pub component: Digest,
    pub interface: String,
    pub parameters: i64,
    pub requirements: Requirements,
    pub revoked: bool,
}

impl Write {
    pub async fn add_definition(&mut self, new: &NewDefinition<'_>) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        writing!(self, execute, sqlx::query(
            "INSERT INTO indicator (company, sequence, indicator, valid_from, title, subject_kind, direction, unit, \
             ceiling, plugin) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&self.company)
        .bind(sequence)
        .bind(new.indicator)
        .bind(i64::from(new.from.0))
        .bind(written("indicator", new.title)?)
        .bind(new.subject_kind.name())
        .bind(new.rules.direction.to_string())
        .bind(&new.rules.unit)
        .bind(new.rules.ceiling)
        .bind(new.plugin))?;
        self.mark_indicator(sequence, new.indicator).await?;
        Ok(sequence)
    }

    pub async fn add_parameters(
        &mut self,
        indicator: &str,
        from: Day,
        parameters_json: &str,
    ) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        writing!(self, execute, sqlx::query(
            "INSERT INTO parameters (company, sequence, indicator, valid_from, parameters) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&self.company)
        .bind(sequence)
        .bind(indicator)
        .bind(i64::from(from.0))
        .bind(parameters_json))?;
        self.mark_indicator(sequence, indicator).await?;
        Ok(sequence)
    }

    pub async fn add_permission(&mut self, new: &NewPermission<'_>) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO permission (company, sequence, indicator, department, component, interface, parameters, \
             requirements, revoked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(new.indicator)
            .bind(new.department)
            .bind(new.component.to_string())
            .bind(new.interface)
            .bind(new.parameters)
            .bind(written("permission", new.requirements)?)
            .bind(i64::from(new.revoked))
        )?;
        self.mark_indicator(sequence, new.indicator).await?;
        Ok(sequence)
    }

    pub async fn add_pin(
        &mut self,
        plugin: &str,
        department: Option<&str>,
        from: Day,
        component: &Digest,
    ) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        writing!(self, execute, sqlx::query(
            "INSERT INTO pin (company, sequence, plugin, department, valid_from, component) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&self.company)
        .bind(sequence)
        .bind(plugin)
        .bind(department)
        .bind(i64::from(from.0))
        .bind(component.to_string()))?;
        let indicators: Vec<String> = writing!(
            self,
            fetch_all,
            sqlx::query_scalar("SELECT DISTINCT indicator FROM indicator WHERE company = $1 AND plugin = $2")
                .bind(&self.company)
                .bind(plugin)
        )?;
        let marks: Vec<Mark> = indicators
            .into_iter()
            .map(|indicator| Mark { indicator: Some(indicator), ..Mark::new(MarkCause::Indicator) })
            .collect();
        self.append_marks(sequence, &marks).await?;
        Ok(sequence)
    }

    async fn mark_indicator(&mut self, sequence: i64, indicator: &str) -> Result<(), StoreError> {
        let mark = Mark { indicator: Some(indicator.to_owned()), ..Mark::new(MarkCause::Indicator) };
        self.append_marks(sequence, &[mark]).await
    }
}

const DEFINITION_COLUMNS: &str =
    "sequence, indicator, valid_from, title, subject_kind, direction, unit, ceiling, plugin";

type DefinitionRow = (i64, String, i64, String, String, String, String, f64, String);

fn definition_of(row: DefinitionRow) -> Result<Definition, StoreError> {
    let (sequence, indicator, from, title, subject_kind, direction, unit, ceiling, plugin) = row;
    let direction: Direction = word("indicator", sequence, &direction)?;
    Ok(Definition {
        sequence,
        indicator,
        from: day("indicator", sequence, from)?,
        title: document("indicator", sequence, &title)?,
        subject_kind: word("indicator", sequence, &subject_kind)?,
        rules: Rules { direction, unit, ceiling },
        plugin,
    })
}

impl Store {
    /// The definition of the indicator on the day, as known at the sequence.
    pub async fn definition(
        &self,
        company: &str,
        indicator: &str,
        on: Day,
        known_to: i64,
    ) -> Result<Option<Definition>, StoreError> {
        let row: Option<DefinitionRow> =
            reading!(self, fetch_optional, sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {DEFINITION_COLUMNS} FROM indicator WHERE company = $1 AND indicator = $2 AND valid_from <= $3 \
             AND sequence <= $4 ORDER BY sequence DESC LIMIT 1"
        )))
        .bind(company)
        .bind(indicator)
        .bind(i64::from(on.0))
        .bind(known_to))?;
        row.map(definition_of).transpose()
    }

    /// The definition with this sequence.
    pub async fn definition_revision(&self, company: &str, sequence: i64) -> Result<Option<Definition>, StoreError> {
        let row: Option<DefinitionRow> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {DEFINITION_COLUMNS} FROM indicator WHERE company = $1 AND sequence = $2"
            )))
            .bind(company)
            .bind(sequence)
        )?;
        row.map(definition_of).transpose()
    }

    /// The newest definition of every indicator, by id.
    pub async fn definitions(&self, company: &str) -> Result<Vec<Definition>, StoreError> {
        let rows: Vec<DefinitionRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {DEFINITION_COLUMNS} FROM indicator AS newest WHERE company = $1 AND sequence = (SELECT \
             MAX(sequence) FROM indicator WHERE company = $1 AND indicator = newest.indicator) ORDER BY indicator"
            )))
            .bind(company)
        )?;
        rows.into_iter().map(definition_of).collect()
    }

    /// The parameters of the indicator on the day, as known at the sequence.
    pub async fn parameters(
        &self,
        company: &str,
        indicator: &str,
        on: Day,
        known_to: i64,
    ) -> Result<Option<ParametersRevision>, StoreError> {
        let row: Option<(i64, String)> = reading!(self, fetch_optional, sqlx::query_as(
            "SELECT sequence, parameters FROM parameters WHERE company = $1 AND indicator = $2 AND valid_from <= $3 \
             AND sequence <= $4 ORDER BY sequence DESC LIMIT 1",
        )
        .bind(company)
        .bind(indicator)
        .bind(i64::from(on.0))
        .bind(known_to))?;
        Ok(row.map(|(sequence, parameters_json)| ParametersRevision { sequence, parameters_json }))
    }

    /// The parameters with this sequence.
    pub async fn parameters_revision(
        &self,
        company: &str,
        sequence: i64,
    ) -> Result<Option<ParametersRevision>, StoreError> {
        let row: Option<(i64, String)> = reading!(
            self,
            fetch_optional,
            sqlx::query_as("SELECT sequence, parameters FROM parameters WHERE company = $1 AND sequence = $2")
                .bind(company)
                .bind(sequence)
        )?;
        Ok(row.map(|(sequence, parameters_json)| ParametersRevision { sequence, parameters_json }))
    }

    /// The pins of the plugin that hold on the day, as known at the sequence: at most one for each department and one
    /// for the whole company.
    pub async fn pins(&self, company: &str, plugin: &str, on: Day, known_to: i64) -> Result<Vec<Pin>, StoreError> {
        let rows: Vec<PinRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, valid_from, department, component FROM pin WHERE company = $1 AND plugin = $2 \
             AND valid_from <= $3 AND sequence <= $4 ORDER BY sequence DESC",
            )
            .bind(company)
            .bind(plugin)
            .bind(i64::from(on.0))
            .bind(known_to)
        )?;
        let mut pins: Vec<Pin> = Vec::new();
        for row in rows {
            let newer = pin_of(row)?;
            if pins.iter().all(|pin| pin.department != newer.department) {
                pins.push(newer);
            }
        }
        Ok(pins)
    }

    /// Every pin of the plugin that was ever set, in the order in which they were.
    pub async fn pins_set(&self, company: &str, plugin: &str) -> Result<Vec<Pin>, StoreError> {
        let rows: Vec<PinRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, valid_from, department, component FROM pin WHERE company = $1 AND plugin = $2 \
                 ORDER BY sequence",
            )
            .bind(company)
            .bind(plugin)
        )?;
        rows.into_iter().map(pin_of).collect()
    }

    /// The permissions of the indicator for this component and these parameters, as known at the sequence: the newest
    /// for each department and for the whole company, revoked ones left out.
    pub async fn permissions(
        &self,
        company: &str,
        indicator: &str,
        component: &Digest,
        parameters: i64,
        known_to: i64,
    ) -> Result<Vec<Permission>, StoreError> {
        type Row = (i64, Option<String>, String, String, i64, String, i64);
        let rows: Vec<Row> =
            reading!(self, fetch_all, sqlx::query_as(
            "SELECT sequence, department, component, interface, parameters, requirements, revoked FROM permission \
             WHERE company = $1 AND indicator = $2 AND component = $3 AND parameters = $4 AND sequence <= $5 \
             ORDER BY sequence DESC",
        )
        .bind(company)
        .bind(indicator)
        .bind(component.to_string())
        .bind(parameters)
        .bind(known_to))?;
        let mut permissions: Vec<Permission> = Vec::new();
        for row in rows {
            let permission = permission_of(row)?;
            if permissions.iter().all(|newer| newer.department != permission.department) {
                permissions.push(permission);
            }
        }
        permissions.retain(|permission| !permission.revoked);
        Ok(permissions)
    }

    /// What any version of the indicator's plugin was ever permitted to read, revoked permissions left out.
    pub async fn all_requirements(&self, company: &str, indicator: &str) -> Result<Vec<Requirements>, StoreError> {
        let rows: Vec<(String,)> =
            reading!(self, fetch_all, sqlx::query_as(
            "SELECT DISTINCT requirements FROM permission WHERE company = $1 AND indicator = $2 AND revoked = 0",
        )
        .bind(company)
        .bind(indicator))?;
        rows.into_iter().map(|(requirements,)| document("permission", indicator, &requirements)).collect()
    }

    /// The newest parameters of the indicator with the day from which they hold.
    pub async fn newest_parameters(
        &self,
        company: &str,
        indicator: &str,
    ) -> Result<Option<(Day, ParametersRevision)>, StoreError> {
        let row: Option<(i64, i64, String)> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(
                "SELECT sequence, valid_from, parameters FROM parameters WHERE company = $1 AND indicator = $2 \
             ORDER BY sequence DESC LIMIT 1",
            )
            .bind(company)
            .bind(indicator)
        )?;
        row.map(|(sequence, from, parameters_json)| {
            Ok((day("parameters", sequence, from)?, ParametersRevision { sequence, parameters_json }))
        })
        .transpose()
    }

    /// The newest parameters of every indicator with the day from which they hold.
    pub async fn all_newest_parameters(
        &self,
        company: &str,
    ) -> Result<HashMap<String, (Day, ParametersRevision)>, StoreError> {
        let rows: Vec<(String, i64, i64, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT indicator, sequence, valid_from, parameters FROM parameters AS newest WHERE company = $1 \
                 AND sequence = (SELECT MAX(sequence) FROM parameters WHERE company = $1 \
                 AND indicator = newest.indicator)",
            )
            .bind(company)
        )?;
        let known = |(indicator, sequence, from, parameters_json)| {
            let from = day("parameters", sequence, from)?;
            Ok((indicator, (from, ParametersRevision { sequence, parameters_json })))
        };
        rows.into_iter().map(known).collect()
    }

    /// Every component that some pin of the plugin names for the day or a later one.
    pub async fn components_from(&self, company: &str, plugin: &str, from: Day) -> Result<Vec<Digest>, StoreError> {
        let mut components: Vec<Digest> =
            self.pins(company, plugin, from, i64::MAX).await?.into_iter().map(|pin| pin.component).collect();
        let later: Vec<String> = reading!(
            self,
            fetch_all,
            sqlx::query_scalar(
                "SELECT DISTINCT component FROM pin WHERE company = $1 AND plugin = $2 AND valid_from > $3",
            )
            .bind(company)
            .bind(plugin)
            .bind(i64::from(from.0))
        )?;
        for component in later {
            components.push(word("pin", plugin, &component)?);
        }
        components.sort();
        components.dedup();
        Ok(components)
    }

    /// The permission with this sequence.
    pub async fn permission_revision(&self, company: &str, sequence: i64) -> Result<Option<Permission>, StoreError> {
        let row =
            reading!(self, fetch_optional, sqlx::query_as(
            "SELECT sequence, department, component, interface, parameters, requirements, revoked FROM permission \
             WHERE company = $1 AND sequence = $2",
        )
        .bind(company)
        .bind(sequence))?;
        row.map(permission_of).transpose()
    }
}

type PinRow = (i64, i64, Option<String>, String);

fn pin_of((sequence, from, department, component): PinRow) -> Result<Pin, StoreError> {
    let (from, component) = (day("pin", sequence, from)?, word("pin", sequence, &component)?);
    Ok(Pin { sequence, from, department, component })
}

fn permission_of(row: (i64, Option<String>, String, String, i64, String, i64)) -> Result<Permission, StoreError> {
    let (sequence, department, component, interface, parameters, requirements, revoked) = row;
    Ok(Permission {
        sequence,
        department,
        component: word("permission", sequence, &component)?,
        interface,
        parameters,
        requirements: document("permission", sequence, &requirements)?,
        revoked: revoked != 0,
    })
}

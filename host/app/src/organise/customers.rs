//! Customers, and who looks after them when.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{Company, counts_on};
use daybreak_domain::customer::{Customer, Ownership};
use daybreak_domain::time::Day;
use daybreak_storage::NewOwnership;
use serde_json::{Value, json};

use super::departments::Changed;
use super::entries::{EntryProblem, Listed, Problem, Uncovered, of_one};
use super::{Spans, check_entry_id, check_entry_text, check_span, file_rows, stretches, throughout};
use crate::audit::{NotedStretches, with_changed};
use crate::import::FileOptions;
use crate::{AppError, Daybreak};

/// Who looks after a customer, from a day until another. Several entries of one customer follow one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnershipEntry {
    pub customer: String,
    /// None: nobody.
    pub owner: Option<String>,
    /// Without a day, today.
    pub from: Option<Day>,
    /// The first day on which it is so no longer; where no other entry begins then, nobody looks after the customer.
    pub until: Option<Day>,
}

impl Daybreak {
    /// Imports customers from a CSV file with the columns id and name and, if wanted, kind.
    pub async fn import_customers(
        &self,
        company: &Company,
        file: impl Read + Seek + Send,
        options: &FileOptions,
    ) -> Result<Changed, AppError> {
        let listed = file_rows::read(file, options, &["id", "name", "kind"], &["id", "name"], |row| {
            Ok(Customer { id: row.required("id")?, name: row.required("name")?, kind: row.owned("kind") })
        })?;
        self.add_customers(company, &listed).await
    }

    /// Adds one customer, or changes its record.
    pub async fn add_customer(&self, company: &Company, customer: Customer) -> Result<(), AppError> {
        self.add_customers(company, &vec![customer].into()).await.map(|_| ()).map_err(of_one)
    }

    /// Adds customers, or changes the records of known ones; all of them or, if one cannot be taken, none.
    pub async fn add_customers(&self, company: &Company, listed: &Listed<Customer>) -> Result<Changed, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.customers(&company.id, i64::MAX).await?;
        let mut found: Vec<(usize, Problem)> = Vec::new();
        let mut rows: HashMap<&str, usize> = HashMap::new();
        for (index, customer) in listed.entries.iter().enumerate() {
            let mut note = |column, problem| found.push((index, (Some(column), problem)));
            // Customers keep the ids that they have in other systems, because facts name them so.
            if let Err(problem) = check_entry_text(&customer.id) {
                note("id", problem);
            }
            if let Err(problem) = check_entry_text(&customer.name) {
                note("name", problem);
            }
            if let Some(Err(problem)) = customer.kind.as_deref().map(check_entry_id) {
                note("kind", problem);
            }
            if let Some(first) = rows.insert(&customer.id, index) {
                note("id", EntryProblem::Twice { first: listed.row(first) });
            }
        }
        listed.refuse_if_bad(found)?;
        let mut changed = Changed { read: listed.len(), appended: 0 };
        let mut noted = Vec::new();
        for customer in listed.entries.iter().filter(|customer| known.get(&customer.id) != Some(customer)) {
            write.set_customer(customer).await?;
            changed.appended += 1;
            // A customer may be a person, so the name is not told.
            let before = known.get(&customer.id);
            let is_renamed = before.is_some_and(|before| before.name != customer.name);
            let action = if before.is_some() { "customer.change" } else { "customer.add" };
            let after = with_changed(json!({ "kind": customer.kind }), [("name", is_renamed)]);
            let before = before.map(|before| json!({ "kind": before.kind }));
            noted.push(AuditEntry::new(action, &customer.id).before(before).after(after));
        }
        self.note(&mut write, &noted).await?;
        write.commit().await?;
        Ok(changed)
    }

    /// Imports who looks after which customer from a CSV file with the columns customer and owner and, if wanted, from
    /// and until. A row without an owner says that nobody does.
    pub async fn import_owners(
        &self,
        company: &Company,
        file: impl Read + Seek + Send,
        options: &FileOptions,
    ) -> Result<Changed, AppError> {
        let columns = ["customer", "owner", "from", "until"];
        let listed = file_rows::read(file, options, &columns, &["customer", "owner"], |row| {
            Ok(OwnershipEntry {
                customer: row.required("customer")?,
                owner: row.owned("owner"),
                from: row.day("from")?,
                until: row.day("until")?,
            })
        })?;
        self.add_owners(company, &listed, Uncovered::Ended).await
    }

    /// Says who looks after a customer.
    pub async fn assign_customer(&self, company: &Company, entry: OwnershipEntry) -> Result<(), AppError> {
        self.add_owners(company, &vec![entry].into(), Uncovered::Stays).await.map(|_| ()).map_err(of_one)
    }

    /// Says who looks after customers; all of it or, if one entry cannot be taken, nothing.
    pub async fn add_owners(
        &self,
        company: &Company,
        listed: &Listed<OwnershipEntry>,
        uncovered: Uncovered,
    ) -> Result<Changed, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let people = self.store.people(&company.id).await?;
        let customers = self.store.customers(&company.id, i64::MAX).await?;
        let mut known: HashMap<String, Vec<Ownership>> = HashMap::new();
        for ownership in self.store.ownerships(&company.id, i64::MAX).await? {
            known.entry(ownership.customer.clone()).or_default().push(ownership);
        }
        let today = self.today(company);
        let mut found: Vec<(usize, Problem)> = Vec::new();
        let mut rows: BTreeMap<&str, Spans> = BTreeMap::new();
        for (index, entry) in listed.entries.iter().enumerate() {
            let mut note = |column, problem| found.push((index, (Some(column), problem)));
            let from = entry.from.unwrap_or(today);
            if !customers.contains_key(&entry.customer) {
                note("customer", EntryProblem::Unknown { what: "customer", id: entry.customer.clone() });
            }
            if let Some(owner) = entry.owner.as_ref().filter(|owner| !people.contains_key(*owner)) {
                note("owner", EntryProblem::Unknown { what: "person", id: owner.clone() });
            }
            if let Err(problem) = check_span(from, entry.until) {
                note("until", problem);
            }
            let own = rows.entry(&entry.customer).or_default();
            if let Some((first, ..)) = own.iter().find(|(_, other, _)| *other == from) {
                note("from", EntryProblem::Twice { first: listed.row(*first) });
            }
            own.push((index, from, entry.until));
        }
        listed.refuse_if_bad(found)?;
        let mut changed = Changed { read: listed.len(), appended: 0 };
        let mut noted = Vec::new();
        for (customer, own) in rows {
            let mut assigned = NotedStretches::new("owners");
            let known = known.get(customer).map(Vec::as_slice).unwrap_or_default();
            for stretch in stretches(own, uncovered) {
                let owner = stretch.entry.and_then(|entry| listed.entries[entry].owner.as_deref());
                let same = |known: Option<&Ownership>| known.and_then(|known| known.owner.as_deref()) == owner;
                if throughout(known, stretch.from, stretch.until, same) {
                    continue;
                }
                let (from, until) = (stretch.from, stretch.until);
                write.add_ownership(&NewOwnership { customer, owner, from, until }).await?;
                changed.appended += 1;
                let before = counts_on(known, from).map_or(Value::Null, |known| json!({ "owner": known.owner }));
                assigned.push(from, until, before, json!({ "owner": owner }));
            }
            if !assigned.is_empty() {
                let (before, after) = assigned.documents();
                noted.push(AuditEntry::new("customer.assign", customer).before(before).after(after));
            }
        }
        self.note(&mut write, &noted).await?;
        write.commit().await?;
        Ok(changed)
    }

    /// Who looked after customers when, as known now, in the order in which it came to be known.
    pub async fn ownerships(&self, company: &Company) -> Result<Vec<Ownership>, AppError> {
        Ok(self.store.ownerships(&company.id, i64::MAX).await?)
    }

    /// All customers, by id.
    pub async fn customers(&self, company: &Company) -> Result<BTreeMap<String, Customer>, AppError> {
        Ok(self.store.customers(&company.id, i64::MAX).await?)
    }
}

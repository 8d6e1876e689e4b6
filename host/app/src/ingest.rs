//! Facts come in: from other systems one batch at a time, from files row by row.
//!
//! A fact that was acknowledged is on the disk. What was delivered before changes nothing.

use std::collections::{BTreeSet, HashMap};
use std::io::{Read, Seek};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{Company, ExternalName, Identity, Person, Validity};
use daybreak_domain::digest::Digest;
use daybreak_domain::fact::NewFact;
use daybreak_domain::task;
use daybreak_domain::time::Zone;
use daybreak_storage::{Appended, Arrival, Delivery, NewIdentity, NewSpell};
use serde_json::json;

use crate::import::{FileOptions, Mapping, Reader, RowError, RowFact, TableFile, UnknownPeople};
use crate::install::ALWAYS;
use crate::organise::identities::Identities;
use crate::{AppError, Daybreak, figures};

mod preview;

pub use preview::{PREVIEW_ROWS, Preview, PreviewRow};
/// Most facts of one delivery.
pub const FACTS_MAX: usize = 10_000;

/// Facts in one transaction of an import.
const FACTS_AT_ONCE: usize = 1_000;

/// Errors of rows, and of facts of one delivery, that are kept to be shown; more are counted.
const ERRORS_SHOWN_MAX: usize = 1_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    pub file: FileOptions,
    /// Import the good rows although some are bad. Otherwise one bad row keeps all of them out.
    pub skip_bad_rows: bool,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub rows: u64,
    pub new: u64,
    pub revised: u64,
    pub outranked: u64,
    pub duplicates: u64,
    pub people_created: u64,
    /// Facts whose person nobody knows, kept without one.
    pub unassigned: u64,
    pub bad_rows: Vec<RowError>,
    /// Bad rows beyond those listed.
    pub more_bad_rows: u64,
    /// The company's last number afterwards.
    pub sequence: i64,
}

/// How far an import has come: bytes read, of both passes together.
pub type Progress<'a> = &'a mut (dyn FnMut(u64) + Send);

impl Daybreak {
    /// Appends facts that are ready, at most [`FACTS_MAX`], all or none of them. Their actors are ids of people.
    #[tracing::instrument(skip_all, fields(company = %company.id, facts = facts.len()))]
    pub async fn record_facts(&self, company: &Company, facts: &[NewFact]) -> Result<Appended, AppError> {
        if facts.len() > FACTS_MAX {
            return Err(AppError::TooManyFacts { facts: facts.len(), most: FACTS_MAX });
        }
        self.check_facts(company, facts).await?;
        let mut write = self.store.write(&company.id).await?;
        let delivery = Delivery { company, facts, heard_at: self.clock.now() };
        let mut appended = write.append_facts(&delivery).await?;
        self.note(&mut write, told(facts, &appended).as_slice()).await?;
        appended.sequence = write.sequence();
        write.commit().await?;
        figures::facts_appended(&appended.arrivals);
        Ok(appended)
    }

    /// Refuses the facts if one of them is bad, and then names all that are.
    async fn check_facts(&self, company: &Company, facts: &[NewFact]) -> Result<(), AppError> {
        // People are never taken away, so who is known now is known when the facts are written.
        let unknown = self.store.unknown_actors(&company.id, facts).await?;
        let mut errors = Vec::new();
        let mut more = 0;
        for (index, fact) in facts.iter().enumerate() {
            let Some(problem) = problem_of(fact, &unknown) else { continue };
            if errors.len() < ERRORS_SHOWN_MAX {
                errors.push((index, problem));
            } else {
                more += 1;
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(AppError::BadFacts { facts: facts.len(), errors, more }) }
    }

    /// Imports delimited text or a workbook in two passes: the first one reads every row and writes nothing, the second
    /// one appends. So a file with a bad row leaves no trace unless the caller wants the good rows. Both passes read the
    /// same: of a workbook the host holds its own copy, and in delimited text the second pass ends before the first block
    /// that differs.
    pub async fn import_file<F: Read + Seek + Send>(
        &self,
        company: &Company,
        mapping: &Mapping,
        file: F,
        options: &ImportOptions,
        progress: Progress<'_>,
    ) -> Result<Imported, AppError> {
        check_source(&mapping.source)?;
        let mut people = People::of(self, company, mapping).await?;
        // Before anything is written: a file that cannot be read twice is refused.
        let mut file = TableFile::open(file, &options.file)?;
        let first = check_rows(&mut Reader::new(mapping, file.records()?)?, mapping, &people, progress)?;
        if !first.bad_rows.is_empty() && !options.skip_bad_rows {
            return Err(AppError::BadRows { rows: first.rows, errors: first.bad_rows, more: first.more_bad_rows });
        }
        let mut people_created = 0;
        if mapping.unknown_people == UnknownPeople::Create && !first.unknown.is_empty() {
            people_created = people.create(self, company, mapping, first.unknown).await?;
        }
        let mut imported = Imported {
            rows: first.rows,
            people_created,
            bad_rows: first.bad_rows,
            more_bad_rows: first.more_bad_rows,
            sequence: self.store.sequence(&company.id).await?,
            ..Imported::default()
        };
        let mut reader = Reader::new(mapping, file.records()?)?;
        let mut ids = ExternalIds::default();
        let mut chunk: Vec<RowFact> = Vec::with_capacity(FACTS_AT_ONCE);
        loop {
            let row = reader.next();
            let ended = row.is_none();
            if reader.stopped_early() {
                // The first pass came to the end, so the file is not the one that was checked.
                let facts = imported.new + imported.revised + imported.outranked + imported.duplicates;
                return Err(AppError::FileChanged { facts });
            }
            if let Some(Ok(mut row)) = row {
                match people.assign(mapping, &mut row).and_then(|()| ids.check(&row)) {
                    Ok(()) => {
                        imported.unassigned += u64::from(row.who.is_some() && row.fact.actor.is_none());
                        chunk.push(row);
                    }
                    // The first pass found it good: somebody has said meanwhile that the name means others.
                    Err(error) if !options.skip_bad_rows => return Err(AppError::RowRefused { row: error }),
                    Err(_) => {}
                }
            }
            if chunk.len() >= FACTS_AT_ONCE || ended {
                self.append_rows(company, &mut chunk, options, &mut imported).await?;
                progress(first.bytes + reader.bytes_read());
            }
            if ended {
                return Ok(imported);
            }
        }
    }

    async fn append_rows(
        &self,
        company: &Company,
        chunk: &mut Vec<RowFact>,
        options: &ImportOptions,
        imported: &mut Imported,
    ) -> Result<(), AppError> {
        if chunk.is_empty() {
            return Ok(());
        }
        let (places, facts): (Vec<(u64, u64)>, Vec<NewFact>) =
            chunk.drain(..).map(|row| ((row.line, row.row), row.fact)).unzip();
        let appended = self.record_facts(company, &facts).await?;
        imported.sequence = appended.sequence;
        for (arrival, (line, row)) in appended.arrivals.iter().zip(places) {
            match arrival {
                Arrival::New { .. } => imported.new += 1,
                Arrival::Revised { .. } => imported.revised += 1,
                Arrival::Outranked { .. } => imported.outranked += 1,
                Arrival::Duplicate => imported.duplicates += 1,
                Arrival::Conflict { revision } => {
                    let problem = format!(
                        "revision {revision} of this fact was delivered before with other content; give the change a \
                         higher revision"
                    );
                    let error = RowError { line, row, column: None, problem };
                    if !options.skip_bad_rows {
                        return Err(AppError::RowRefused { row: error });
                    }
                    imported.bad_rows.push(error);
                }
            }
        }
        Ok(())
    }
}

/// As the audit tells of a delivery: one entry, unless nothing in it was new.
pub(crate) fn told(facts: &[NewFact], appended: &Appended) -> Option<AuditEntry> {
    let (mut new, mut revised, mut outranked) = (0_usize, 0_usize, 0_usize);
    let mut sequences = Vec::new();
    let mut sources = BTreeSet::new();
    for (fact, arrival) in facts.iter().zip(&appended.arrivals) {
        let (count, sequence) = match arrival {
            Arrival::New { sequence, .. } => (&mut new, sequence),
            Arrival::Revised { sequence, .. } => (&mut revised, sequence),
            Arrival::Outranked { sequence, .. } => (&mut outranked, sequence),
            Arrival::Duplicate | Arrival::Conflict { .. } => continue,
        };
        *count += 1;
        sequences.push(*sequence);
        sources.insert(fact.source.as_str());
    }
    let (first, last) = (sequences.first()?, sequences.last()?);
    let id = sources.iter().copied().collect::<Vec<&str>>().join(", ");
    let after = json!({
        "sources": sources,
        "new": new,
        "revised": revised,
        "outranked": outranked,
        "first_sequence": first,
        "last_sequence": last,
    });
    Some(AuditEntry::new("fact.deliver", id).after(after))
}

/// The first pass: every row is read and checked, nothing is written.
fn check_rows(
    reader: &mut Reader<'_>,
    mapping: &Mapping,
    people: &People,
    progress: Progress<'_>,
) -> Result<FirstPass, AppError> {
    let mut pass = FirstPass::default();
    let mut ids = ExternalIds::default();
    while let Some(row) = reader.next() {
        pass.rows += 1;
        let checked = row.and_then(|mut row| {
            people.assign(mapping, &mut row)?;
            ids.check(&row)?;
            Ok(row)
        });
        match checked {
            Ok(row) => {
                if let Some(who) = row.who.filter(|_| row.fact.actor.is_none()) {
                    pass.unknown.insert(who);
                }
            }
            Err(error) if pass.bad_rows.len() < ERRORS_SHOWN_MAX => pass.bad_rows.push(error),
            Err(_) => pass.more_bad_rows += 1,
        }
        if pass.rows % 1_000 == 0 {
            progress(reader.bytes_read());
        }
    }
    if reader.stopped_early()
        && let Some(error) = pass.bad_rows.pop()
    {
        return Err(AppError::StoppedEarly { row: error.row, problem: error.to_string() });
    }
    pass.bytes = reader.bytes_read();
    Ok(pass)
}

/// What the host says itself, nobody else may say: a file could otherwise correct the facts of tasks.
pub(crate) fn check_source(source: &str) -> Result<(), AppError> {
    if source == task::SOURCE { Err(AppError::ReservedSource) } else { Ok(()) }
}

/// What is wrong with a fact of a delivery, and what to do about it.
fn problem_of(fact: &NewFact, unknown: &BTreeSet<String>) -> Option<String> {
    if let Err(error) = check_source(&fact.source) {
        return Some(error.to_string());
    }
    if let Err(error) = fact.check() {
        return Some(error.to_string());
    }
    let actor = fact.actor.as_ref().filter(|actor| unknown.contains(*actor))?;
    Some(format!("there is no person {actor:?}: add them first, or leave the actor out while nobody knows who it was"))
}

#[derive(Default)]
struct FirstPass {
    rows: u64,
    bytes: u64,
    bad_rows: Vec<RowError>,
    more_bad_rows: u64,
    unknown: BTreeSet<String>,
}

/// The external ids of a file so far. One id means one fact: two rows of one file that share it but differ would take
/// turns in correcting each other, every time the file is imported.
#[derive(Default)]
struct ExternalIds {
    /// By the digest of the id: the row, and the digest of its content.
    seen: HashMap<[u8; 16], (u64, Digest)>,
}

impl ExternalIds {
    fn check(&mut self, row: &RowFact) -> Result<(), RowError> {
        let mut id = [0; 16];
        id.copy_from_slice(&Digest::of(row.fact.external_id.as_bytes()).as_bytes()[..16]);
        let content = row.fact.content_digest();
        let (first, known) = *self.seen.entry(id).or_insert((row.row, content));
        if known == content {
            return Ok(());
        }
        let shown: String = row.fact.external_id.chars().take(80).collect();
        Err(RowError {
            line: row.line,
            row: row.row,
            column: None,
            problem: format!(
                "the external id {shown:?} stands in row {first} already, with other content; add {{occurrence}} or another \
                 column to external_id in the mapping"
            ),
        })
    }
}

/// Who the names of one source mean.
struct People {
    identities: Identities,
    zone: Zone,
}

impl People {
    async fn of(daybreak: &Daybreak, company: &Company, mapping: &Mapping) -> Result<Self, AppError> {
        let rows = daybreak.store.identities(&company.id, Some(&mapping.source)).await?;
        Ok(Self { identities: Identities::new(company, rows), zone: company.zone.clone() })
    }

    /// Sets the fact's actor, whom the name means on the fact's own day, or refuses the row if it means nobody then and
    /// the mapping wants somebody.
    fn assign(&self, mapping: &Mapping, row: &mut RowFact) -> Result<(), RowError> {
        let Some(who) = &row.who else { return Ok(()) };
        let day = self.zone.day_of(row.fact.occurred_at);
        row.fact.actor = self.identities.person_on(&mapping.source, who, day).map(str::to_owned);
        if row.fact.actor.is_some() || mapping.unknown_people == UnknownPeople::Unassigned {
            return Ok(());
        }
        let known_otherwise = self.identities.knows(&mapping.source, who);
        if mapping.unknown_people == UnknownPeople::Create && !known_otherwise {
            return Ok(());
        }
        let shown: String = who.chars().take(80).collect();
        let shown = format!("{}:{shown}", mapping.source);
        let problem = if known_otherwise {
            format!(
                "{shown:?} means nobody on {day}, but somebody on other days; say who it was with `daybreak identity \
                 set`, or set unknown_people to \"unassigned\" in the mapping"
            )
        } else {
            format!(
                "nobody is known as {shown:?}; add the identity with `daybreak people import` or `daybreak identity \
                 set`, or set unknown_people to \"unassigned\" or \"create\" in the mapping"
            )
        };
        Err(RowError { line: row.line, row: row.row, column: None, problem })
    }

    /// Creates a person for each name that nobody is known by, and returns how many.
    async fn create(
        &mut self,
        daybreak: &Daybreak,
        company: &Company,
        mapping: &Mapping,
        names: BTreeSet<String>,
    ) -> Result<u64, AppError> {
        let source = mapping.source.as_str();
        let mut write = daybreak.store.write(&company.id).await?;
        let mut noted = Vec::new();
        // Another import may have made some of them meanwhile; from here on nobody does.
        let rows = daybreak.store.identities(&company.id, Some(source)).await?;
        self.identities = Identities::new(company, rows);
        let mut created = 0;
        for name in names {
            if self.identities.knows(source, &name) {
                continue;
            }
            created += 1;
            let person = Person { id: daybreak.ids.new_id("person"), name: name.clone(), erased: false };
            write.create_person(&person).await?;
            let (from, until) = (ALWAYS, None);
            let identity = NewIdentity { source, external: &name, person: Some(&person.id), from, until };
            write.add_identity(&identity).await?;
            // Nobody knows when they came, so they count as having been there all along, in no department.
            let (department, manager, position) = (None, None, None);
            let spell = NewSpell { person: &person.id, from, until, department, manager, position, employed: true };
            write.add_spell(&spell).await?;
            noted.push(AuditEntry::new("person.add", &person.id).after(json!({ "identities_of": [source] })));
            self.identities.add(Identity {
                validity: Validity { sequence: write.sequence(), from, until },
                source: source.to_owned(),
                external: ExternalName::Plain(name),
                person: Some(person.id),
            });
        }
        daybreak.note(&mut write, &noted).await?;
        write.commit().await?;
        Ok(created)
    }
}

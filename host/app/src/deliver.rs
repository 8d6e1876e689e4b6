//! Facts that another system delivers in one request: names become people, every fact is checked, and the caller
//! learns what became of each.

use daybreak_domain::company::Company;
use daybreak_domain::fact::NewFact;
use daybreak_storage::{Arrival, Delivery};

use crate::import::UnknownPeople;
use crate::ingest::{check_source, told};
use crate::organise::identities::Identities;
use crate::{AppError, Daybreak, figures};

/// Most facts of one delivery.
pub const FACTS_MAX: usize = 10_000;

/// One fact of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveredFact {
    pub fact: NewFact,
    /// The name of the person in the fact's source, where the fact names no actor by id.
    pub who: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FactDelivery {
    pub facts: Vec<DeliveredFact>,
    /// What to do with names that mean nobody on the fact's day; people are not made by deliveries.
    pub unknown_people: UnknownPeople,
    /// Record the good facts although some are bad. Otherwise one bad fact keeps all of them out.
    pub skip_bad_facts: bool,
}

/// What became of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    Arrived(Arrival),
    /// It was not recorded; what is wrong with it.
    Refused(String),
}

/// What became of a delivery, fact by fact in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    pub received: Vec<Received>,
    /// The company's last number afterwards.
    pub sequence: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum DeliveryRefused {
    #[error("{0} facts: deliver at most {FACTS_MAX} at once")]
    TooMany(usize),
    #[error(
        "{} of {facts} facts cannot be recorded, so none was; correct them, or ask for the others to be recorded", .bad.len()
    )]
    BadFacts {
        facts: usize,
        /// By the place in the delivery, from 0.
        bad: Vec<(usize, String)>,
    },
}

impl Daybreak {
    /// Appends the facts of a delivery in one transaction. Delivering the same again changes nothing.
    pub async fn deliver_facts(&self, company: &Company, delivery: FactDelivery) -> Result<Delivered, AppError> {
        let FactDelivery { facts, unknown_people, skip_bad_facts } = delivery;
        self.deliver_read(company, facts.into_iter().map(Ok).collect(), unknown_people, skip_bad_facts).await
    }

    /// The same where some facts could not even be read: each of those is what is wrong with it.
    pub(crate) async fn deliver_read(
        &self,
        company: &Company,
        delivered: Vec<Result<DeliveredFact, String>>,
        unknown_people: UnknownPeople,
        skip_bad_facts: bool,
    ) -> Result<Delivered, AppError> {
        let count = delivered.len();
        if count > FACTS_MAX {
            return Err(DeliveryRefused::TooMany(count).into());
        }
        let identities = Identities::new(company, self.store.identities(&company.id, None).await?);
        let people = self.store.people(&company.id).await?;
        let mut received = Vec::with_capacity(count);
        let mut facts = Vec::with_capacity(count);
        for delivered in delivered {
            let DeliveredFact { mut fact, who } = match delivered {
                Ok(delivered) => delivered,
                Err(problem) => {
                    received.push(Some(problem));
                    continue;
                }
            };
            let person = match (fact.actor.take(), who) {
                (Some(id), _) if !people.contains_key(&id) => {
                    Err(format!("there is no person {id:?}: add the person first, or correct the id"))
                }
                (Some(id), _) => Ok(Some(id)),
                (None, Some(name)) => {
                    let day = company.zone.day_of(fact.occurred_at);
                    match identities.person_on(&fact.source, &name, day) {
                        Some(id) => Ok(Some(id.to_owned())),
                        None if unknown_people == UnknownPeople::Unassigned => Ok(None),
                        None => Err(format!(
                            "nobody is known as {}:{name} on {day}: add the identity, or let unknown people be unassigned",
                            fact.source
                        )),
                    }
                }
                (None, None) => Ok(None),
            };
            let checked = person.and_then(|actor| {
                fact.actor = actor;
                check_source(&fact.source).map_err(|error| error.to_string())?;
                fact.check().map_err(|error| error.to_string())?;
                Ok(fact)
            });
            match checked {
                Ok(fact) => {
                    facts.push(fact);
                    received.push(None);
                }
                Err(problem) => received.push(Some(problem)),
            }
        }
        if !skip_bad_facts && facts.len() < count {
            let bad = received.into_iter().enumerate().filter_map(|(place, problem)| Some((place, problem?)));
            return Err(DeliveryRefused::BadFacts { facts: count, bad: bad.collect() }.into());
        }
        let mut write = self.store.write(&company.id).await?;
        let new = Delivery { company, facts: &facts, heard_at: self.clock.now() };
        let appended = write.append_facts(&new).await?;
        self.note(&mut write, told(&facts, &appended).as_slice()).await?;
        let sequence = write.sequence();
        write.commit().await?;
        figures::facts_appended(&appended.arrivals);
        let mut arrivals = appended.arrivals.into_iter();
        let received = received.into_iter().filter_map(|problem| match problem {
            Some(problem) => Some(Received::Refused(problem)),
            None => arrivals.next().map(Received::Arrived),
        });
        Ok(Delivered { received: received.collect(), sequence })
    }
}

//! The resources, one folder each.

use utoipa_axum::router::OpenApiRouter;

use crate::api::Api;

pub(crate) mod absences;
pub(crate) mod alerts;
pub(crate) mod audit;
pub(crate) mod circumstances;
pub(crate) mod company;
pub(crate) mod composites;
pub(crate) mod contacts;
pub(crate) mod crises;
pub(crate) mod customers;
pub(crate) mod day;
pub(crate) mod departments;
pub(crate) mod enablements;
pub(crate) mod events;
pub(crate) mod facts;
pub(crate) mod goals;
pub(crate) mod growth;
pub(crate) mod history;
pub(crate) mod hooks;
pub(crate) mod host;
pub(crate) mod identities;
pub(crate) mod imports;
pub(crate) mod indicators;
pub(crate) mod insights;
pub(crate) mod jobs;
pub(crate) mod mappings;
pub(crate) mod packs;
pub(crate) mod people;
pub(crate) mod plugins;
pub(crate) mod positions;
pub(crate) mod presence;
pub(crate) mod questions;
pub(crate) mod reweightings;
pub(crate) mod scorecards;
pub(crate) mod scores;
pub(crate) mod session;
pub(crate) mod shares;
pub(crate) mod tasks;
pub(crate) mod team;
pub(crate) mod tokens;
pub(crate) mod webhooks;

/// Everything under the versioned base.
pub(crate) fn versioned() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(absences::routes())
        .merge(alerts::routes())
        .merge(audit::routes())
        .merge(circumstances::routes())
        .merge(company::routes())
        .merge(composites::routes())
        .merge(contacts::routes())
        .merge(crises::routes())
        .merge(customers::routes())
        .merge(day::routes())
        .merge(departments::routes())
        .merge(enablements::routes())
        .merge(events::routes())
        .merge(facts::routes())
        .merge(goals::routes())
        .merge(growth::routes())
        .merge(history::routes())
        .merge(hooks::routes())
        .merge(identities::routes())
        .merge(imports::routes())
        .merge(indicators::routes())
        .merge(insights::routes())
        .merge(jobs::routes())
        .merge(mappings::routes())
        .merge(packs::routes())
        .merge(people::routes())
        .merge(plugins::routes())
        .merge(positions::routes())
        .merge(presence::routes())
        .merge(questions::routes())
        .merge(reweightings::routes())
        .merge(scorecards::routes())
        .merge(scores::routes())
        .merge(session::routes())
        .merge(shares::routes())
        .merge(tasks::routes())
        .merge(team::routes())
        .merge(tokens::routes())
        .merge(webhooks::routes())
}

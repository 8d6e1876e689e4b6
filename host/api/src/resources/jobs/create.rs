//! `POST /api/v1/jobs`

use daybreak_domain::job::JobOrder;
use serde::Deserialize;
use utoipa::ToSchema;

use super::JobView;
use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::{WireDay, WirePeriod};

/// What is to be done. Imports are ordered with `POST /imports`, which takes the file.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum JobDraft {
    /// Scores one indicator, or all, for a period, and what rests on them.
    Score {
        #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$")]
        indicator: Option<String>,
        period: WirePeriod,
        /// The day of assessment: what happened later does not count. Without one, today.
        as_of: Option<WireDay>,
    },
    /// Computes everything again that has a receipt and a number after the first and up to the second.
    Replay {
        #[serde(default)]
        #[schema(minimum = 0, required = false)]
        after: i64,
        #[schema(minimum = 1)]
        until: Option<i64>,
    },
    /// Asks one assistant, or all that are in use.
    Assess {
        #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$")]
        enablement: Option<String>,
        /// Without one, today.
        on: Option<WireDay>,
    },
    /// Has sentences made about charts.
    Narrate {
        #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$")]
        indicator: Option<String>,
        /// Only the charts of this employee, department or customer.
        #[schema(max_length = 256)]
        subject: Option<String>,
        /// Without one, today.
        on: Option<WireDay>,
    },
}

impl JobDraft {
    fn order(self, caller: &Caller) -> JobOrder {
        let day = |day: Option<WireDay>| day.map_or_else(|| caller.today(), |day| day.0);
        match self {
            Self::Score { indicator, period, as_of } => {
                JobOrder::Score { indicator, period: period.0, as_of: day(as_of) }
            }
            Self::Replay { after, until } => JobOrder::Replay { after, until },
            Self::Assess { enablement, on } => JobOrder::Assess { enablement, on: day(on) },
            Self::Narrate { indicator, subject, on } => JobOrder::Narrate { indicator, subject, on: day(on) },
        }
    }
}

/// Order a job
///
/// It waits until a host takes it up, and goes on after an interruption where it was. Ask for it with `GET /jobs/{id}`. At
/// most 100 jobs may wait or run; of those that have ended the newest 1,000 are kept.
#[utoipa::path(
    post,
    path = "/jobs",
    tag = "jobs",
    request_body = JobDraft,
    responses((status = 200, body = JobView, description = "The job, which waits."))
)]
pub(super) async fn create_job(caller: Caller, Json(draft): Json<JobDraft>) -> Result<Json<JobView>, Problem> {
    let order = draft.order(&caller);
    let job = caller.daybreak.create_job(&caller.company, order).await?;
    Ok(Json(job.into()))
}

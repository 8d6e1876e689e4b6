//! `POST /api/v1/absences`

use daybreak_app::organise::absences::AbsenceEntry;
use serde::Deserialize;
use utoipa::ToSchema;

use super::may_record;
use crate::caller::Caller;
use crate::entries::{EntriesTaken, check_count};
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::WireDay;

/// Days on which a person is away.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AbsenceDraft {
    /// By which it is corrected and withdrawn; without one, the person's id, a dot and the first day.
    #[schema(min_length = 1, max_length = 256)]
    id: Option<String>,
    /// The id of the person.
    #[schema(max_length = 64)]
    person: String,
    from: WireDay,
    /// The first day back.
    until: Option<WireDay>,
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "leave")]
    kind: String,
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

impl From<AbsenceDraft> for AbsenceEntry {
    fn from(draft: AbsenceDraft) -> Self {
        Self {
            id: draft.id,
            person: draft.person,
            from: draft.from.0,
            until: draft.until.map(|day| day.0),
            kind: draft.kind,
            reason: draft.reason,
        }
    }
}

/// Absences that are recorded together.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AbsenceDrafts {
    #[schema(max_items = 10000)]
    absences: Vec<AbsenceDraft>,
}

/// Record absences, or correct known ones
///
/// All of them or, if one entry cannot be taken, none. Whoever leads a person on the first day and now records theirs, and
/// so do HR partners for their departments. Sending the same again changes nothing.
#[utoipa::path(
    post,
    path = "/absences",
    tag = "absences",
    request_body = AbsenceDrafts,
    responses((status = 200, body = EntriesTaken, description = "What the list changed."))
)]
pub(super) async fn add_absences(
    caller: Caller,
    Json(drafts): Json<AbsenceDrafts>,
) -> Result<Json<EntriesTaken>, Problem> {
    check_count(drafts.absences.len())?;
    let entries: Vec<AbsenceEntry> = drafts.absences.into_iter().map(AbsenceEntry::from).collect();
    if !caller.sees_everybody() {
        // What stands under an id already is corrected, so it has to be of somebody whom the caller leads as well.
        let known = caller.daybreak.absences(&caller.company, i64::MAX).await?;
        for entry in &entries {
            let known = known.get(&entry.key());
            let may_correct =
                known.is_none_or(|known| may_record(&caller, &known.person, known.validity.from, known.validity.until));
            if !may_correct || !may_record(&caller, &entry.person, entry.from, entry.until) {
                return Err(Problem::not_found());
            }
        }
    }
    Ok(Json(caller.daybreak.add_absences(&caller.company, &entries.into()).await?.into()))
}

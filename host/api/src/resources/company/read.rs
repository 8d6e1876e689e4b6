//! `GET /api/v1/company`

use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

/// A company, and how far its one sequence has come.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Company)]
pub(super) struct CompanyDetails {
    id: String,
    name: String,
    /// In which its days and periods are cut (IANA).
    time_zone: String,
    /// Today, as the company's clocks show it.
    today: WireDay,
    /// The last number that was given out: everything that is known now.
    sequence: i64,
}

/// Read the company
#[utoipa::path(
    get,
    path = "/company",
    tag = "company",
    responses((status = 200, body = CompanyDetails, description = "The company."))
)]
pub(super) async fn read_company(caller: Caller) -> Result<Json<CompanyDetails>, Problem> {
    let company = &caller.company;
    Ok(Json(CompanyDetails {
        id: company.id.clone(),
        name: company.name.clone(),
        time_zone: company.zone.name().to_owned(),
        today: Text(caller.today()),
        sequence: caller.daybreak.sequence(company).await?,
    }))
}

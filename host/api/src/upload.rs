//! Bodies that are no JSON of ours: files, and what has to be looked at byte for byte before it is read.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use daybreak_app::Daybreak;
use daybreak_app::job::KeptFile;
use futures_util::StreamExt;

use crate::api::Api;
use crate::caller::Caller;
use crate::extract::{discard, file, too_large};
use crate::problem::{Kind, Problem};

/// The kinds of files that hold tables.
pub(crate) const CSV: &str = "text/csv";
pub(crate) const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The whole body, if it is not longer than this.
pub(crate) async fn whole(request: Request, bytes_max: usize) -> Result<Bytes, Problem> {
    to_bytes(request.into_body(), bytes_max).await.map_err(|_| too_large())
}

/// The plugin or the pack in the body, and the caller with a host that takes it in. Where as many as the host can bear are on
/// their way already, nothing of it is kept.
pub(crate) async fn intake(
    api: &Api,
    caller: Caller,
    request: Request,
    media_type: &str,
) -> Result<(Caller, Bytes), Problem> {
    let daybreak = match caller.daybreak.taking_in() {
        Ok(daybreak) => daybreak,
        Err(busy) => {
            discard(request.into_body()).await;
            return Err(busy.into());
        }
    };
    let bytes = file(request, media_type, api.settings.limits.plugin_bytes).await?;
    Ok((Caller { daybreak, ..caller }, bytes))
}

/// Receives a table into a file of the host, piece by piece.
pub(crate) async fn table(daybreak: &Daybreak, request: Request, bytes_max: usize) -> Result<KeptFile, Problem> {
    if ![CSV, WORKBOOK].contains(&media_type(request.headers()).as_str()) {
        let detail = format!("Send the file itself, and say what it is: content-type: {CSV}, or {WORKBOOK}.");
        return Err(Problem::new(Kind::MediaType, detail));
    }
    receive(daybreak, request.into_body(), bytes_max).await
}

async fn receive(daybreak: &Daybreak, body: Body, bytes_max: usize) -> Result<KeptFile, Problem> {
    let mut file = daybreak.new_file().await?;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Problem::malformed("The file did not arrive whole. Send it again."))?;
        if file.bytes() + piece.len() as u64 > bytes_max as u64 {
            let detail =
                format!("The file has more than {bytes_max} bytes. Split it, or have limits.import_bytes raised.");
            return Err(Problem::new(Kind::TooLarge, detail));
        }
        file.append(&piece).await?;
    }
    file.finish().await?;
    Ok(file)
}

/// Without what stands behind a semicolon.
fn media_type(headers: &HeaderMap) -> String {
    let said = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

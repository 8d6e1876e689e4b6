//! The OpenAPI document and the router, both made of the same endpoints.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::sensitive_headers::SetSensitiveRequestHeadersLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::schema::{ArrayItems, KnownFormat, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder};
use utoipa::openapi::{Content, HttpMethod, ObjectBuilder, SecurityRequirement};
use utoipa_axum::router::OpenApiRouter;

use crate::api::Api;
use crate::caller::COOKIE;
use crate::permissions::{self, People, Permission};
use crate::problem::{Kind, Problem, ProblemBody};
use crate::{condition, figures, guard, pages, resources};

/// Where the versioned interface begins.
pub const BASE: &str = "/api/v1";

/// The whole of the host's HTTP: middleware from the outside to the inside, then the endpoints.
pub fn router(api: Api) -> Router {
    let (routes, _) = endpoints().split_for_parts();
    let limits = api.settings.limits;
    let around = ServiceBuilder::new()
        .layer(SetSensitiveRequestHeadersLayer::new([header::AUTHORIZATION, header::COOKIE]))
        .layer(from_fn_with_state(api.clone(), figures::observe))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(header::REFERRER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(CompressionLayer::new())
        .layer(from_fn(condition::tag))
        .layer(from_fn_with_state(api.clone(), guard::guard))
        .layer(DefaultBodyLimit::max(limits.body_bytes));
    routes.method_not_allowed_fallback(method_not_allowed).fallback(pages::serve).layer(around).with_state(api)
}

async fn method_not_allowed() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "This address does not take that method; GET /api/v1/openapi.json says which.")
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("without a text"), "a request panicked");
    let problem = Problem::new(
        Kind::Internal,
        "The host failed. If it goes on, tell the operator the request id in this answer.",
    );
    axum::response::IntoResponse::into_response(problem)
}

/// Every endpoint, with its part of the document.
fn endpoints() -> OpenApiRouter<Api> {
    let base = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Daybreak")
                .version("1")
                .description(Some(
                    "Facts come in, plugins turn them into scores, and every number can be computed again. Errors are \
                     problem details (RFC 9457); lists come in pages by key; times are RFC 3339, days and periods are those \
                     of the company's time zone.",
                ))
                .license(Some(utoipa::openapi::LicenseBuilder::new().name("Apache-2.0").build())),
        )
        .components(Some(components()))
        .build();
    OpenApiRouter::with_openapi(base).merge(resources::host::routes()).nest(BASE, resources::versioned())
}

fn components() -> Components {
    let mut components = Components::new();
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            COOKIE,
            "A person who signed in with POST /api/v1/session.",
        ))),
    );
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("Another system, with a token that an administrator made."))
                .build(),
        ),
    );
    components
}

/// The OpenAPI 3.1 document.
pub fn document() -> OpenApi {
    let (_, mut document) = endpoints().split_for_parts();
    let mut used = Vec::new();
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (HttpMethod::Get, &mut item.get),
            (HttpMethod::Put, &mut item.put),
            (HttpMethod::Post, &mut item.post),
            (HttpMethod::Delete, &mut item.delete),
            (HttpMethod::Patch, &mut item.patch),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                call_files_binary(&mut body.content);
            }
            let id = operation.operation_id.clone().unwrap_or_default();
            let Some(permission) = permissions::of(&id) else { continue };
            let mut kinds = vec![Kind::Malformed, Kind::NotFound, Kind::TooMany, Kind::Internal, Kind::Unavailable];
            if permission.people != People::Anyone {
                kinds.push(Kind::SignInNeeded);
                let session = SecurityRequirement::new::<_, [&str; 0], &str>("session", []);
                let token = permission.scope.map(|scope| SecurityRequirement::new("token", [scope.word()]));
                let by_person = (permission.people != People::Nobody).then_some(session);
                operation.security = Some(by_person.into_iter().chain(token).collect());
                let who = who_may(permission);
                let said = operation.description.take().unwrap_or_default();
                operation.description = Some(format!("{said}\n\n{who}").trim().to_owned());
            }
            if !matches!(method, HttpMethod::Get) {
                kinds.extend([Kind::ForeignPage, Kind::Conflict]);
            }
            if operation.request_body.is_some() || !matches!(method, HttpMethod::Get) {
                kinds.extend([Kind::TooLarge, Kind::MediaType]);
            }
            kinds.push(Kind::Refused);
            if matches!(method, HttpMethod::Get) && path.starts_with(BASE) {
                let unchanged = ResponseBuilder::new().description("What the caller has is still so.").build();
                operation.responses.responses.entry("304".to_owned()).or_insert(unchanged.into());
            }
            for kind in kinds {
                let status = kind.status();
                let name = response_name(status);
                let reference = Ref::from_response_name(name.clone());
                operation.responses.responses.entry(status.as_u16().to_string()).or_insert(reference.into());
                if !used.contains(&(status, name.clone())) {
                    used.push((status, name));
                }
            }
        }
    }
    let components = document.components.get_or_insert_default();
    name_items_of_pages(components);
    let problem = <ProblemBody as utoipa::PartialSchema>::schema();
    components.schemas.insert("Problem".to_owned(), problem);
    let mut schemas = Vec::new();
    <ProblemBody as utoipa::ToSchema>::schemas(&mut schemas);
    components.schemas.extend(schemas);
    for (status, name) in used {
        let reason = status.canonical_reason().unwrap_or("Problem");
        let response = ResponseBuilder::new()
            .description(reason)
            .content(
                "application/problem+json",
                ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build(),
            )
            .build();
        components.responses.insert(name, response.into());
    }
    document
}

/// A file's bytes are described as a list of numbers, which a generated client would send as JSON.
fn call_files_binary(content: &mut BTreeMap<String, RefOr<Content>>) {
    let files = content.iter_mut().filter(|(kind, _)| !kind.starts_with("text/") && !kind.ends_with("json"));
    for (_, content) in files {
        let RefOr::T(content) = content else { continue };
        let bytes = ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        content.schema = Some(bytes.into());
    }
}

/// The schema of a page repeats that of its items. A client that is generated from the document would have two types for
/// one thing, so the page refers to its items by their name.
fn name_items_of_pages(components: &mut Components) {
    let names: Vec<String> = components.schemas.keys().cloned().collect();
    for name in names {
        let Some(item) = name.strip_prefix("Page_").filter(|item| components.schemas.contains_key(*item)) else {
            continue;
        };
        let reference = RefOr::Ref(Ref::from_schema_name(item));
        if let Some(RefOr::T(Schema::Object(page))) = components.schemas.get_mut(&name)
            && let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
        {
            items.items = ArrayItems::RefOrSchema(Box::new(reference));
        }
    }
}

fn response_name(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("Problem").split_whitespace().collect()
}

/// The row of the table, in words.
fn who_may(permission: &Permission) -> String {
    let people = match permission.people {
        People::Anyone | People::Nobody => None,
        People::Employees => Some("every employee"),
        People::Leaders => Some("whoever leads somebody, HR partners and administrators"),
        People::HrPartners => Some("HR partners and administrators"),
        People::Administrators => Some("administrators"),
    };
    let system = permission.scope.map(|scope| format!("systems with the scope `{}`", scope.word()));
    let who: Vec<String> = people.map(str::to_owned).into_iter().chain(system).collect();
    let reach = match permission.about {
        permissions::About::Subject | permissions::About::List => " People see what is in their reach.",
        permissions::About::Nobody | permissions::About::Oneself => "",
    };
    format!("Allowed: {}.{reach}", who.join("; "))
}

/// What the table says about a method at a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ruling {
    Row(&'static Permission),
    /// There is an endpoint, and the table does not know it.
    NoRow,
    /// There is no endpoint.
    NoEndpoint,
}

/// What the table says about the method at the path, as the router knows it.
pub(crate) fn ruling(method: &Method, path: &str) -> Ruling {
    type Rows = HashMap<(String, String), Ruling>;
    static ROWS: OnceLock<Rows> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let (_, document) = endpoints().split_for_parts();
        let mut rows = HashMap::new();
        for (path, item) in document.paths.paths {
            let operations = [
                ("GET", item.get),
                ("PUT", item.put),
                ("POST", item.post),
                ("DELETE", item.delete),
                ("PATCH", item.patch),
            ];
            for (method, operation) in operations {
                if let Some(operation) = operation {
                    let row = operation.operation_id.as_deref().and_then(permissions::of);
                    rows.insert((method.to_owned(), path.clone()), row.map_or(Ruling::NoRow, Ruling::Row));
                }
            }
        }
        rows
    });
    let method = if method == Method::HEAD { Method::GET } else { method.clone() };
    rows.get(&(method.as_str().to_owned(), path.to_owned())).copied().unwrap_or(Ruling::NoEndpoint)
}

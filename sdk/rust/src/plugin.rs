//! What every kind of plugin has: parameters and a manifest.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::bindings::about::exports::daybreak::common::about;
use crate::bindings::types::daybreak::common::types::Fault;
use crate::{Localized, Needs, parameters};

/// What every kind of plugin has. Beside it a plugin implements the trait of its kind, for example
/// [`Indicator`](crate::indicator::Indicator).
pub trait Plugin: Sized {
    /// The settings that an administrator chooses. The schema of the form is made from this type; its documentation
    /// comments have the form `/// 中文 | English`.
    type Parameters: DeserializeOwned + JsonSchema;

    fn manifest() -> Manifest;
}

/// What a component says of itself, whatever its parameters are.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// Lower-case letters, digits and dashes; what an administrator pins and grants.
    pub name: String,
    /// A semantic version.
    pub version: String,
    pub title: Localized,
    pub summary: Localized,
}

impl Manifest {
    #[must_use]
    pub fn new(name: &str, version: &str, title: Localized, summary: Localized) -> Self {
        Self { name: name.to_owned(), version: version.to_owned(), title, summary }
    }
}

#[doc(hidden)]
#[must_use]
pub fn describe<P: Plugin>() -> about::Manifest {
    crate::logging::log_panics();
    let Manifest { name, version, title, summary } = P::manifest();
    about::Manifest {
        name,
        version,
        title,
        summary,
        parameters_schema: parameters::schema::<P::Parameters>().to_string(),
    }
}

/// Reads the parameters and asks the plugin for its plan.
pub(crate) fn planned<P: Plugin>(
    parameters_json: &str,
    plan: impl FnOnce(P::Parameters, &mut Needs) -> Result<P, String>,
) -> Result<(P, Needs), Fault> {
    let parameters = parameters::read(parameters_json).map_err(Fault::BadParameters)?;
    let mut needs = Needs::new();
    let plugin = plan(parameters, &mut needs).map_err(Fault::BadParameters)?;
    Ok((plugin, needs))
}

//! Parameters: from a Rust type to the schema of a form, and from JSON to the Rust type.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads parameters. An empty text stands for no parameters at all.
pub fn read<P: DeserializeOwned>(parameters_json: &str) -> Result<P, String> {
    let json = if parameters_json.trim().is_empty() { "{}" } else { parameters_json };
    serde_json::from_str(json).map_err(|error| error.to_string())
}

/// The JSON Schema (draft 2020-12) of the parameters.
///
/// A documentation comment `/// 中文 | English` becomes `x-title` with both languages, a second paragraph of the same
/// form becomes `x-help`; the plain `title` and `description` hold
/// the English texts. Objects refuse unknown fields.
#[must_use]
pub fn schema<P: JsonSchema>() -> Value {
    let generator = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into_generator();
    let mut schema = generator.into_root_schema_for::<P>().to_value();
    localize(&mut schema);
    // The name of the Rust type says nothing to an administrator.
    if let Some(root) = schema.as_object_mut()
        && !root.contains_key("x-title")
    {
        root.remove("title");
    }
    schema
}

fn localize(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(localize),
        Value::Object(object) => {
            object.values_mut().for_each(localize);
            // A property may itself be named "description"; only a text is one.
            if let Some(Value::String(description)) = object.get("description") {
                let description = description.clone();
                split(&description, object);
            }
            if object.get("properties").is_some_and(Value::is_object) && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        _ => {}
    }
}

fn split(description: &str, object: &mut Map<String, Value>) {
    let mut paragraphs = description.split("\n\n").map(|paragraph| paragraph.replace('\n', " "));
    let languages = |paragraph: &str| {
        let (zh_cn, en) = paragraph.split_once(" | ")?;
        let pair = [("zh-CN", zh_cn), ("en", en)].map(|(tag, text)| (tag.to_owned(), Value::from(text.trim())));
        Some((en.trim().to_owned(), Value::Object(pair.into_iter().collect())))
    };
    let Some((title, localized)) = paragraphs.next().as_deref().and_then(languages) else { return };
    object.insert("description".to_owned(), Value::from(title.as_str()));
    object.insert("title".to_owned(), Value::from(title));
    object.insert("x-title".to_owned(), localized);
    if let Some((help, localized)) = paragraphs.next().as_deref().and_then(languages) {
        object.insert("description".to_owned(), Value::from(help));
        object.insert("x-help".to_owned(), localized);
    }
}

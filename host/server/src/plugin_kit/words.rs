//! What a plugin says of itself and what it asks for, in words; and whether it says so in both languages.

use daybreak_domain::plugin::{ComponentRecord, LogLevel, LogLine, PluginKind};
use daybreak_domain::requirements::Requirements;
use daybreak_domain::text::{LANGUAGES, Localized};
use serde_json::Value;

/// Prints name, version, digest, size and kinds.
pub fn print_record(record: &ComponentRecord, language: &str) {
    let manifest = &record.manifest;
    println!("{} {}: {}", manifest.name, manifest.version, manifest.title.get(language));
    println!("  {}", manifest.summary.get(language));
    println!("  digest      {}", record.digest);
    println!("  size        {} bytes", record.size_bytes);
    for interface in &record.interfaces {
        println!("  interface   {}", interface.name);
    }
}

/// Prints whom the plugin takes and what it reads.
pub fn print_requirements(kind: PluginKind, requirements: &Requirements, language: &str) {
    let subjects: Vec<&str> = requirements.subjects.iter().map(|kind| kind.name()).collect();
    match kind {
        PluginKind::Indicator | PluginKind::Assistant => println!("  {kind} for: {}", subjects.join(", ")),
        PluginKind::Insight => println!("  {kind}: reads charts only"),
        PluginKind::Reweighting => println!("  {kind}: reacts to {}", or_nothing(&requirements.circumstances)),
    }
    for need in &requirements.needs {
        println!("  {}", need.in_words(language));
    }
    if requirements.needs.is_empty() && matches!(kind, PluginKind::Indicator | PluginKind::Assistant) {
        println!("  reads no facts");
    }
}

pub fn print_log(log: &[LogLine]) {
    for line in log {
        let level = match line.level {
            LogLevel::Debug => "debug",
            LogLevel::Info => "info",
            LogLevel::Warn => "warn",
            LogLevel::Error => "error",
        };
        println!("  log {level}: {}", line.message);
    }
}

/// Places whose text is missing or says the same in both languages, so that one of them was never translated.
pub fn untranslated(record: &ComponentRecord) -> Vec<String> {
    let manifest = &record.manifest;
    let mut places = Vec::new();
    for (place, text) in [("title", &manifest.title), ("summary", &manifest.summary)] {
        places.extend(is_same(text).then(|| format!("the {place} of the manifest is the same in both languages")));
    }
    walk(&manifest.parameters_schema, "", &mut places);
    places
}

/// Needs whose reason says the same in both languages.
pub fn untranslated_needs(requirements: &Requirements) -> Vec<String> {
    let same = requirements.needs.iter().filter(|need| is_same(&need.reason));
    same.map(|need| format!("the reason to read {} is the same in both languages", need.kind)).collect()
}

fn is_same(text: &Localized) -> bool {
    text.get(LANGUAGES[0]) == text.get(LANGUAGES[1])
}

/// Every parameter needs a title in both languages: the form is made of them.
fn walk(schema: &Value, path: &str, places: &mut Vec<String>) {
    let children = |name: &str| schema.get(name).and_then(Value::as_object).into_iter().flatten();
    for (name, property) in children("properties") {
        let path = format!("{path}/{name}");
        let title = |language: &str| property.get("x-title")?.get(language)?.as_str();
        match (title(LANGUAGES[0]), title(LANGUAGES[1])) {
            (Some(zh_cn), Some(en)) if zh_cn == en => {
                places.push(format!("the title of the parameter {path} is the same in both languages"));
            }
            (Some(_), Some(_)) => {}
            _ => places.push(format!(
                "the parameter {path} has no title in both languages; write its comment as `/// 中文 | English`, which \
                 becomes x-title in the schema"
            )),
        }
        walk(property, &path, places);
    }
    for list in ["anyOf", "oneOf", "allOf"] {
        for option in schema.get(list).and_then(Value::as_array).into_iter().flatten() {
            walk(option, path, places);
        }
    }
    if let Some(items) = schema.get("items") {
        walk(items, path, places);
    }
    for (name, definition) in children("$defs") {
        walk(definition, &format!("{path}/$defs/{name}"), places);
    }
}

fn or_nothing(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

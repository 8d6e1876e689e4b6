//! Texts that are made sentence by sentence, in both languages at once.

use daybreak_sdk::{Localized, text};

#[derive(Default)]
pub struct Sentences {
    zh_cn: Vec<String>,
    en: Vec<String>,
}

impl Sentences {
    pub fn say(&mut self, zh_cn: impl Into<String>, en: impl Into<String>) {
        self.zh_cn.push(zh_cn.into());
        self.en.push(en.into());
    }

    /// None where nothing was said.
    pub fn into_text(self) -> Option<Localized> {
        // Chinese sentences follow each other without a space.
        (!self.zh_cn.is_empty()).then(|| text(self.zh_cn.concat(), self.en.join(" ")))
    }
}

/// A count with its noun in English.
pub fn counted(count: i64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Entries in Chinese and English, as one list in each language.
pub fn in_lists(entries: impl Iterator<Item = (String, String)>) -> (String, String) {
    let (zh_cn, en): (Vec<String>, Vec<String>) = entries.unzip();
    (zh_cn.join("、"), en.join(", "))
}

//! Texts that people read, in Chinese and English.

/// Pairs of language tag and text. `zh-CN` and `en` are always there; other languages may be pushed.
pub type Localized = Vec<(String, String)>;

/// A text in both languages that the host asks for.
///
/// At most 2,000 bytes for each language, plain text without control characters; the host refuses anything else.
#[must_use]
pub fn text(zh_cn: impl Into<String>, en: impl Into<String>) -> Localized {
    vec![("zh-CN".to_owned(), zh_cn.into()), ("en".to_owned(), en.into())]
}

/// A number for a sentence: at most two decimals, no zeros at the end, never `-0`.
#[must_use]
pub fn plain(number: f64) -> String {
    let mut text = format!("{number:.2}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" { "0".to_owned() } else { text }
}

/// The text, cut to so many characters, with an ellipsis where something was cut. For names that come from facts.
#[must_use]
pub fn shortened(text: &str, characters_max: usize) -> String {
    let cleaned = text.chars().filter(|character| !character.is_control());
    let mut short: String = cleaned.clone().take(characters_max).collect();
    if cleaned.count() > characters_max {
        short.push('…');
    }
    short
}

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

/// The text, cut to so many characters, with an ellipsis where something was cut, and without the characters that the
/// host refuses. For names that come from facts.
#[must_use]
pub fn shortened(text: &str, characters_max: usize) -> String {
    let cleaned = text.chars().filter(|&character| is_plain(character));
    let mut short: String = cleaned.clone().take(characters_max).collect();
    if cleaned.count() > characters_max {
        short.push('…');
    }
    short
}

/// Control characters, and the marks that reverse the direction of what follows them, could make a sentence show
/// something else than it says; the host refuses a text that holds one.
pub(crate) fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

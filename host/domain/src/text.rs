//! Texts that people read, in more than one language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::digest::Canonical;

/// The two languages every text of a plugin and of the host has.
pub const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// Longest text of one language, in bytes.
pub const TEXT_BYTES_MAX: usize = 2_000;

/// Most languages one text may have.
pub const LANGUAGES_MAX: usize = 16;

/// BCP 47 tag to text. `zh-CN` and `en` are always there.
///
/// A list rather than a map: there are two or three languages, and each score has several texts.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "BTreeMap<String, String>")]
pub struct Localized(Vec<(String, String)>);

impl From<BTreeMap<String, String>> for Localized {
    fn from(texts: BTreeMap<String, String>) -> Self {
        Self(texts.into_iter().collect())
    }
}

impl Serialize for Localized {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalizedError {
    #[error("the text for {0} is missing: every text needs zh-CN and en")]
    LanguageMissing(&'static str),
    #[error("the language {0:?} stands twice")]
    LanguageTwice(String),
    #[error("{0:?} is no language tag")]
    BadTag(String),
    #[error("{count} languages: at most {LANGUAGES_MAX}")]
    TooManyLanguages { count: usize },
    #[error("the {tag} text has {length} bytes: at most {TEXT_BYTES_MAX}")]
    TooLong { tag: String, length: usize },
    #[error("the {0} text is empty")]
    Empty(String),
    #[error("the {0} text holds control characters: only plain text is allowed")]
    NotPlain(String),
}

impl Localized {
    #[must_use]
    pub fn new(zh_cn: impl Into<String>, en: impl Into<String>) -> Self {
        Self(vec![("en".to_owned(), en.into()), ("zh-CN".to_owned(), zh_cn.into())])
    }

    /// Takes pairs as a plugin gave them and checks them: nothing a plugin says is trusted.
    pub fn from_pairs(mut pairs: Vec<(String, String)>) -> Result<Self, LocalizedError> {
        if pairs.len() > LANGUAGES_MAX {
            return Err(LocalizedError::TooManyLanguages { count: pairs.len() });
        }
        for (index, (tag, text)) in pairs.iter().enumerate() {
            let tag_is_plain =
                (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if !tag_is_plain {
                return Err(LocalizedError::BadTag(tag.chars().take(40).collect()));
            }
            if text.len() > TEXT_BYTES_MAX {
                return Err(LocalizedError::TooLong { tag: tag.clone(), length: text.len() });
            }
            if text.trim().is_empty() {
                return Err(LocalizedError::Empty(tag.clone()));
            }
            if text.chars().any(is_not_plain) {
                return Err(LocalizedError::NotPlain(tag.clone()));
            }
            if pairs[..index].iter().any(|(known, _)| known == tag) {
                return Err(LocalizedError::LanguageTwice(tag.clone()));
            }
        }
        for language in LANGUAGES {
            if !pairs.iter().any(|(tag, _)| tag == language) {
                return Err(LocalizedError::LanguageMissing(language));
            }
        }
        pairs.sort_unstable();
        Ok(Self(pairs))
    }

    /// The text in `language`, else in English, else any.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        let text = |language: &str| self.iter().find(|(tag, _)| *tag == language);
        text(language).or_else(|| text("en")).or_else(|| self.iter().next()).map_or("", |(_, text)| text)
    }

    /// Feeds every language into a digest.
    pub(crate) fn feed(&self, canonical: &mut Canonical) {
        canonical.count(self.0.len());
        for (tag, text) in self.iter() {
            canonical.text(tag);
            canonical.text(text);
        }
    }

    /// All languages, ordered by tag.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(tag, text)| (tag.as_str(), text.as_str()))
    }
}

/// Control characters and the marks that reverse the direction of what follows them could make a sentence show
/// something else than it says.
fn is_not_plain(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// What stands in a text where a name was taken out of it; never longer than the name.
pub const NAME_TAKEN_OUT: char = '*';

/// The text with [`NAME_TAKEN_OUT`] wherever the name stands in it; none where it does not. Letters right beside it make it
/// part of another word in scripts that write spaces between words. A name of one character is left, because it is part
/// of too many words.
#[must_use]
pub fn without_name(text: &str, name: &str) -> Option<String> {
    /// Where the CJK scripts begin, which write no spaces between words.
    const CJK_FIRST: char = '\u{2e80}';
    let is_letter = |character: char| character.is_alphanumeric() && character < CJK_FIRST;
    let joins = |one: Option<char>, other: Option<char>| one.is_some_and(is_letter) && other.is_some_and(is_letter);
    name.chars().nth(1)?;
    let mut without = String::with_capacity(text.len());
    let mut kept_to = 0;
    for (at, found) in text.match_indices(name) {
        let end = at + found.len();
        let is_within_a_word = joins(text[..at].chars().next_back(), found.chars().next())
            || joins(found.chars().next_back(), text[end..].chars().next());
        if !is_within_a_word {
            without.push_str(&text[kept_to..at]);
            without.push(NAME_TAKEN_OUT);
            kept_to = end;
        }
    }
    without.push_str(&text[kept_to..]);
    (kept_to > 0).then_some(without)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn both_languages_are_needed_and_texts_are_plain() {
        assert!(Localized::from_pairs(pairs(&[("zh-CN", "工单"), ("en", "Tickets")])).is_ok());
        assert_eq!(Localized::from_pairs(pairs(&[("en", "Tickets")])), Err(LocalizedError::LanguageMissing("zh-CN")));
        assert_eq!(
            Localized::from_pairs(pairs(&[("zh-CN", "工单\u{202e}"), ("en", "Tickets")])),
            Err(LocalizedError::NotPlain("zh-CN".into()))
        );
        let long = "x".repeat(TEXT_BYTES_MAX + 1);
        assert!(matches!(
            Localized::from_pairs(pairs(&[("zh-CN", &long), ("en", "x")])),
            Err(LocalizedError::TooLong { .. })
        ));
    }

    #[test]
    fn a_name_is_taken_out_of_a_text_where_it_stands_by_itself() {
        assert_eq!(without_name("请李雷回访,李雷负责", "李雷").as_deref(), Some("请*回访,*负责"));
        assert_eq!(without_name("Call Ann Li's customer", "Ann Li").as_deref(), Some("Call *'s customer"));
        assert_eq!(without_name("Call Li, not Lima", "Li").as_deref(), Some("Call *, not Lima"));
        assert_eq!(without_name("请Li回访", "Li").as_deref(), Some("请*回访"));
        assert_eq!(without_name("Limits of Lima", "Li"), None);
        assert_eq!(without_name("高优先级", "高"), None);
        assert_eq!(without_name("nobody", ""), None);
    }
}

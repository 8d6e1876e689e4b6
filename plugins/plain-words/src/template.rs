//! Templates: words with placeholders in braces and parts in square brackets that may be left out.
//!
//! A template is read once, when the parameters are; what is wrong with it is said then, not under somebody's chart.

use std::collections::BTreeMap;

use crate::parameters::{Keyword, Words};
use crate::reading::Language;

/// Longest text of one language that the host takes, in bytes.
const TEXT_BYTES_MAX: usize = 2_000;
const TEMPLATE_CHARACTERS_MAX: usize = 400;
const KEYWORD_CHARACTERS_MAX: usize = 60;
const KEYWORD_NAME_BYTES_MAX: usize = 30;

/// What a chart can put into a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    Title,
    Period,
    Value,
    Unit,
    Target,
    Gap,
    Baseline,
    Previous,
    PreviousPeriod,
    Change,
    Moved,
    Months,
    Item,
    ItemValue,
    Detail,
    MissingPeriod,
    RunningPeriod,
    RunningValue,
}

const PLACEHOLDERS: [(&str, Placeholder); 18] = [
    ("title", Placeholder::Title),
    ("period", Placeholder::Period),
    ("value", Placeholder::Value),
    ("unit", Placeholder::Unit),
    ("target", Placeholder::Target),
    ("gap", Placeholder::Gap),
    ("baseline", Placeholder::Baseline),
    ("previous", Placeholder::Previous),
    ("previous_period", Placeholder::PreviousPeriod),
    ("change", Placeholder::Change),
    ("moved", Placeholder::Moved),
    ("months", Placeholder::Months),
    ("item", Placeholder::Item),
    ("item_value", Placeholder::ItemValue),
    ("detail", Placeholder::Detail),
    ("missing_period", Placeholder::MissingPeriod),
    ("running_period", Placeholder::RunningPeriod),
    ("running_value", Placeholder::RunningValue),
];

/// A template in both languages.
pub struct Pair {
    pub zh_cn: Template,
    pub en: Template,
}

pub struct Template(Vec<Segment>);

struct Segment {
    /// Left out where a placeholder has no value.
    optional: bool,
    pieces: Vec<Piece>,
}

enum Piece {
    Words(String),
    Placeholder(Placeholder),
    Keyword(String),
}

/// Words by name, in both languages.
pub struct Keywords(BTreeMap<String, Keyword>);

impl Keywords {
    /// The shipped ones, replaced and joined by those that were set.
    pub fn new(shipped: Vec<Keyword>, set: Vec<Keyword>) -> Result<Self, String> {
        let mut known: BTreeMap<String, Keyword> = shipped.into_iter().map(|it| (it.name.clone(), it)).collect();
        let mut names = std::collections::BTreeSet::new();
        for keyword in set {
            let name = keyword.name.as_str();
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if !is_name || name.len() > KEYWORD_NAME_BYTES_MAX {
                return Err(format!("keywords: the name {name:?} must consist of lower-case letters and underscores"));
            }
            if PLACEHOLDERS.iter().any(|(placeholder, _)| *placeholder == name) {
                return Err(format!("keywords: {{{name}}} is filled from the chart; choose another name"));
            }
            for words in [&keyword.zh_cn, &keyword.en] {
                check_words(words, KEYWORD_CHARACTERS_MAX).map_err(|reason| format!("the keyword {name}: {reason}"))?;
            }
            if !names.insert(name.to_owned()) {
                return Err(format!("keywords: {name} stands twice; remove one"));
            }
            known.insert(name.to_owned(), keyword);
        }
        Ok(Self(known))
    }

    pub fn get(&self, name: &str, language: Language) -> Option<&str> {
        let keyword = self.0.get(name)?;
        Some(match language {
            Language::Chinese => &keyword.zh_cn,
            Language::English => &keyword.en,
        })
    }
}

impl Pair {
    pub fn parse(words: &Words, keywords: &Keywords) -> Result<Self, String> {
        let parse = |language: &str, words: &str| {
            Template::parse(words, keywords).map_err(|reason| format!("{language}: {reason}"))
        };
        Ok(Self { zh_cn: parse("zh-CN", &words.zh_cn)?, en: parse("en", &words.en)? })
    }
}

impl Template {
    fn parse(words: &str, keywords: &Keywords) -> Result<Self, String> {
        check_words(words, TEMPLATE_CHARACTERS_MAX)?;
        let mut segments = Vec::new();
        let mut rest = words;
        while !rest.is_empty() {
            let (optional, part) = if let Some(inside) = rest.strip_prefix('[') {
                let (part, after) =
                    inside.split_once(']').ok_or("a [ has no ]; close the part that may be left out")?;
                rest = after;
                (true, part)
            } else {
                let (part, after) = rest.split_at(rest.find('[').unwrap_or(rest.len()));
                rest = after;
                (false, part)
            };
            if part.contains(['[', ']']) {
                return Err("[ and ] do not pair up; parts that may be left out do not nest".to_owned());
            }
            segments.push(Segment { optional, pieces: pieces(part, keywords)? });
        }
        Ok(Self(segments))
    }

    /// The sentence, and whether it names an item. None where a placeholder that it needs has no value, where nothing
    /// is left of it, or where it is too long.
    pub fn fill(
        &self,
        language: Language,
        keywords: &Keywords,
        word: &dyn Fn(Placeholder) -> Option<String>,
    ) -> Option<(String, bool)> {
        let mut text = String::new();
        let mut names_item = false;
        for segment in &self.0 {
            let before = text.len();
            match segment.fill(&mut text, language, keywords, word) {
                Some(named) => names_item |= named,
                None if segment.optional => text.truncate(before),
                None => return None,
            }
        }
        (!text.trim().is_empty() && text.len() <= TEXT_BYTES_MAX).then_some((text, names_item))
    }
}

impl Segment {
    fn fill(
        &self,
        text: &mut String,
        language: Language,
        keywords: &Keywords,
        word: &dyn Fn(Placeholder) -> Option<String>,
    ) -> Option<bool> {
        let mut names_item = false;
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Keyword(name) => text.push_str(keywords.get(name, language)?),
                Piece::Placeholder(placeholder) => {
                    let word = word(*placeholder)?;
                    if *placeholder == Placeholder::Unit && stands_apart(text, &word) {
                        text.push(' ');
                    }
                    text.push_str(&word);
                    names_item |=
                        matches!(placeholder, Placeholder::Item | Placeholder::ItemValue | Placeholder::Detail);
                }
            }
        }
        Some(names_item)
    }
}

/// Whether there is a blank between a number and its unit: 24 h, but 82% and 40件.
pub fn stands_apart(text: &str, unit: &str) -> bool {
    text.ends_with(|character: char| character.is_ascii_digit())
        && unit.starts_with(|character: char| character.is_ascii_alphabetic())
}

fn pieces(part: &str, keywords: &Keywords) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = part;
    while let Some(start) = rest.find(['{', '}']) {
        let (words, braced) = rest.split_at(start);
        let inside = braced.strip_prefix('{').ok_or("a } has no { before it; write placeholders as {value}")?;
        let (name, after) = inside.split_once('}').ok_or("a { has no }; write placeholders as {value}")?;
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        pieces.push(named(name, keywords)?);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    Ok(pieces)
}

fn named(name: &str, keywords: &Keywords) -> Result<Piece, String> {
    if let Some((_, placeholder)) = PLACEHOLDERS.iter().find(|(known, _)| *known == name) {
        return Ok(Piece::Placeholder(*placeholder));
    }
    if keywords.0.contains_key(name) {
        return Ok(Piece::Keyword(name.to_owned()));
    }
    let braced =
        |names: &mut dyn Iterator<Item = &str>| names.map(|it| format!("{{{it}}}")).collect::<Vec<_>>().join(" ");
    let name: String = name.chars().take(40).collect();
    Err(format!(
        "{{{name}}} is no placeholder: use {}, a keyword ({}), or add {name:?} to the keywords",
        braced(&mut PLACEHOLDERS.iter().map(|(known, _)| *known)),
        braced(&mut keywords.0.keys().map(String::as_str)),
    ))
}

fn check_words(words: &str, characters_max: usize) -> Result<(), String> {
    if words.trim().is_empty() {
        return Err("the text is empty; write a sentence in both languages".to_owned());
    }
    let length = words.chars().count();
    if length > characters_max {
        return Err(format!("the text has {length} characters: at most {characters_max}"));
    }
    // What would be cut from a name is refused in words that somebody wrote.
    if daybreak_sdk::localized::shortened(words, characters_max) != words {
        return Err("the text holds a line break or another control character; write one plain line".to_owned());
    }
    Ok(())
}

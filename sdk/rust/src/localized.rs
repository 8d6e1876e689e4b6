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

/// A number as people write it, in both languages: thousands are separated, and there are two decimals, or as many as
/// the first two digits of a small number need, without zeros at the end. Never `-0`, never `0.30000000000000004`;
/// from 10¹⁵ on in powers of ten, so that the text stays short.
#[must_use]
pub fn readable(number: f64) -> String {
    let size = number.abs();
    // Most numbers are large enough to need no logarithm.
    let decimals = if size >= 0.1 || size == 0.0 { 2 } else { 1 - size.log10().floor() as i32 };
    readable_to(number, decimals.clamp(2, 9) as usize)
}

/// Two numbers as [`readable`] writes them, with as many decimals (at most nine) as it takes to see that they differ.
#[must_use]
pub fn told_apart(left: f64, right: f64) -> (String, String) {
    let short = (readable(left), readable(right));
    if left == right || short.0 != short.1 {
        return short;
    }
    let longer = (3..=9).map(|decimals| (readable_to(left, decimals), readable_to(right, decimals)));
    longer.into_iter().find(|(left, right)| left != right).unwrap_or(short)
}

fn readable_to(number: f64, decimals: usize) -> String {
    if !number.is_finite() || number.abs() >= 1e15 {
        return format!("{number:.2e}");
    }
    let mut text = format!("{number:.decimals$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
    if whole == "0" && rest.is_empty() {
        return "0".to_owned();
    }
    let mut separated = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            separated.push(',');
        }
        separated.push(digit);
    }
    separated + rest
}

/// The text, cut to so many characters, with an ellipsis where something was cut, and without what the host refuses in
/// a text: control characters and marks that turn the direction of reading. For names that come from facts.
#[must_use]
pub fn shortened(text: &str, characters_max: usize) -> String {
    let mut short = String::with_capacity(text.len());
    for (index, character) in text.chars().filter(|character| is_plain(*character)).enumerate() {
        if index == characters_max {
            short.push('…');
            break;
        }
        short.push(character);
    }
    short
}

/// Whether the host takes the character in a text.
pub(crate) fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

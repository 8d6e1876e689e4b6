//! Texts that come from a guest or from wasmtime and end up before people: bounded and plain.

/// Longest message of a fault, in bytes.
const MESSAGE_BYTES_MAX: usize = 1_000;

/// The text, cut to what a fault may carry.
pub(crate) fn plain(text: &str) -> String {
    plain_within(text, MESSAGE_BYTES_MAX)
}

/// The text on one line, control characters and direction marks replaced, cut to so many bytes (and a mark that it was
/// cut). Looks at no more of the text than it keeps.
pub(crate) fn plain_within(text: &str, bytes_max: usize) -> String {
    let mut plain = String::with_capacity(text.len().min(bytes_max));
    for character in text.chars() {
        let character = match character {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            control if control.is_control() => '\u{fffd}',
            other => other,
        };
        if plain.len() + character.len_utf8() > bytes_max {
            plain.push('…');
            return plain;
        }
        plain.push(character);
    }
    plain
}

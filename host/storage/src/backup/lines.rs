//! Rows as lines of text, as PostgreSQL's COPY writes and reads them: one form for everything that goes between the two
//! databases, in which every number keeps its bits.

use std::collections::BTreeMap;

use rusqlite::types::{Value, ValueRef};

use crate::backup::ColumnKind;

/// Appends one value to a line.
pub(crate) fn write_value(line: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => line.extend_from_slice(b"\\N"),
        ValueRef::Integer(number) => line.extend_from_slice(number.to_string().as_bytes()),
        // The shortest decimal that reads back as the same bits.
        ValueRef::Real(number) => line.extend_from_slice(format!("{number:?}").as_bytes()),
        ValueRef::Text(text) => {
            for &byte in text {
                match byte {
                    b'\\' => line.extend_from_slice(b"\\\\"),
                    b'\n' => line.extend_from_slice(b"\\n"),
                    b'\r' => line.extend_from_slice(b"\\r"),
                    b'\t' => line.extend_from_slice(b"\\t"),
                    byte => line.push(byte),
                }
            }
        }
        ValueRef::Blob(bytes) => {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            line.extend_from_slice(b"\\\\x");
            for byte in bytes {
                line.push(DIGITS[usize::from(byte >> 4)]);
                line.push(DIGITS[usize::from(byte & 15)]);
            }
        }
    }
}

/// Reads one line, without its end, into values of these kinds.
pub(crate) fn read_line(line: &[u8], kinds: &[ColumnKind]) -> Result<Vec<Value>, String> {
    let cells: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
    if cells.len() != kinds.len() {
        return Err(format!("{} values for {} columns", cells.len(), kinds.len()));
    }
    cells.into_iter().zip(kinds).map(|(cell, &kind)| read_value(cell, kind)).collect()
}

fn read_value(cell: &[u8], kind: ColumnKind) -> Result<Value, String> {
    if cell == b"\\N" {
        return Ok(Value::Null);
    }
    let text = String::from_utf8(unescaped(cell)?).map_err(|error| error.to_string())?;
    let no_number = || format!("{:?} is no number", text.chars().take(40).collect::<String>());
    match kind {
        ColumnKind::Integer => text.parse().map(Value::Integer).map_err(|_| no_number()),
        ColumnKind::Real => text.parse().map(Value::Real).map_err(|_| no_number()),
        ColumnKind::Text => Ok(Value::Text(text)),
        ColumnKind::Bytes => {
            let digits = text.strip_prefix("\\x").ok_or("bytes that do not begin with \\x")?.as_bytes();
            if digits.len() % 2 != 0 {
                return Err("an odd number of hexadecimal digits".to_owned());
            }
            let digit = |byte: u8| char::from(byte).to_digit(16).ok_or("a sign that is no hexadecimal digit");
            let byte = |pair: &[u8]| Ok((digit(pair[0])? << 4 | digit(pair[1])?) as u8);
            digits.chunks_exact(2).map(byte).collect::<Result<_, &str>>().map(Value::Blob).map_err(str::to_owned)
        }
    }
}

fn unescaped(cell: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(cell.len());
    let mut rest = cell.iter();
    while let Some(&byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'b') => 8,
            Some(b't') => b'\t',
            Some(b'n') => b'\n',
            Some(b'v') => 11,
            Some(b'f') => 12,
            Some(b'r') => b'\r',
            Some(&other) => other,
            None => return Err("a backslash at the end".to_owned()),
        });
    }
    Ok(bytes)
}

/// A document as the host writes it: PostgreSQL gives documents back with other spaces and in another order.
pub(crate) fn as_the_host_writes(text: &str) -> Result<String, String> {
    let fields: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    serde_json::to_string(&fields).map_err(|error| error.to_string())
}

//! Watches the bytes of a delimited file on their way to the parser.
//!
//! The parser gives the cells of a row but not where a broken one began: it takes a quotation mark that is never
//! closed for the rest of the file, whatever its length. This reader keeps the line on which each row starts, bounds a
//! row's length, and knows at the end whether a quotation mark is still open.

use std::collections::VecDeque;
use std::io::{self, Read};

/// Longest row, in bytes: some thirty times what a fact may hold.
pub const ROW_BYTES_MAX: usize = 1 << 20;

const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

pub struct WatchedInput<R> {
    input: R,
    delimiter: u8,
    state: State,
    line: u64,
    after_return: bool,
    row_bytes: usize,
    row_line: u64,
    quote_line: u64,
    starts: VecDeque<u64>,
    ended: bool,
    bytes: u64,
    /// The first bytes, kept back until it is clear whether they are a byte order mark.
    head: Vec<u8>,
    head_read: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    RowStart,
    CellStart,
    Cell,
    Quoted,
    QuoteInQuoted,
}

/// The message under which the parser hands on that a row is too long.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("a row longer than {ROW_BYTES_MAX} bytes")]
pub struct RowTooLong;

impl<R: Read> WatchedInput<R> {
    pub fn new(input: R, delimiter: u8) -> Self {
        Self {
            input,
            delimiter,
            state: State::RowStart,
            line: 1,
            after_return: false,
            row_bytes: 0,
            row_line: 1,
            quote_line: 1,
            starts: VecDeque::new(),
            ended: false,
            bytes: 0,
            head: Vec::new(),
            head_read: false,
        }
    }

    /// The line, from 1, on which the next row starts that was not asked for yet. Rows are asked for in their order.
    pub fn next_start(&mut self) -> u64 {
        self.starts.pop_front().unwrap_or(self.row_line)
    }

    /// The line of the quotation mark that is still open although the file has ended.
    pub fn open_quote_line(&self) -> Option<u64> {
        (self.ended && self.state == State::Quoted).then_some(self.quote_line)
    }

    pub fn row_line(&self) -> u64 {
        self.row_line
    }

    /// Bytes read so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.bytes
    }

    /// Follows the parser's own rules: a quotation mark opens a cell only at its start, a doubled one stands for itself.
    fn watch(&mut self, byte: u8) {
        let starts_line = byte == b'\r' || (byte == b'\n' && !self.after_return);
        self.after_return = byte == b'\r';
        let ends_row = matches!(byte, b'\r' | b'\n');
        if self.state == State::RowStart && !ends_row {
            self.starts.push_back(self.line);
            self.row_line = self.line;
            self.row_bytes = 0;
            self.state = State::CellStart;
        }
        if self.state != State::RowStart {
            self.row_bytes += 1;
        }
        self.state = match self.state {
            State::RowStart => State::RowStart,
            State::Quoted if byte == b'"' => State::QuoteInQuoted,
            State::Quoted => State::Quoted,
            State::QuoteInQuoted if byte == b'"' => State::Quoted,
            State::CellStart if byte == b'"' => {
                self.quote_line = self.line;
                State::Quoted
            }
            State::CellStart | State::Cell | State::QuoteInQuoted => {
                if byte == self.delimiter {
                    State::CellStart
                } else if ends_row {
                    State::RowStart
                } else {
                    State::Cell
                }
            }
        };
        if starts_line {
            self.line += 1;
        }
    }

    fn read_head(&mut self) -> io::Result<()> {
        let mut head = Vec::new();
        (&mut self.input).take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut head)?;
        self.bytes += head.len() as u64;
        self.head_read = true;
        if head != BYTE_ORDER_MARK {
            self.head = head;
        }
        Ok(())
    }
}

impl<R: Read> Read for WatchedInput<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.row_bytes > ROW_BYTES_MAX {
            return Err(io::Error::other(RowTooLong));
        }
        if !self.head_read {
            self.read_head()?;
        }
        let count = if self.head.is_empty() {
            let count = self.input.read(buffer)?;
            self.bytes += count as u64;
            count
        } else {
            let count = self.head.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.head[..count]);
            self.head.drain(..count);
            count
        };
        self.ended = count == 0 && !buffer.is_empty();
        for &byte in &buffer[..count] {
            self.watch(byte);
        }
        Ok(count)
    }
}

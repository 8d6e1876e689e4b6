//! What the host keeps beside a running guest: how much memory it holds and what it logged.

use daybreak_domain::plugin::{LogLevel, LogLine};
use wasmtime::component::WasmStr;
use wasmtime::{ResourceLimiter, StoreContextMut};

use crate::limits::{CORE_INSTANCES_MAX, LOG_LINE_FUEL, Limits, MEMORIES_MAX, TABLE_ELEMENTS_MAX, TABLES_MAX};
use crate::text;

/// The data of a store.
pub(crate) struct Guest {
    pub memory: Memory,
    pub log: Log,
}

/// Counts all linear memories of a component together. A refusal ends the guest at once and is remembered, so that
/// running out of memory is never mistaken for the trap that it would lead to.
pub(crate) struct Memory {
    limit_bytes: u64,
    bytes: u64,
    peak_bytes: u64,
    refused: bool,
    table_refused: bool,
}

impl Memory {
    pub(crate) fn new(limit_bytes: u64) -> Self {
        Self { limit_bytes, bytes: 0, peak_bytes: 0, refused: false, table_refused: false }
    }

    pub(crate) fn peak_bytes(&self) -> u64 {
        self.peak_bytes
    }

    pub(crate) fn refused(&self) -> bool {
        self.refused
    }

    pub(crate) fn table_refused(&self) -> bool {
        self.table_refused
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the guest asked for more than it may have")]
struct Refused;

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            // The component's own maximum; wasmtime tells the guest, as WebAssembly says.
            return Ok(true);
        }
        let bytes = self.bytes.saturating_add(desired.saturating_sub(current) as u64);
        if bytes > self.limit_bytes {
            self.refused = true;
            return Err(wasmtime::Error::new(Refused));
        }
        self.bytes = bytes;
        self.peak_bytes = self.peak_bytes.max(bytes);
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        if desired > TABLE_ELEMENTS_MAX {
            self.table_refused = true;
            return Err(wasmtime::Error::new(Refused));
        }
        Ok(true)
    }

    fn instances(&self) -> usize {
        CORE_INSTANCES_MAX as usize
    }

    fn tables(&self) -> usize {
        TABLES_MAX as usize
    }

    fn memories(&self) -> usize {
        MEMORIES_MAX as usize
    }
}

/// What guests logged during one run, which may take several calls.
#[derive(Debug)]
pub(crate) struct Log {
    lines: Vec<LogLine>,
    lines_max: usize,
    line_bytes_max: usize,
    dropped: u64,
    /// The last line of level error of the present call, kept even where the log is full: a guest's panic hook writes
    /// its message there before it traps.
    last_error: Option<String>,
}

/// How far a log had come.
#[derive(Clone, Copy)]
pub(crate) struct LogMark {
    lines: usize,
    dropped: u64,
}

impl Log {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            lines: Vec::new(),
            lines_max: limits.log_lines,
            line_bytes_max: limits.log_line_bytes,
            dropped: 0,
            last_error: None,
        }
    }

    pub(crate) fn mark(&self) -> LogMark {
        LogMark { lines: self.lines.len(), dropped: self.dropped }
    }

    /// Forgets what came after the mark: an attempt that was broken off did not happen.
    pub(crate) fn rewind(&mut self, mark: LogMark) {
        self.lines.truncate(mark.lines);
        self.dropped = mark.dropped;
        self.last_error = None;
    }

    pub(crate) fn take_last_error(&mut self) -> Option<String> {
        self.last_error.take()
    }

    /// All lines kept, and one that says how many were not.
    pub(crate) fn finish(self) -> Vec<LogLine> {
        let mut lines = self.lines;
        if self.dropped > 0 {
            let message = format!("{} more lines were dropped", self.dropped);
            lines.push(LogLine { level: LogLevel::Warn, message });
        }
        lines
    }
}

/// The host function. Its cost is charged to the guest's fuel: a message may be as long as the guest's memory, and
/// reading it is work that the guest's own instructions do not show.
pub(crate) fn log(mut store: StoreContextMut<'_, Guest>, level: LogLevel, message: &WasmStr) -> wasmtime::Result<()> {
    let log = &store.data().log;
    let is_full = log.lines.len() >= log.lines_max;
    let line_bytes_max = log.line_bytes_max;
    let mut cost = LOG_LINE_FUEL;
    if is_full && level != LogLevel::Error {
        store.data_mut().log.dropped += 1;
    } else {
        let message = message.to_str(&store)?;
        cost += message.len() as u64;
        let message = text::plain_within(&message, line_bytes_max);
        let log = &mut store.data_mut().log;
        if level == LogLevel::Error {
            log.last_error = Some(message.clone());
        }
        if is_full {
            log.dropped += 1;
        } else {
            log.lines.push(LogLine { level, message });
        }
    }
    let left = store.get_fuel()?;
    store.set_fuel(left.saturating_sub(cost))
}

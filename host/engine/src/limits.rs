//! How much a call may use. Every number that bounds a guest stands here.
//!
//! Fuel, memory and data are verdicts: they depend on nothing but the component and its input, so a replay comes to the
//! same one. The deadline is none: it protects the machine, and missing it leads to another attempt.

/// Most that an enablement may multiply the fuel by. Scripting languages need about 25 times what Rust needs.
pub const FUEL_FACTOR_MAX: u32 = 100;

/// Most memory that a guest gets, however much data it is given, in bytes.
pub(crate) const MEMORY_BYTES_MAX: u64 = 256 << 20;

/// Most data that one batch may hold, in bytes as a guest sees it. Callers cut larger ones.
pub const BATCH_BYTES_MAX: usize = 64 << 20;

/// Most subjects in one batch.
pub const BATCH_SUBJECTS_MAX: usize = 20_000;

/// Length of one tick of the epoch, in milliseconds.
pub(crate) const TICK_MS: u64 = 10;

/// What one component may consist of. The same numbers bound the pool and, where the machine gives us none, the store.
pub(crate) const CORE_INSTANCES_MAX: u32 = 16;
/// JavaScript components hold three core modules with a memory and a table each.
pub(crate) const MEMORIES_MAX: u32 = 3;
pub(crate) const TABLES_MAX: u32 = 4;
/// JavaScript in `StarlingMonkey` and Python need up to 7,688.
pub(crate) const TABLE_ELEMENTS_MAX: usize = 8_000;

/// What a log line costs besides one unit for each byte: copying it is the host's work, not the guest's.
pub(crate) const LOG_LINE_FUEL: u64 = 2_000;

/// The bounds of a call. The defaults are meant for production; tests make them smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Fuel for a call without data. A unit is about one WebAssembly instruction.
    pub fuel_base: u64,
    /// Fuel that each row and each subject adds. An indicator in Rust uses about 700.
    pub fuel_per_row: u64,
    /// Fuel for `describe` and `requires`, which are asked rarely and in which a scripting language may start up.
    pub fuel_description: u64,
    /// Memory for a call without data, over all memories of the component, in bytes.
    pub memory_bytes: u64,
    /// Memory that each byte of input adds, in bytes: the input itself and room to work on it.
    pub memory_per_input_byte: u64,
    /// Most data that may come out of a call without subjects, in bytes.
    pub output_bytes: u64,
    /// Data that each subject adds to that, in bytes.
    pub output_bytes_per_subject: u64,
    /// Time for the first attempt, in milliseconds, besides what its fuel needs.
    pub deadline_ms: u64,
    /// The slowest machine that still counts as working, in units of fuel for each millisecond. Measured machines burn
    /// seven times as many.
    pub fuel_per_ms: u64,
    /// How often a call is tried before the machine is called too slow. Each attempt has twice the time of the last.
    pub attempts: u32,
    /// Most calls that one batch may be split into while looking for the subject that a plugin fails on.
    pub calls_per_batch: u32,
    /// Most log lines that are kept of a run.
    pub log_lines: usize,
    /// Longest log line that is kept, in bytes.
    pub log_line_bytes: usize,
    /// Most guests that run at the same time; callers beyond that wait.
    pub concurrent_calls: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel_base: 10_000_000,
            fuel_per_row: 3_000,
            fuel_description: 1_000_000_000,
            memory_bytes: 64 << 20,
            memory_per_input_byte: 2,
            output_bytes: 256 << 10,
            output_bytes_per_subject: 16 << 10,
            deadline_ms: 2_000,
            fuel_per_ms: 1_000_000,
            attempts: 3,
            calls_per_batch: 64,
            log_lines: 200,
            log_line_bytes: 1_000,
            concurrent_calls: 16,
        }
    }
}

/// What a call is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Size {
    pub subjects: usize,
    pub rows: usize,
    /// As a guest sees them.
    pub bytes: usize,
}

/// What one call may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    pub fuel: u64,
    pub memory_bytes: u64,
    pub output_bytes: u64,
    pub ticks: u64,
    pub attempts: u32,
}

impl Limits {
    /// For `describe` and `requires`.
    pub(crate) fn description(&self) -> Budget {
        self.budget(self.fuel_description, Size::default())
    }

    /// For a call with data: base + k × (rows + subjects), times the factor.
    pub(crate) fn call(&self, size: Size, fuel_factor: u32) -> Budget {
        let work = (size.rows as u64).saturating_add(size.subjects as u64);
        let fuel = self.fuel_base.saturating_add(self.fuel_per_row.saturating_mul(work));
        self.budget(fuel.saturating_mul(u64::from(fuel_factor)), size)
    }

    fn budget(&self, fuel: u64, size: Size) -> Budget {
        let memory_bytes =
            self.memory_bytes.saturating_add(self.memory_per_input_byte.saturating_mul(size.bytes as u64));
        let output_bytes = self.output_bytes_per_subject.saturating_mul(size.subjects as u64);
        let time_ms = self.deadline_ms.saturating_add(fuel / self.fuel_per_ms.max(1));
        Budget {
            fuel,
            memory_bytes: memory_bytes.min(MEMORY_BYTES_MAX.max(self.memory_bytes)),
            output_bytes: self.output_bytes.saturating_add(output_bytes),
            ticks: (time_ms / TICK_MS).max(1),
            attempts: self.attempts.max(1),
        }
    }
}

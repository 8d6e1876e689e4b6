//! Log lines for the plugin's owner. The host keeps a bounded number of them and shows them beside the plugin.

#[doc(hidden)]
pub use crate::bindings::types::daybreak::common::logging::Level;

/// Logs a line for somebody who looks for a mistake.
#[macro_export]
macro_rules! debug {
    ($($format:tt)*) => { $crate::logging::write($crate::logging::Level::Debug, &::std::format!($($format)*)) };
}

/// Logs a line that tells what happened.
#[macro_export]
macro_rules! info {
    ($($format:tt)*) => { $crate::logging::write($crate::logging::Level::Info, &::std::format!($($format)*)) };
}

/// Logs a line about something that somebody should look at.
#[macro_export]
macro_rules! warn {
    ($($format:tt)*) => { $crate::logging::write($crate::logging::Level::Warn, &::std::format!($($format)*)) };
}

/// Logs a line about something that went wrong.
#[macro_export]
macro_rules! error {
    ($($format:tt)*) => { $crate::logging::write($crate::logging::Level::Error, &::std::format!($($format)*)) };
}

/// Hands one line to the host; natively, in a test, to standard error.
pub fn write(level: Level, message: &str) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::types::daybreak::common::logging::log(level, message);
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("{level:?}: {message}");
}

/// Makes a panic say its message and its place before it traps: a trap alone tells the host neither.
#[doc(hidden)]
pub fn log_panics() {
    #[cfg(target_arch = "wasm32")]
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let message = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a panic without a message");
        match panic.location() {
            Some(place) => write(Level::Error, &format!("panicked at {place}: {message}")),
            None => write(Level::Error, &format!("panicked: {message}")),
        }
    }));
}

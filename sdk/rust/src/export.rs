//! The macros that turn types into a component's exports. Natively they only check the types.

/// Exports one or several kinds, for example `export!(indicator: Workload, insight: WorkloadInWords);`.
///
/// The manifest is that of the first type; all types share its parameters.
#[macro_export]
macro_rules! export {
    ($kind:ident: $plugin:ident $(, $other_kind:ident: $other:ident)* $(,)?) => {
        const _: () = {
            /// All kinds of a component read the same parameters.
            const fn shares_parameters<First: $crate::Plugin, Other: $crate::Plugin<Parameters = First::Parameters>>() {}
            $(shares_parameters::<$plugin, $other>();)*
        };

        $crate::export_kind!($kind: $plugin);
        $($crate::export_kind!($other_kind: $other);)*

        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Exported;

            impl $crate::bindings::about::exports::daybreak::common::about::Guest for Exported {
                fn describe() -> $crate::bindings::about::exports::daybreak::common::about::Manifest {
                    $crate::plugin::describe::<$plugin>()
                }
            }

            $crate::bindings::about::export!(Exported with_types_in $crate::bindings::about);
        };
    };
}

/// Exports an indicator.
#[macro_export]
macro_rules! export_indicator {
    ($plugin:ident) => { $crate::export!(indicator: $plugin); };
}

/// Exports an insight.
#[macro_export]
macro_rules! export_insight {
    ($plugin:ident) => { $crate::export!(insight: $plugin); };
}

/// Exports a reweighting.
#[macro_export]
macro_rules! export_reweighting {
    ($plugin:ident) => { $crate::export!(reweighting: $plugin); };
}

/// Exports an assistant.
#[macro_export]
macro_rules! export_assistant {
    ($plugin:ident) => { $crate::export!(assistant: $plugin); };
}

#[doc(hidden)]
#[macro_export]
macro_rules! export_kind {
    (indicator: $plugin:ident) => {
        const _: () = {
            const fn is<P: $crate::indicator::Indicator>() {}
            is::<$plugin>();
        };

        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Exported;

            use $crate::bindings::indicator::exports::daybreak::indicator::indicator as wire;
            use $crate::bindings::types::daybreak::common::types;

            impl wire::Guest for Exported {
                fn requires(parameters_json: String) -> Result<types::Requirements, types::Fault> {
                    $crate::indicator::requires::<$plugin>(&parameters_json)
                }

                fn score(
                    context: types::Context,
                    rules: wire::Rules,
                    subjects: Vec<wire::Subject>,
                    tables: Vec<types::Table>,
                ) -> Result<Vec<wire::Outcome>, types::Fault> {
                    $crate::indicator::score::<$plugin>(&context, &rules, &subjects, &tables)
                }
            }

    $crate::bindings::indicator::export!(Exported with_types_in $crate::bindings::indicator);
        };
    };
    (insight: $plugin:ident) => {
        const _: () = {
            const fn is<P: $crate::insight::Insight>() {}
            is::<$plugin>();
        };

        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Exported;

            use $crate::bindings::insight::exports::daybreak::insight::insight as wire;
            use $crate::bindings::types::daybreak::common::types;

            impl wire::Guest for Exported {
                fn requires(parameters_json: String) -> Result<types::Requirements, types::Fault> {
                    $crate::insight::requires::<$plugin>(&parameters_json)
                }

                fn narrate(
                    context: types::Context,
                    charts: Vec<wire::Chart>,
                ) -> Result<Vec<Option<wire::Sentence>>, types::Fault> {
                    $crate::insight::narrate::<$plugin>(&context, &charts)
                }
            }

    $crate::bindings::insight::export!(Exported with_types_in $crate::bindings::insight);
        };
    };
    (reweighting: $plugin:ident) => {
        const _: () = {
            const fn is<P: $crate::reweighting::Reweighting>() {}
            is::<$plugin>();
        };

        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Exported;

            use $crate::bindings::reweighting::exports::daybreak::reweighting::reweighting as wire;
            use $crate::bindings::types::daybreak::common::types;

            impl wire::Guest for Exported {
                fn requires(parameters_json: String) -> Result<types::Requirements, types::Fault> {
                    $crate::reweighting::requires::<$plugin>(&parameters_json)
                }

                fn adjust(
                    context: types::Context,
                    scorecards: Vec<wire::Scorecard>,
                ) -> Result<Vec<Vec<wire::Change>>, types::Fault> {
                    $crate::reweighting::adjust::<$plugin>(&context, &scorecards)
                }
            }

    $crate::bindings::reweighting::export!(Exported with_types_in $crate::bindings::reweighting);
        };
    };
    (assistant: $plugin:ident) => {
        const _: () = {
            const fn is<P: $crate::assistant::Assistant>() {}
            is::<$plugin>();
        };

        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Exported;

            use $crate::bindings::assistant::exports::daybreak::assistant::assistant as wire;
            use $crate::bindings::types::daybreak::common::types;

            impl wire::Guest for Exported {
                fn requires(parameters_json: String) -> Result<types::Requirements, types::Fault> {
                    $crate::assistant::requires::<$plugin>(&parameters_json)
                }

                fn assess(
                    context: types::Context,
                    subjects: Vec<wire::Subject>,
                    tables: Vec<types::Table>,
                ) -> Result<Vec<wire::Alert>, types::Fault> {
                    $crate::assistant::assess::<$plugin>(&context, &subjects, &tables)
                }
            }

    $crate::bindings::assistant::export!(Exported with_types_in $crate::bindings::assistant);
        };
    };
}

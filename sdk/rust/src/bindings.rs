//! What wit-bindgen makes of the interfaces, one module per interface.
//!
//! Every kind of plugin has its own small world here, so that a component exports just the kinds it has; the component
//! encoder unites the worlds of one component. The records of `types` exist once and are shared by all of them.
//! Authors never name this module: the macro [`export!`](crate::export) does.

#![allow(missing_docs, clippy::all, clippy::pedantic, reason = "generated code")]

/// The records that all kinds share, and the import `logging`.
pub mod types {
    wit_bindgen::generate!({
        inline: r#"
            package daybreak:sdk;
            world shared {
                import daybreak:common/types@0.1.0;
                import daybreak:common/logging@0.1.0;
            }
        "#,
        path: ["../../wit/common"],
        generate_all,
        generate_unused_types: true,
        additional_derives: [PartialEq],
    });
}

pub mod about {
    wit_bindgen::generate!({
        inline: r#"
            package daybreak:sdk;
            world about { export daybreak:common/about@0.1.0; }
        "#,
        path: ["../../wit/common"],
        pub_export_macro: true,
        default_bindings_module: "daybreak_sdk::bindings::about",
        additional_derives: [PartialEq],
        with: { "daybreak:common/types@0.1.0": crate::bindings::types::daybreak::common::types },
    });
}

pub mod indicator {
    wit_bindgen::generate!({
        inline: r#"
            package daybreak:sdk;
            world indicator { export daybreak:indicator/indicator@0.1.0; }
        "#,
        path: ["../../wit/common", "../../wit/indicator"],
        pub_export_macro: true,
        default_bindings_module: "daybreak_sdk::bindings::indicator",
        additional_derives: [PartialEq],
        with: { "daybreak:common/types@0.1.0": crate::bindings::types::daybreak::common::types },
    });
}

pub mod insight {
    wit_bindgen::generate!({
        inline: r#"
            package daybreak:sdk;
            world insight { export daybreak:insight/insight@0.1.0; }
        "#,
        path: ["../../wit/common", "../../wit/insight"],
        pub_export_macro: true,
        default_bindings_module: "daybreak_sdk::bindings::insight",
        additional_derives: [PartialEq],
        with: { "daybreak:common/types@0.1.0": crate::bindings::types::daybreak::common::types },
    });
}

pub mod reweighting {
    wit_bindgen::generate!({
        inline: r#"
            package daybreak:sdk;
            world reweighting { export daybreak:reweighting/reweighting@0.1.0; }
        "#,
        path: ["../../wit/common", "../../wit/reweighting"],
        pub_export_macro: true,
        default_bindings_module: "daybreak_sdk::bindings::reweighting",
        additional_derives: [PartialEq],
        with: { "daybreak:common/types@0.1.0": crate::bindings::types::daybreak::common::types },
    });
}

pub mod assistant {
    wit_bindgen::generate!({
        inline: r#"
            package daybreak:sdk;
            world assistant { export daybreak:assistant/assistant@0.1.0; }
        "#,
        path: ["../../wit/common", "../../wit/assistant"],
        pub_export_macro: true,
        default_bindings_module: "daybreak_sdk::bindings::assistant",
        additional_derives: [PartialEq],
        with: { "daybreak:common/types@0.1.0": crate::bindings::types::daybreak::common::types },
    });
}

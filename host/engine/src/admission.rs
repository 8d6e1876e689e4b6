//! Reads a component's type and decides, before anything of it runs, whether this host takes it.

use daybreak_domain::plugin::{Fault, Interface, PluginKind};
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use crate::adapter::{ABOUT, COMMON_TRACKS, LOGGING, VERSIONS};
use crate::text;

/// The interfaces that the component exports and this host speaks: at least one, besides `about`. Other exports are
/// tolerated, and never called: toolchains leave some of their own.
pub(crate) fn interfaces(component: &Component) -> Result<Vec<Interface>, Fault> {
    let engine = component.engine();
    let component_type = component.component_type();
    for (name, import) in component_type.imports(engine) {
        if !is_allowed(name, &import.ty, engine) {
            return Err(Fault::ForbiddenImport { name: text::plain(name) });
        }
    }
    let exports: Vec<&str> = component_type.exports(engine).map(|(name, _)| name).collect();
    if !exports.iter().any(|name| COMMON_TRACKS.iter().any(|track| is_version(name, ABOUT, track))) {
        let reason = format!("the component does not export {ABOUT} {}", COMMON_TRACKS.join(" or "));
        return Err(Fault::MissingInterface { reason });
    }
    let mut interfaces = Vec::new();
    for kind in PluginKind::ALL {
        let version = VERSIONS
            .iter()
            .filter(|(of, ..)| *of == kind)
            .find_map(|(_, interface, track)| exports.iter().find(|name| is_version(name, interface, track)));
        interfaces.extend(version.map(|name| Interface { kind, name: (*name).to_owned() }));
    }
    if interfaces.is_empty() {
        let known = VERSIONS.map(|(_, interface, track)| format!("{interface}@{track}")).join(", ");
        let found = if exports.is_empty() { "nothing".into() } else { exports.join(", ") };
        let reason = format!("this host speaks {known}; the component exports {found}");
        return Err(Fault::MissingInterface { reason: text::plain(&reason) });
    }
    Ok(interfaces)
}

/// Logging, and instances that hold nothing but types: those give a guest nothing to call.
fn is_allowed(name: &str, item: &ComponentItem, engine: &wasmtime::Engine) -> bool {
    if COMMON_TRACKS.iter().any(|track| is_version(name, LOGGING, track)) {
        return true;
    }
    match item {
        ComponentItem::ComponentInstance(instance) => {
            instance.exports(engine).all(|(_, export)| matches!(export.ty, ComponentItem::Type(_)))
        }
        ComponentItem::Type(_) => true,
        _ => false,
    }
}

/// Whether `name` is the interface in a version of that track: `a:b/c@0.1.7` is on track 0.1.
fn is_version(name: &str, interface: &str, track: &str) -> bool {
    name.strip_prefix(interface)
        .and_then(|rest| rest.strip_prefix('@'))
        .and_then(|version| version.strip_prefix(track))
        .and_then(|rest| rest.strip_prefix('.'))
        .is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A short word on what the bytes are, where they are plainly no component. Compiling finds the rest.
pub(crate) fn glance(bytes: &[u8]) -> Result<(), Fault> {
    let not_a_component = |reason: &str| Err(Fault::NotAComponent { reason: reason.to_owned() });
    match bytes.get(..8) {
        None => not_a_component("the file is too short to be one"),
        Some([0, b'a', b's', b'm', 1, 0, 0, 0]) => not_a_component(
            "it is a core WebAssembly module; wrap it into a component, for example with `daybreak plugin build`",
        ),
        Some([0, b'a', b's', b'm', _, 0, 1, 0]) => Ok(()),
        Some([0, b'a', b's', b'm', ..]) => not_a_component("it is WebAssembly of an unknown version"),
        Some(_) => not_a_component("it is not WebAssembly"),
    }
}

//! Has the binary built anew when a source that it carries is added, changed or removed.

fn main() {
    for carried in ["../../sdk/rust", "../../sdk/templates", "../../wit"] {
        println!("cargo::rerun-if-changed={carried}");
    }
}

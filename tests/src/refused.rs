//! Files that no host may take for a plugin, made here byte by byte, and what each is refused with. The same ones are given
//! to the engine, to the command line and to the interface.

use daybreak_domain::plugin::COMPONENT_BYTES_MAX;

use crate::company::component;

/// A file that is refused.
pub struct Refused {
    /// The attack, in a word that no other has.
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// The code of the fault.
    pub code: &'static str,
    /// What has to stand in its words.
    pub words: &'static str,
}

/// What a component says of itself.
pub struct Manifest {
    pub name: String,
    pub version: &'static str,
    pub language: &'static str,
    pub text: String,
    pub schema: String,
}

impl Default for Manifest {
    /// An honest one.
    fn default() -> Self {
        Self {
            name: "written-over".into(),
            version: "1.2.3-rc.1",
            language: "en",
            text: "Written over".into(),
            schema: r#"{"type": "object"}"#.into(),
        }
    }
}

impl Manifest {
    /// An honest component that says this of itself: the guest keeps its manifest in one place of its binary.
    #[must_use]
    pub fn component(&self) -> Vec<u8> {
        let mut bytes = std::fs::read(component("quartet")).expect("it can be read");
        let mark = b"@manifest@\n";
        let at = bytes.windows(mark.len()).position(|window| window == mark).expect("it has one") + mark.len();
        let Self { name, version, language, text, schema } = self;
        let lines = format!("{name}\n{version}\n{language}\n{text}\n{schema}\n");
        assert!(lines.len() < 8_000, "the guest has no room for {} bytes", lines.len());
        bytes[at..][..lines.len()].copy_from_slice(lines.as_bytes());
        bytes
    }
}

/// A schema whose references double forty times.
#[must_use]
pub fn doubling_schema() -> String {
    let link = |link: usize| {
        let next = link + 1;
        format!(r##""d{link}": {{"allOf": [{{"$ref": "#/$defs/d{next}"}}, {{"$ref": "#/$defs/d{next}"}}]}}"##)
    };
    let chain: Vec<String> = (0..40).map(link).collect();
    format!(r##"{{"$ref": "#/$defs/d0", "$defs": {{{}, "d40": {{"type": "object"}}}}}}"##, chain.join(", "))
}

/// A schema of little text whose compiled patterns would fill gigabytes.
#[must_use]
pub fn schema_of_patterns() -> String {
    let pattern = |number: usize| format!(r#"{{"pattern":"\\w{{{}}}"}}"#, 90 + number % 9);
    let patterns: Vec<String> = (0..300).map(pattern).collect();
    format!(r#"{{"type":"object","anyOf":[{}]}}"#, patterns.join(","))
}

/// All of them.
#[must_use]
pub fn all() -> Vec<Refused> {
    let refused = |name, code, words, bytes| Refused { name, bytes, code, words };
    let file = |name, words, bytes| refused(name, "not-a-component", words, bytes);
    let heavy = |name, bytes| refused(name, "too-much-to-compile", "compiling it takes more than", bytes);
    let lie = |name, words, manifest: Manifest| refused(name, "bad-output", words, manifest.component());
    let whole = std::fs::read(component("hostile")).expect("it can be read");
    let garbage = whole[..8].iter().copied().chain((0..=255).cycle().take(5_000)).collect();
    vec![
        file("truncated file", "out of bounds", whole[..whole.len() / 2].to_vec()),
        file("gigantic file", "at most", vec![0; COMPONENT_BYTES_MAX + 1]),
        file("empty file", "too short", vec![]),
        file("file of another kind", "not WebAssembly", b"RIFF, or what have you".to_vec()),
        file("garbage behind an honest beginning", "parse", garbage),
        file("module instead of a component", "core WebAssembly module", text("(module)")),
        refused("import of WASI", "forbidden-import", "wasi:clocks/wall-clock", text(WASI)),
        refused(
            "import of a function",
            "forbidden-import",
            "run-this",
            text(r#"(component (import "run-this" (func)))"#),
        ),
        refused("no interface", "missing-interface", "does not export daybreak:common/about", text("(component)")),
        refused(
            "wrong interface version",
            "missing-interface",
            "daybreak:indicator/indicator@0.9.0",
            text(OTHER_VERSION),
        ),
        refused("interface without functions", "missing-interface", "describe", text(NO_FUNCTIONS)),
        refused("functions of another type", "missing-interface", "type mismatch", text(&of_another_type(""))),
        refused("endless loop at the start", "out-of-fuel", "out of fuel", text(&of_another_type(ENDLESS_START))),
        file("memory of four gigabytes", "memory", text("(component (core module (memory 65536)))")),
        file("shared memory", "shared", text("(component (core module (memory 1 1 shared)))")),
        file("table of a hundred million", "table", text("(component (core module (table 100000000 funcref)))")),
        heavy("thousands of functions", with_module(&module(1_000_000, &[0, 0x0b]))),
        heavy("one function that explodes", with_module(&module(1, &loops_over_variables(50_000, 1_000)))),
        heavy("components nested in components", nested_components(100_000)),
        file("deeply nested types", "nesting is too deep", nested_lists(100_000)),
        file("types that double", "type size exceeds", doubled_tuples(40)),
        file("a thousand modules and one", "modules count exceeds", many_modules(1_001)),
        lie(
            "manifest with a path for a name",
            "is no name",
            Manifest { name: "../../etc".into(), ..Manifest::default() },
        ),
        lie("manifest with an endless name", "is no name", Manifest { name: "x".repeat(5_000), ..Manifest::default() }),
        lie("manifest without a version", "no semantic version", Manifest { version: "latest", ..Manifest::default() }),
        lie(
            "manifest in one language",
            "the text for en is missing",
            Manifest { language: "fr", ..Manifest::default() },
        ),
        lie(
            "manifest that steers the terminal",
            "control characters",
            Manifest { text: "\u{1b}[2J".into(), ..Manifest::default() },
        ),
        lie(
            "schema whose references double",
            "references followed",
            Manifest { schema: doubling_schema(), ..Manifest::default() },
        ),
        lie(
            "schema that fetches",
            "not among its own definitions",
            Manifest { schema: r#"{"$ref": "file:///etc/passwd"}"#.into(), ..Manifest::default() },
        ),
        lie(
            "schema full of patterns",
            "references followed",
            Manifest { schema: schema_of_patterns(), ..Manifest::default() },
        ),
        lie(
            "schema with a huge pattern",
            "the schema of its parameters",
            Manifest { schema: r#"{"pattern": "(a{1000}){1000}{1000}"}"#.into(), ..Manifest::default() },
        ),
    ]
}

const WASI: &str = r#"(component
    (import "wasi:clocks/wall-clock@0.2.6" (instance (export "now" (func (result u64)))))
    (import "daybreak:common/logging@0.1.0" (instance))
)"#;

const OTHER_VERSION: &str = r#"(component
    (instance $nothing)
    (export "daybreak:common/about@0.1.0" (instance $nothing))
    (export "daybreak:indicator/indicator@0.9.0" (instance $nothing))
)"#;

const NO_FUNCTIONS: &str = r#"(component
    (instance $nothing)
    (export "daybreak:common/about@0.1.0" (instance $nothing))
    (export "daybreak:indicator/indicator@0.1.0" (instance $nothing))
)"#;

const ENDLESS_START: &str = "(func $endless (loop $again (br $again))) (start $endless)";

/// The interfaces by name, with functions that nobody wants, and more of a core module.
fn of_another_type(more: &str) -> String {
    format!(
        r#"(component
            (core module $core (func (export "describe") (result i32) (i32.const 7)) {more})
            (core instance $core (instantiate $core))
            (func $describe (result u32) (canon lift (core func $core "describe")))
            (func $score (result u32) (canon lift (core func $core "describe")))
            (instance $about (export "describe" (func $describe)))
            (instance $indicator (export "requires" (func $score)) (export "score" (func $score)))
            (export "daybreak:common/about@0.1.0" (instance $about))
            (export "daybreak:indicator/indicator@0.1.0" (instance $indicator))
        )"#
    )
}

fn text(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("it is WebAssembly")
}

const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
const MODULE: &[u8] = b"\0asm\x01\0\0\0";
const I32: u8 = 0x7f;

/// A number as WebAssembly writes it.
fn number(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// The index of a type, which is a signed number.
fn index(of: u64) -> Vec<u8> {
    let mut bytes = number(of);
    if let Some(last) = bytes.last_mut().filter(|last| **last & 0x40 != 0) {
        *last |= 0x80;
        bytes.push(0);
    }
    bytes
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [&[id][..], &number(content.len() as u64), content].concat()
}

/// So many functions without parameters, all with this body.
/// The component with so many bytes more, in a section that means nothing.
#[must_use]
pub fn padded(component: &[u8], bytes: usize) -> Vec<u8> {
    [component, &section(0, &vec![0; bytes])].concat()
}

fn module(functions: usize, body: &[u8]) -> Vec<u8> {
    let count = number(functions as u64);
    let body = [&number(body.len() as u64), body].concat();
    let (types, bodies) = (vec![0; functions], body.repeat(functions));
    let code = [&count, &bodies[..]].concat();
    [MODULE, &section(1, &[1, 0x60, 0, 0]), &section(3, &[&count, &types[..]].concat()), &section(10, &code)].concat()
}

fn with_module(module: &[u8]) -> Vec<u8> {
    [COMPONENT, &section(1, module)].concat()
}

fn many_modules(count: usize) -> Vec<u8> {
    [COMPONENT, &section(1, &module(1, &[0, 0x0b])).repeat(count)].concat()
}

/// One function: each loop reads and writes variables, so that a compiler notes for each loop what each variable may be.
fn loops_over_variables(loops: u64, variables: u64) -> Vec<u8> {
    let get = |variable: u64| [&[0x20][..], &number(variable % variables)].concat();
    let mut body = [&[1][..], &number(variables), &[I32]].concat();
    for turn in 0..loops {
        body.extend([0x03, 0x40]);
        body.extend(get(turn));
        body.extend([0x41, 0x01, 0x6a, 0x21]);
        body.extend(number((turn * 7 + 3) % variables));
        body.extend(get(turn * 13));
        body.extend([0x0d, 0x00, 0x0b]);
    }
    body.push(0x0b);
    body
}

fn nested_components(depth: usize) -> Vec<u8> {
    // From the inside: what is longer stands around what is shorter, so lengths are known before they are written.
    let mut lengths = vec![COMPONENT.len()];
    for _ in 0..depth {
        let inner = lengths[lengths.len() - 1];
        lengths.push(COMPONENT.len() + 1 + number(inner as u64).len() + inner);
    }
    let mut bytes = Vec::new();
    for inner in lengths.iter().rev().skip(1) {
        bytes.extend(COMPONENT);
        bytes.push(4);
        bytes.extend(number(*inner as u64));
    }
    bytes.extend(COMPONENT);
    bytes
}

/// Lists of lists of lists.
fn nested_lists(depth: u64) -> Vec<u8> {
    let list = |of: u64| [&[0x70][..], &index(of)].concat();
    let types: Vec<u8> = std::iter::once(vec![0x70, 0x7d]).chain((0..depth - 1).map(list)).flatten().collect();
    [COMPONENT, &section(7, &[number(depth), types].concat())].concat()
}

/// Pairs of pairs of pairs.
fn doubled_tuples(depth: u64) -> Vec<u8> {
    let pair = |of: u64| [&[0x6f, 2][..], &index(of), &index(of)].concat();
    let types: Vec<u8> = std::iter::once(vec![0x6f, 2, 0x7d, 0x7d]).chain((0..depth - 1).map(pair)).flatten().collect();
    [COMPONENT, &section(7, &[number(depth), types].concat())].concat()
}

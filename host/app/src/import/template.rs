//! Templates: how a text is put together from the cells of a row, for example `{Case ID}/{occurrence}`.
//!
//! A template knows names of columns only. Bound to a file's header it knows positions, and rendering cannot fail any
//! more except for an empty cell.

pub const TEMPLATE_BYTES_MAX: usize = 1_024;

/// Most columns that an error lists; a file may have hundreds.
const COLUMNS_LISTED_MAX: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Column(String),
    Row,
    Occurrence,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("it is empty: write a text, or a column in braces such as \"{{Case ID}}\"")]
    Empty,
    #[error("it has {0} bytes: shorten it to at most {TEMPLATE_BYTES_MAX}")]
    TooLong(usize),
    #[error("the brace before {0:?} is never closed: write \"{{Column}}\" for a column, or \"{{{{\" for a brace")]
    Unclosed(String),
    #[error("\"{{}}\" names no column: write the column's name between the braces, or \"{{{{\" for a brace")]
    NoName,
    #[error("{{{0}}} has a meaning only in external_id: use a column, or a text without braces")]
    OnlyInExternalId(&'static str),
    #[error(
        "{{{0}}} stands right beside another part in braces, so that two rows could get one id: \
         put a sign such as / between them"
    )]
    NotSeparated(&'static str),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    #[error("the file has no column {name:?}{}; its columns are {columns}", hint(.nearest.as_deref()))]
    Unknown { name: String, nearest: Option<String>, columns: String },
    #[error(
        "the column {name:?} stands {count} times in the file: write {{{name}#1}} for the first, \
         {{{name}#2}} for the second"
    )]
    Ambiguous { name: String, count: usize },
    #[error("the column {name:?} stands {count} times in the file, so there is no #{number}: use {{{name}#{count}}}")]
    NoSuchNumber { name: String, number: usize, count: usize },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(" (did you mean {nearest:?}?)")).unwrap_or_default()
}

/// The names in a file's first row.
#[derive(Clone, Debug)]
pub struct Header {
    names: Vec<String>,
}

/// A template whose columns were found in a header.
#[derive(Clone, Debug)]
pub struct BoundTemplate {
    parts: Vec<BoundPart>,
}

#[derive(Clone, Debug)]
enum BoundPart {
    Literal(String),
    Cell(usize),
    Row,
    Occurrence,
}

/// The column whose cell is empty, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptyCell(pub usize);

impl Template {
    /// Parses a template that may name columns only.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let template = Self::parse_external_id(text)?;
        let numbered = template.parts.iter().find_map(Part::numbered);
        numbered.map_or(Ok(template), |name| Err(TemplateError::OnlyInExternalId(name)))
    }

    /// Parses a template that may also hold `{row}` and `{occurrence}`.
    pub fn parse_external_id(text: &str) -> Result<Self, TemplateError> {
        if text.is_empty() {
            return Err(TemplateError::Empty);
        }
        if text.len() > TEMPLATE_BYTES_MAX {
            return Err(TemplateError::TooLong(text.len()));
        }
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(brace) = rest.find(['{', '}']) {
            literal.push_str(&rest[..brace]);
            let after = &rest[brace + 1..];
            if let Some(doubled) = ["{{", "}}"].into_iter().find(|doubled| rest[brace..].starts_with(doubled)) {
                literal.push_str(&doubled[1..]);
                rest = &after[1..];
            } else if rest[brace..].starts_with('}') {
                literal.push('}');
                rest = after;
            } else {
                let (name, after) =
                    after.split_once('}').ok_or_else(|| TemplateError::Unclosed(after.chars().take(40).collect()))?;
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                parts.push(match name.trim() {
                    "" => return Err(TemplateError::NoName),
                    "row" => Part::Row,
                    "occurrence" => Part::Occurrence,
                    column => Part::Column(column.to_owned()),
                });
                rest = after;
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        for pair in parts.windows(2) {
            if let [first, second] = pair
                && let Some(name) = first.numbered().or_else(|| second.numbered())
                && !matches!((first, second), (Part::Literal(_), _) | (_, Part::Literal(_)))
            {
                return Err(TemplateError::NotSeparated(name));
            }
        }
        Ok(Self { parts })
    }

    /// The text, if no row can change it.
    #[must_use]
    pub fn constant(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The names between braces, as the template writes them.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Column(name) => Some(name.as_str()),
            Part::Literal(_) | Part::Row | Part::Occurrence => None,
        })
    }

    /// Whether it numbers rows, so that what it gives depends on where a row stands.
    #[must_use]
    pub fn numbers_rows(&self) -> bool {
        self.parts.iter().any(|part| part.numbered().is_some())
    }

    pub(super) fn bind(&self, header: &Header) -> Result<BoundTemplate, ColumnError> {
        let parts = self.parts.iter().map(|part| {
            Ok(match part {
                Part::Literal(text) => BoundPart::Literal(text.clone()),
                Part::Column(name) => BoundPart::Cell(header.position(name)?),
                Part::Row => BoundPart::Row,
                Part::Occurrence => BoundPart::Occurrence,
            })
        });
        Ok(BoundTemplate { parts: parts.collect::<Result<_, _>>()? })
    }
}

impl Part {
    /// The word between the braces, of a part that numbers rows.
    fn numbered(&self) -> Option<&'static str> {
        match self {
            Self::Row => Some("row"),
            Self::Occurrence => Some("occurrence"),
            Self::Literal(_) | Self::Column(_) => None,
        }
    }
}

impl BoundTemplate {
    /// The text for a row whose cells `cell` gives. A template has a text only where every cell it names has one: half
    /// an id is no id.
    pub fn render<'a>(
        &self,
        cell: impl Fn(usize) -> &'a str,
        row: u64,
        occurrence: Option<u64>,
    ) -> Result<String, EmptyCell> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                BoundPart::Literal(literal) => text.push_str(literal),
                BoundPart::Cell(position) => match cell(*position) {
                    "" => return Err(EmptyCell(*position)),
                    filled => text.push_str(filled),
                },
                BoundPart::Row => text.push_str(&row.to_string()),
                BoundPart::Occurrence => {
                    if let Some(occurrence) = occurrence {
                        text.push_str(&occurrence.to_string());
                    }
                }
            }
        }
        Ok(text)
    }

    #[must_use]
    pub fn counts_occurrences(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, BoundPart::Occurrence))
    }

    /// The positions of the columns it names.
    pub fn columns(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().filter_map(|part| match part {
            BoundPart::Cell(position) => Some(*position),
            _ => None,
        })
    }

    /// The column to look at when the text is wrong: the only one, or none if there are several.
    #[must_use]
    pub fn only_column(&self) -> Option<usize> {
        let mut columns = self.columns();
        let first = columns.next()?;
        columns.all(|position| position == first).then_some(first)
    }
}

impl Header {
    #[must_use]
    pub fn new(names: Vec<String>) -> Self {
        Self { names }
    }

    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The position of the column that a template names. A name that stands as it is in the header wins over one read
    /// as a name and a number, so that a column called `Order #2` can be used.
    fn position(&self, name: &str) -> Result<usize, ColumnError> {
        let positions = |name: &str| -> Vec<usize> {
            self.names.iter().enumerate().filter(|(_, known)| *known == name).map(|(position, _)| position).collect()
        };
        match positions(name).as_slice() {
            [only] => return Ok(*only),
            [] => {}
            several => return Err(ColumnError::Ambiguous { name: name.to_owned(), count: several.len() }),
        }
        if let Some((base, number)) = name.rsplit_once('#')
            && let Ok(number) = number.parse::<usize>()
        {
            let base = base.trim_end();
            let found = positions(base);
            if !found.is_empty() {
                return found.get(number.wrapping_sub(1)).copied().ok_or_else(|| ColumnError::NoSuchNumber {
                    name: base.to_owned(),
                    number,
                    count: found.len(),
                });
            }
        }
        Err(ColumnError::Unknown { name: name.to_owned(), nearest: nearest(name, &self.names), columns: self.list() })
    }

    fn list(&self) -> String {
        let named: Vec<_> = self.names.iter().filter(|name| !name.is_empty()).collect();
        let listed: Vec<_> =
            named.iter().take(COLUMNS_LISTED_MAX).map(|name| name.chars().take(80).collect::<String>()).collect();
        let more = named.len() - listed.len();
        if more == 0 { listed.join(", ") } else { format!("{} and {more} more", listed.join(", ")) }
    }
}

/// The name that somebody most likely meant, if one is close enough.
pub(crate) fn nearest(name: &str, known: &[impl AsRef<str>]) -> Option<String> {
    let wanted = name.to_lowercase();
    let distances = known.iter().map(|known| (edit_distance(&wanted, &known.as_ref().to_lowercase()), known.as_ref()));
    let (distance, found) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= (wanted.chars().count() / 3).max(2) && distance < wanted.chars().count()).then(|| found.to_owned())
}

/// How many characters must be added, removed or replaced to make one text the other (Levenshtein 1965).
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(200).collect();
    let mut distances: Vec<usize> = (0..=to.len()).collect();
    for (row, from) in from.chars().take(200).enumerate() {
        let mut diagonal = distances[0];
        distances[0] = row + 1;
        for (column, to) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = distances[column + 1];
            distances[column + 1] = replaced.min(diagonal + 1).min(distances[column] + 1);
        }
    }
    distances[to.len()]
}

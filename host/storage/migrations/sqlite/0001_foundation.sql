-- Every row that belongs to a company begins with its key. One counter per company numbers every row that scoring
-- reads, in the order of commit; those rows are only ever appended.

CREATE TABLE company (
    company TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    -- The last number given out. Whoever appends locks this row first.
    sequence BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Names stand here and nowhere else: forgetting a person changes this row and no receipt.
CREATE TABLE person (
    company TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (company, person)
) WITHOUT ROWID;

CREATE TABLE role (
    company TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (company, person, role)
) WITHOUT ROWID;

-- Who is meant when a source says "Value 1". Read when facts arrive, never by scoring.
CREATE TABLE identity (
    company TEXT NOT NULL,
    source TEXT NOT NULL,
    external TEXT NOT NULL,
    person TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (company, source, external)
) WITHOUT ROWID;

CREATE TABLE department (
    company TEXT NOT NULL,
    department TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    name TEXT NOT NULL,
    parent TEXT,
    PRIMARY KEY (company, department, sequence)
) WITHOUT ROWID;

-- Days since 1970-01-01, half-open. On every day the row with the highest sequence counts.
CREATE TABLE spell (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    person TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    department TEXT,
    manager TEXT,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

-- Clustered as scoring reads: one kind, a range of time. `replaces` names the row that was current when this one came;
-- `outranked` is true for a row that came after a higher revision and was never current. Both are known when the row
-- is written, so no row is ever changed.
CREATE TABLE fact (
    company TEXT NOT NULL,
    kind TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor TEXT,
    document TEXT,
    customer TEXT,
    value DOUBLE PRECISION,
    capture TEXT NOT NULL,
    attributes TEXT NOT NULL,
    withdrawn BIGINT NOT NULL,
    -- How many revisions of the same fact were there before this one.
    earlier BIGINT NOT NULL,
    replaces BIGINT,
    outranked BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (company, kind, occurred_at, sequence)
) WITHOUT ROWID;

CREATE UNIQUE INDEX fact_key ON fact (company, source, external_id, revision);
CREATE UNIQUE INDEX fact_sequence ON fact (company, sequence);
CREATE INDEX fact_document ON fact (company, document, kind, occurred_at, actor, customer) WHERE document IS NOT NULL;
CREATE INDEX fact_replaces ON fact (company, sequence, replaces) WHERE replaces IS NOT NULL;

CREATE TABLE component (
    company TEXT NOT NULL,
    component TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    plugin TEXT NOT NULL,
    version TEXT NOT NULL,
    record TEXT NOT NULL,
    bytes BLOB NOT NULL,
    installed_at BIGINT NOT NULL,
    PRIMARY KEY (company, component)
);

-- Which version of a plugin a department uses; without a department, the whole company.
CREATE TABLE pin (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    plugin TEXT NOT NULL,
    department TEXT,
    valid_from BIGINT NOT NULL,
    component TEXT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE TABLE indicator (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    title TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    direction TEXT NOT NULL,
    unit TEXT NOT NULL,
    ceiling DOUBLE PRECISION NOT NULL,
    plugin TEXT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE TABLE parameters (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    parameters TEXT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

-- What an administrator allowed one version of a plugin to read for one indicator; without a department, for the
-- whole company.
CREATE TABLE permission (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    department TEXT,
    component TEXT NOT NULL,
    interface TEXT NOT NULL,
    parameters BIGINT NOT NULL,
    requirements TEXT NOT NULL,
    revoked BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

-- Without a subject the goal is everybody's.
CREATE TABLE goal (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    subject TEXT,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    baseline DOUBLE PRECISION,
    target DOUBLE PRECISION,
    stretch DOUBLE PRECISION,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

-- What changed and has not yet been turned into stale keys. A queue: rows leave it when they are expanded.
CREATE TABLE mark (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    position BIGINT NOT NULL,
    cause TEXT NOT NULL,
    kind TEXT,
    actor TEXT,
    document TEXT,
    customer TEXT,
    -- The local day of the fact.
    day BIGINT,
    indicator TEXT,
    subject TEXT,
    PRIMARY KEY (company, sequence, position)
) WITHOUT ROWID;

-- Scores that have to be computed again, each with the highest mark that touched it. A fact that is dated later than
-- the day on which it came makes its score stale on its own day: `due`.
CREATE TABLE stale (
    company TEXT NOT NULL,
    indicator TEXT NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    subject TEXT NOT NULL,
    due BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    PRIMARY KEY (company, indicator, period_first, period_end, subject, due)
) WITHOUT ROWID;

-- One call of a plugin, and what all its scores share.
CREATE TABLE batch (
    company TEXT NOT NULL,
    batch BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    component TEXT NOT NULL,
    interface TEXT NOT NULL,
    adapter TEXT NOT NULL,
    definition BIGINT NOT NULL,
    parameters BIGINT NOT NULL,
    permission BIGINT NOT NULL,
    requirements TEXT NOT NULL,
    context TEXT NOT NULL,
    rules TEXT NOT NULL,
    known_to BIGINT NOT NULL,
    fuel BIGINT NOT NULL,
    engine TEXT NOT NULL,
    computed_at BIGINT NOT NULL,
    -- How many scores the batch was stored with.
    scores BIGINT NOT NULL,
    PRIMARY KEY (company, batch)
) WITHOUT ROWID;

CREATE INDEX batch_indicator ON batch (company, indicator, period_first, period_end, batch);

-- Appended, never overwritten: the row with the highest sequence is the current score of its key.
CREATE TABLE score (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    subject TEXT NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    raw DOUBLE PRECISION,
    sample BIGINT,
    points DOUBLE PRECISION,
    receipt TEXT NOT NULL,
    outcome TEXT NOT NULL,
    evidence TEXT NOT NULL,
    -- True for a score that the host gave without asking the plugin, because a row lacked what the plugin requires.
    by_host BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE INDEX score_key ON score (company, indicator, period_first, period_end, subject, sequence);
CREATE INDEX score_batch ON score (company, batch);
CREATE INDEX score_subject ON score (company, subject, sequence);

-- Calls in which a plugin failed. The last good score stays.
CREATE TABLE fault (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    component TEXT NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    subject TEXT NOT NULL,
    fault TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

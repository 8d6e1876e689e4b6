-- Every row that belongs to a company begins with its key. One counter per company numbers every row that scoring
-- reads, in the order of commit; those rows are only ever appended. Texts are compared byte by byte, as SQLite does.

CREATE TABLE company (
    company TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL,
    -- The last number given out. Whoever appends locks this row first.
    sequence BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Names stand here and nowhere else: forgetting a person changes this row and no receipt.
CREATE TABLE person (
    company TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (company, person)
);

CREATE TABLE role (
    company TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (company, person, role)
);

-- Who is meant when a source says "Value 1". Read when facts arrive, never by scoring.
CREATE TABLE identity (
    company TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    external TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (company, source, external)
);

CREATE TABLE department (
    company TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    parent TEXT COLLATE "C",
    PRIMARY KEY (company, department, sequence)
);

-- Days since 1970-01-01, half-open. On every day the row with the highest sequence counts.
CREATE TABLE spell (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    department TEXT COLLATE "C",
    manager TEXT COLLATE "C",
    PRIMARY KEY (company, sequence)
);

-- Clustered as scoring reads: one kind, a range of time. `replaces` names the row that was current when this one came;
-- `outranked` is true for a row that came after a higher revision and was never current. Both are known when the row
-- is written, so no row is ever changed.
CREATE TABLE fact (
    company TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    occurred_at BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor TEXT COLLATE "C",
    document TEXT COLLATE "C",
    customer TEXT COLLATE "C",
    value DOUBLE PRECISION,
    capture TEXT COLLATE "C" NOT NULL,
    attributes JSONB NOT NULL,
    withdrawn BIGINT NOT NULL,
    -- How many revisions of the same fact were there before this one.
    earlier BIGINT NOT NULL,
    replaces BIGINT,
    outranked BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, kind, occurred_at, sequence)
);

CREATE UNIQUE INDEX fact_key ON fact (company, source, external_id, revision);
CREATE UNIQUE INDEX fact_sequence ON fact (company, sequence);
CREATE INDEX fact_document ON fact (company, document, kind, occurred_at, actor, customer) WHERE document IS NOT NULL;
CREATE INDEX fact_replaces ON fact (company, sequence, replaces) WHERE replaces IS NOT NULL;

CREATE TABLE component (
    company TEXT COLLATE "C" NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    plugin TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    bytes BYTEA NOT NULL,
    installed_at BIGINT NOT NULL,
    PRIMARY KEY (company, component)
);

-- Which version of a plugin a department uses; without a department, the whole company.
CREATE TABLE pin (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    plugin TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C",
    valid_from BIGINT NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, sequence)
);

CREATE TABLE indicator (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    valid_from BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    direction TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    ceiling DOUBLE PRECISION NOT NULL,
    plugin TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, sequence)
);

CREATE TABLE parameters (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    valid_from BIGINT NOT NULL,
    parameters TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, sequence)
);

-- What an administrator allowed one version of a plugin to read for one indicator; without a department, for the
-- whole company.
CREATE TABLE permission (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C",
    component TEXT COLLATE "C" NOT NULL,
    interface TEXT COLLATE "C" NOT NULL,
    parameters BIGINT NOT NULL,
    requirements TEXT COLLATE "C" NOT NULL,
    revoked BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);

-- Without a subject the goal is everybody's.
CREATE TABLE goal (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    baseline DOUBLE PRECISION,
    target DOUBLE PRECISION,
    stretch DOUBLE PRECISION,
    PRIMARY KEY (company, sequence)
);

-- What changed and has not yet been turned into stale keys. A queue: rows leave it when they are expanded.
CREATE TABLE mark (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    position BIGINT NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C",
    actor TEXT COLLATE "C",
    document TEXT COLLATE "C",
    customer TEXT COLLATE "C",
    -- The local day of the fact.
    day BIGINT,
    indicator TEXT COLLATE "C",
    subject TEXT COLLATE "C",
    PRIMARY KEY (company, sequence, position)
);

-- Scores that have to be computed again, each with the highest mark that touched it. A fact that is dated later than
-- the day on which it came makes its score stale on its own day: `due`.
CREATE TABLE stale (
    company TEXT COLLATE "C" NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    due BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    PRIMARY KEY (company, indicator, period_first, period_end, subject, due)
);

-- One call of a plugin, and what all its scores share.
CREATE TABLE batch (
    company TEXT COLLATE "C" NOT NULL,
    batch BIGINT NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    interface TEXT COLLATE "C" NOT NULL,
    adapter TEXT COLLATE "C" NOT NULL,
    definition BIGINT NOT NULL,
    parameters BIGINT NOT NULL,
    permission BIGINT NOT NULL,
    requirements TEXT COLLATE "C" NOT NULL,
    context TEXT COLLATE "C" NOT NULL,
    rules TEXT COLLATE "C" NOT NULL,
    known_to BIGINT NOT NULL,
    fuel BIGINT NOT NULL,
    engine TEXT COLLATE "C" NOT NULL,
    computed_at BIGINT NOT NULL,
    -- How many scores the batch was stored with.
    scores BIGINT NOT NULL,
    PRIMARY KEY (company, batch)
);

CREATE INDEX batch_indicator ON batch (company, indicator, period_first, period_end, batch);

-- Appended, never overwritten: the row with the highest sequence is the current score of its key.
CREATE TABLE score (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    raw DOUBLE PRECISION,
    sample BIGINT,
    points DOUBLE PRECISION,
    receipt TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    -- True for a score that the host gave without asking the plugin, because a row lacked what the plugin requires.
    by_host BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);

CREATE INDEX score_key ON score (company, indicator, period_first, period_end, subject, sequence);
CREATE INDEX score_batch ON score (company, batch);
CREATE INDEX score_subject ON score (company, subject, sequence);

-- Calls in which a plugin failed. The last good score stays.
CREATE TABLE fault (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    fault TEXT COLLATE "C" NOT NULL,
    occurred_at BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);

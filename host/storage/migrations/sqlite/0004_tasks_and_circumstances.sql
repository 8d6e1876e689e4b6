-- What holds for people over a span of days and may change shares. Every row is one revision of a circumstance with all
-- of its participants; the row with the highest sequence counts.
CREATE TABLE circumstance (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    circumstance TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Days since 1970-01-01, half-open.
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    -- `task` or `person`, and its id.
    cause_kind TEXT NOT NULL,
    cause TEXT NOT NULL,
    measures TEXT NOT NULL,
    reason TEXT NOT NULL,
    withdrawn BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE INDEX circumstance_revision ON circumstance (company, circumstance, sequence);

CREATE TABLE circumstance_participant (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    person TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    PRIMARY KEY (company, sequence, person)
) WITHOUT ROWID;

-- Tasks. Every row is one revision of a task with all of its participants; the row with the highest sequence counts.
CREATE TABLE task (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    task TEXT NOT NULL,
    -- What made this revision: created, changed, done, cancelled or reopened.
    event TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The last day on which it is done in time, as days since 1970-01-01.
    due BIGINT,
    document TEXT,
    customer TEXT,
    weight DOUBLE PRECISION NOT NULL,
    counts_in TEXT,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it was done or cancelled.
    ended_at BIGINT,
    -- When this revision happened, when it was recorded, and by whom.
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE INDEX task_revision ON task (company, task, sequence);
CREATE INDEX task_document ON task (company, document, kind, sequence) WHERE document IS NOT NULL;

CREATE TABLE task_participant (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    person TEXT NOT NULL,
    -- initiator, assignee, or initiator-and-assignee
    role TEXT NOT NULL,
    -- Of the day on which the revision happened, as it was known then; for people to read, never for scoring.
    department TEXT,
    PRIMARY KEY (company, sequence, person)
) WITHOUT ROWID;

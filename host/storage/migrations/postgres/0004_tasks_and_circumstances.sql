-- What holds for people over a span of days and may change shares. Every row is one revision of a circumstance with all
-- of its participants; the row with the highest sequence counts.
CREATE TABLE circumstance (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    circumstance TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- Days since 1970-01-01, half-open.
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    -- `task` or `person`, and its id.
    cause_kind TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    measures TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    withdrawn BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, sequence)
);

CREATE INDEX circumstance_revision ON circumstance (company, circumstance, sequence);

CREATE TABLE circumstance_participant (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    PRIMARY KEY (company, sequence, person)
);

-- Tasks. Every row is one revision of a task with all of its participants; the row with the highest sequence counts.
CREATE TABLE task (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    task TEXT COLLATE "C" NOT NULL,
    -- What made this revision: created, changed, done, cancelled or reopened.
    event TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- The last day on which it is done in time, as days since 1970-01-01.
    due BIGINT,
    document TEXT COLLATE "C",
    customer TEXT COLLATE "C",
    weight DOUBLE PRECISION NOT NULL,
    counts_in TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it was done or cancelled.
    ended_at BIGINT,
    -- When this revision happened, when it was recorded, and by whom.
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, sequence)
);

CREATE INDEX task_revision ON task (company, task, sequence);
CREATE INDEX task_document ON task (company, document, kind, sequence) WHERE document IS NOT NULL;

CREATE TABLE task_participant (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    -- initiator, assignee, or initiator-and-assignee
    role TEXT COLLATE "C" NOT NULL,
    -- Of the day on which the revision happened, as it was known then; for people to read, never for scoring.
    department TEXT COLLATE "C",
    PRIMARY KEY (company, sequence, person)
);

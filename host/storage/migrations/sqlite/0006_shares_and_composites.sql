-- What counts how much for whom: a scorecard's revision from a day on. Append-only: on a day, of the rows of a scorecard
-- that hold from that day or an earlier one, the row with the highest sequence counts; an ended one is in use no more.
CREATE TABLE scorecard (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    scorecard TEXT NOT NULL,
    -- Days since 1970-01-01.
    valid_from BIGINT NOT NULL,
    title TEXT NOT NULL,
    -- For whom: named employees, a position, a department with those below it, or everybody else.
    place TEXT NOT NULL,
    dimensions TEXT NOT NULL,
    entries TEXT NOT NULL,
    ended BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    -- None: at the host's own command line.
    recorded_by TEXT,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

-- A manager's change of one share for some days. Every row is one revision; `adjustment` is the sequence of the first one,
-- and the row with the highest sequence counts.
CREATE TABLE share_adjustment (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    adjustment BIGINT NOT NULL,
    employee TEXT NOT NULL,
    -- An indicator or a dimension.
    target TEXT NOT NULL,
    -- Millionths.
    share BIGINT NOT NULL,
    -- Half-open.
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    reason TEXT NOT NULL,
    -- It never held.
    revoked BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE INDEX share_adjustment_revision ON share_adjustment (company, adjustment, sequence);

-- Which part of the shares must be computable at least, from a day on.
CREATE TABLE minimum_coverage (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    -- Millionths.
    coverage BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

-- One call of a reweighting plugin for one month, with everything that it rests on. A call that failed keeps its fault and
-- has no answers.
CREATE TABLE policy_batch (
    company TEXT NOT NULL,
    batch BIGINT NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    -- The sequence of the enablement.
    enablement BIGINT NOT NULL,
    policy TEXT NOT NULL,
    component TEXT NOT NULL,
    interface TEXT NOT NULL,
    adapter TEXT NOT NULL,
    context TEXT NOT NULL,
    -- The sequences of the circumstances' revisions that were handed over.
    circumstances TEXT NOT NULL,
    known_to BIGINT NOT NULL,
    fuel BIGINT NOT NULL,
    engine TEXT NOT NULL,
    input TEXT NOT NULL,
    changes TEXT NOT NULL,
    fault TEXT,
    computed_at BIGINT NOT NULL,
    answers BIGINT NOT NULL,
    PRIMARY KEY (company, batch)
) WITHOUT ROWID;

CREATE TABLE policy_answer (
    company TEXT NOT NULL,
    batch BIGINT NOT NULL,
    employee TEXT NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (company, batch, employee)
) WITHOUT ROWID;

-- Composites with their receipts. Nothing is overwritten: of those of an employee and a period, the one that knew most is
-- current.
CREATE TABLE composite (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    employee TEXT NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    -- None where it is not computable.
    points DOUBLE PRECISION,
    -- Millionths.
    coverage BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    outcome TEXT NOT NULL,
    -- How the month's shares came about; none for longer periods.
    shares TEXT,
    known_to BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE INDEX composite_key ON composite (company, period_first, period_end, employee, known_to, sequence);

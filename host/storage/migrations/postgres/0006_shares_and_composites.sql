-- What counts how much for whom: a scorecard's revision from a day on. Append-only: on a day, of the rows of a scorecard
-- that hold from that day or an earlier one, the row with the highest sequence counts; an ended one is in use no more.
CREATE TABLE scorecard (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    scorecard TEXT COLLATE "C" NOT NULL,
    -- Days since 1970-01-01.
    valid_from BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    -- For whom: named employees, a position, a department with those below it, or everybody else.
    place TEXT COLLATE "C" NOT NULL,
    dimensions TEXT COLLATE "C" NOT NULL,
    entries TEXT COLLATE "C" NOT NULL,
    ended BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    -- None: at the host's own command line.
    recorded_by TEXT COLLATE "C",
    PRIMARY KEY (company, sequence)
);

-- A manager's change of one share for some days. Every row is one revision; `adjustment` is the sequence of the first one,
-- and the row with the highest sequence counts.
CREATE TABLE share_adjustment (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    adjustment BIGINT NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    -- An indicator or a dimension.
    target TEXT COLLATE "C" NOT NULL,
    -- Millionths.
    share BIGINT NOT NULL,
    -- Half-open.
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    -- It never held.
    revoked BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C",
    PRIMARY KEY (company, sequence)
);

CREATE INDEX share_adjustment_revision ON share_adjustment (company, adjustment, sequence);

-- Which part of the shares must be computable at least, from a day on.
CREATE TABLE minimum_coverage (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    -- Millionths.
    coverage BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C",
    PRIMARY KEY (company, sequence)
);

-- One call of a reweighting plugin for one month, with everything that it rests on. A call that failed keeps its fault and
-- has no answers.
CREATE TABLE policy_batch (
    company TEXT COLLATE "C" NOT NULL,
    batch BIGINT NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    -- The sequence of the enablement.
    enablement BIGINT NOT NULL,
    policy TEXT COLLATE "C" NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    interface TEXT COLLATE "C" NOT NULL,
    adapter TEXT COLLATE "C" NOT NULL,
    context TEXT COLLATE "C" NOT NULL,
    -- The sequences of the circumstances' revisions that were handed over.
    circumstances TEXT COLLATE "C" NOT NULL,
    known_to BIGINT NOT NULL,
    fuel BIGINT NOT NULL,
    engine TEXT COLLATE "C" NOT NULL,
    input TEXT COLLATE "C" NOT NULL,
    changes TEXT COLLATE "C" NOT NULL,
    fault TEXT COLLATE "C",
    computed_at BIGINT NOT NULL,
    answers BIGINT NOT NULL,
    PRIMARY KEY (company, batch)
);

CREATE TABLE policy_answer (
    company TEXT COLLATE "C" NOT NULL,
    batch BIGINT NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    changes TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, batch, employee)
);

-- Composites with their receipts. Nothing is overwritten: of those of an employee and a period, the one that knew most is
-- current.
CREATE TABLE composite (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    employee TEXT COLLATE "C" NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    -- None where it is not computable.
    points DOUBLE PRECISION,
    -- Millionths.
    coverage BIGINT NOT NULL,
    receipt TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    -- How the month's shares came about; none for longer periods.
    shares TEXT COLLATE "C",
    known_to BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);

CREATE INDEX composite_key ON composite (company, period_first, period_end, employee, known_to, sequence);

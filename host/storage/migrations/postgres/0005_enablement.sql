-- A reweighting, insight or assistant plugin in use: which component, with which parameters, and what it was granted, for
-- a department or without one for the whole company. Append-only: on a day, of the rows with that id and department that
-- hold from that day or an earlier one, the row with the highest sequence counts; a revoked one ends the use.
CREATE TABLE enablement (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    enablement TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C",
    valid_from BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    plugin TEXT COLLATE "C" NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    interface TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    parameters TEXT COLLATE "C" NOT NULL,
    requirements TEXT COLLATE "C" NOT NULL,
    revoked BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);

-- A reweighting, insight or assistant plugin in use: which component, with which parameters, and what it was granted, for
-- a department or without one for the whole company. Append-only: on a day, of the rows with that id and department that
-- hold from that day or an earlier one, the row with the highest sequence counts; a revoked one ends the use.
CREATE TABLE enablement (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    enablement TEXT NOT NULL,
    kind TEXT NOT NULL,
    department TEXT,
    valid_from BIGINT NOT NULL,
    title TEXT NOT NULL,
    plugin TEXT NOT NULL,
    component TEXT NOT NULL,
    interface TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    parameters TEXT NOT NULL,
    requirements TEXT NOT NULL,
    revoked BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

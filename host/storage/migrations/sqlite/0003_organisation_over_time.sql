-- Everything about the organisation holds from one day until another (days since 1970-01-01, half-open), and on every
-- day the row with the highest sequence counts. -25567 is 1900-01-01: what was known before this version held always.

ALTER TABLE person ADD COLUMN erased_at BIGINT;

CREATE TABLE position (
    company TEXT NOT NULL,
    position TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    -- A JSON object: language to text.
    title TEXT NOT NULL,
    PRIMARY KEY (company, position, sequence)
) WITHOUT ROWID;

ALTER TABLE spell ADD COLUMN position TEXT;
-- 0: the person did not belong to the company on these days.
ALTER TABLE spell ADD COLUMN employed BIGINT NOT NULL DEFAULT 1;

ALTER TABLE department ADD COLUMN valid_from BIGINT NOT NULL DEFAULT -25567;
ALTER TABLE department ADD COLUMN valid_until BIGINT;
ALTER TABLE department ADD COLUMN closed BIGINT NOT NULL DEFAULT 0;

-- Who is meant when a source says "Value 1" on a day; without a person, nobody. Where the person was erased, the name
-- is only its digest, by which the same name is still recognised.
ALTER TABLE identity RENAME TO identity_without_days;
CREATE TABLE identity (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    source TEXT NOT NULL,
    external TEXT NOT NULL,
    hashed BIGINT NOT NULL,
    person TEXT,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;
CREATE INDEX identity_name ON identity (company, source, external);
INSERT INTO identity (company, sequence, source, external, hashed, person, valid_from)
    SELECT company, sequence, source, external, 0, person, -25567 FROM identity_without_days;
DROP TABLE identity_without_days;

-- Of the rows with one id the highest sequence counts. Never read by scoring.
CREATE TABLE absence (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    absence TEXT NOT NULL,
    person TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    kind TEXT NOT NULL,
    reason TEXT,
    withdrawn BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;
CREATE INDEX absence_person ON absence (company, person);

CREATE TABLE customer (
    company TEXT NOT NULL,
    customer TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT,
    PRIMARY KEY (company, customer, sequence)
) WITHOUT ROWID;

-- Which employee looks after the customer; without an owner, nobody.
CREATE TABLE ownership (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    customer TEXT NOT NULL,
    owner TEXT,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;
CREATE INDEX ownership_customer ON ownership (company, customer);

-- A contact's name stands here and nowhere else. What plugins may know of contacts are facts of the kind "contact".
CREATE TABLE contact (
    company TEXT NOT NULL,
    contact TEXT NOT NULL,
    customer TEXT NOT NULL,
    name TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    erased_at BIGINT,
    PRIMARY KEY (company, contact)
) WITHOUT ROWID;

-- What happened to a contact: came, was given another title, left. Of the rows of one event the highest sequence counts.
CREATE TABLE contact_event (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    contact TEXT NOT NULL,
    event BIGINT NOT NULL,
    day BIGINT NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    withdrawn BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;
CREATE INDEX contact_event_contact ON contact_event (company, contact);

-- The day after the last one that a change of the organisation touches; without one it touches all days from `day` on.
ALTER TABLE mark ADD COLUMN day_until BIGINT;

-- Everything about the organisation holds from one day until another (days since 1970-01-01, half-open), and on every
-- day the row with the highest sequence counts. -25567 is 1900-01-01: what was known before this version held always.

ALTER TABLE person ADD COLUMN erased_at BIGINT;

CREATE TABLE position (
    company TEXT COLLATE "C" NOT NULL,
    position TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    -- A JSON object: language to text.
    title TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, position, sequence)
);

ALTER TABLE spell ADD COLUMN position TEXT COLLATE "C";
-- 0: the person did not belong to the company on these days.
ALTER TABLE spell ADD COLUMN employed BIGINT NOT NULL DEFAULT 1;

ALTER TABLE department ADD COLUMN valid_from BIGINT NOT NULL DEFAULT -25567;
ALTER TABLE department ADD COLUMN valid_until BIGINT;
ALTER TABLE department ADD COLUMN closed BIGINT NOT NULL DEFAULT 0;

-- Who is meant when a source says "Value 1" on a day; without a person, nobody. Where the person was erased, the name
-- is only its digest, by which the same name is still recognised.
ALTER TABLE identity RENAME TO identity_without_days;
CREATE TABLE identity (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    external TEXT COLLATE "C" NOT NULL,
    hashed BIGINT NOT NULL,
    person TEXT COLLATE "C",
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    PRIMARY KEY (company, sequence)
);
CREATE INDEX identity_name ON identity (company, source, external);
INSERT INTO identity (company, sequence, source, external, hashed, person, valid_from)
    SELECT company, sequence, source, external, 0, person, -25567 FROM identity_without_days;
DROP TABLE identity_without_days;

-- Of the rows with one id the highest sequence counts. Never read by scoring.
CREATE TABLE absence (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    absence TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    kind TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    withdrawn BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);
CREATE INDEX absence_person ON absence (company, person);

CREATE TABLE customer (
    company TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C",
    PRIMARY KEY (company, customer, sequence)
);

-- Which employee looks after the customer; without an owner, nobody.
CREATE TABLE ownership (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C",
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    PRIMARY KEY (company, sequence)
);
CREATE INDEX ownership_customer ON ownership (company, customer);

-- A contact's name stands here and nowhere else. What plugins may know of contacts are facts of the kind "contact".
CREATE TABLE contact (
    company TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    erased_at BIGINT,
    PRIMARY KEY (company, contact)
);

-- What happened to a contact: came, was given another title, left. Of the rows of one event the highest sequence counts.
CREATE TABLE contact_event (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    event BIGINT NOT NULL,
    day BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    withdrawn BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);
CREATE INDEX contact_event_contact ON contact_event (company, contact);

-- The day after the last one that a change of the organisation touches; without one it touches all days from `day` on.
ALTER TABLE mark ADD COLUMN day_until BIGINT;

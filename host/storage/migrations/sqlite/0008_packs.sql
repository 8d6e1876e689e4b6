-- Mappings by name, as texts: the newest row of a name counts. Read when facts arrive, never by scoring.
CREATE TABLE mapping (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    mapping TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

-- Which packs were applied when, and by what content.
CREATE TABLE applied_pack (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    pack TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

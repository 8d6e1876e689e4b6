-- Mappings by name, as texts: the newest row of a name counts. Read when facts arrive, never by scoring.
CREATE TABLE mapping (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    mapping TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, sequence)
);

-- Which packs were applied when, and by what content.
CREATE TABLE applied_pack (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    pack TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);

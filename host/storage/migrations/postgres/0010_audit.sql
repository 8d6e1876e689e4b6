-- Who changed what, appended in the transaction of the change. The number is one of the company's sequence and follows
-- those of the rows that it tells of. Before and after are JSON with ids, days and values, and no names of people or
-- contacts.
CREATE TABLE audit (
    company TEXT COLLATE "C" NOT NULL,
    audit BIGINT NOT NULL,
    at BIGINT NOT NULL,
    author_kind TEXT COLLATE "C" NOT NULL,
    -- The id of a person, a token or a webhook; empty for the command line and the host.
    author TEXT COLLATE "C" NOT NULL,
    -- The id of the HTTP request, if there was one.
    request TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    before TEXT COLLATE "C",
    after TEXT COLLATE "C",
    PRIMARY KEY (company, audit)
);
CREATE INDEX audit_what ON audit (company, what, id, audit);
CREATE INDEX audit_author ON audit (company, author, audit);

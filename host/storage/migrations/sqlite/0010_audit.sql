-- Who changed what, appended in the transaction of the change. The number is one of the company's sequence and follows
-- those of the rows that it tells of. Before and after are JSON with ids, days and values, and no names of people or
-- contacts.
CREATE TABLE audit (
    company TEXT NOT NULL,
    audit BIGINT NOT NULL,
    at BIGINT NOT NULL,
    author_kind TEXT NOT NULL,
    -- The id of a person, a token or a webhook; empty for the command line and the host.
    author TEXT NOT NULL,
    -- The id of the HTTP request, if there was one.
    request TEXT,
    action TEXT NOT NULL,
    what TEXT NOT NULL,
    id TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (company, audit)
) WITHOUT ROWID;
CREATE INDEX audit_what ON audit (company, what, id, audit);
CREATE INDEX audit_author ON audit (company, author, audit);

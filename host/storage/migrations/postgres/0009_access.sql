-- Who is let in. Of every secret (session, link, token) only the SHA-256 digest is kept, of a password only its argon2id
-- hash. These rows are read by nothing that scores, so they have no number and may be changed.

-- The login is kept in lower case. Without a hash the person was invited and has not chosen a password yet.
CREATE TABLE account (
    company TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    login TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    -- Wrong passwords in a row.
    failed BIGINT NOT NULL,
    locked_until BIGINT,
    language TEXT COLLATE "C",
    theme TEXT COLLATE "C",
    PRIMARY KEY (company, person)
);
CREATE UNIQUE INDEX account_login ON account (company, login);

-- A secret is looked up before anybody knows of which company it is.
CREATE TABLE session (
    company TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- To the minute.
    last_seen_at BIGINT NOT NULL,
    client TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, session)
);
CREATE UNIQUE INDEX session_digest ON session (session);
CREATE INDEX session_person ON session (company, person);

-- At most one link of a person is kept: a new one takes the place of those before it.
CREATE TABLE access_link (
    company TEXT COLLATE "C" NOT NULL,
    link TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (company, link)
);
CREATE UNIQUE INDEX access_link_digest ON access_link (link);
CREATE INDEX access_link_person ON access_link (company, person);

CREATE TABLE api_token (
    company TEXT COLLATE "C" NOT NULL,
    token TEXT COLLATE "C" NOT NULL,
    secret TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- A JSON list of words.
    scopes TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    -- To the minute.
    last_used_at BIGINT,
    PRIMARY KEY (company, token)
);
CREATE UNIQUE INDEX api_token_secret ON api_token (secret);

-- The departments of an HR partner, each with those below it.
CREATE TABLE hr_department (
    company TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, person, department)
);

-- Whether the organisation changed since it was read is asked with every request.
CREATE INDEX department_sequence ON department (company, sequence);

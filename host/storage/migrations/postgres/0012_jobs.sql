-- Long work that somebody ordered. Read by nothing that scores, so a row changes while its work goes on.
CREATE TABLE job (
    company TEXT COLLATE "C" NOT NULL,
    -- One of the numbers of the company's sequence.
    job BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- What it is to do, as JSON.
    content TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    author_kind TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    -- Where to go on, as the work itself writes it.
    checkpoint TEXT COLLATE "C",
    result TEXT COLLATE "C",
    problem TEXT COLLATE "C",
    attempts BIGINT NOT NULL,
    -- A file that it needs, and the folder in which that is: only a host with this folder can do it.
    place TEXT COLLATE "C",
    file TEXT COLLATE "C",
    claimed_by TEXT COLLATE "C",
    claimed_until BIGINT,
    PRIMARY KEY (company, job)
);
CREATE INDEX job_state ON job (company, state, job);

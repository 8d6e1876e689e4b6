-- Long work that somebody ordered. Read by nothing that scores, so a row changes while its work goes on.
CREATE TABLE job (
    company TEXT NOT NULL,
    -- One of the numbers of the company's sequence.
    job BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- What it is to do, as JSON.
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    author TEXT NOT NULL,
    request TEXT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    -- Where to go on, as the work itself writes it.
    checkpoint TEXT,
    result TEXT,
    problem TEXT,
    attempts BIGINT NOT NULL,
    -- A file that it needs, and the folder in which that is: only a host with this folder can do it.
    place TEXT,
    file TEXT,
    claimed_by TEXT,
    claimed_until BIGINT,
    PRIMARY KEY (company, job)
) WITHOUT ROWID;
CREATE INDEX job_state ON job (company, state, job);

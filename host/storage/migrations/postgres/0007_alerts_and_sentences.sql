-- One call of an assistant, with everything that its alerts rest on.
CREATE TABLE assessment (
    company TEXT COLLATE "C" NOT NULL,
    batch BIGINT NOT NULL,
    enablement TEXT COLLATE "C" NOT NULL,
    -- The sequence of the enablement's row.
    revision BIGINT NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    interface TEXT COLLATE "C" NOT NULL,
    adapter TEXT COLLATE "C" NOT NULL,
    requirements TEXT COLLATE "C" NOT NULL,
    -- Days since 1970-01-01.
    assessed_on BIGINT NOT NULL,
    context TEXT COLLATE "C" NOT NULL,
    -- Everybody who was assessed, each with the digests of the rows given and of the alerts raised.
    subjects TEXT COLLATE "C" NOT NULL,
    known_to BIGINT NOT NULL,
    fuel BIGINT NOT NULL,
    engine TEXT COLLATE "C" NOT NULL,
    computed_at BIGINT NOT NULL,
    -- How many revisions of alerts it was stored with.
    revisions BIGINT NOT NULL,
    PRIMARY KEY (company, batch)
);

CREATE INDEX assessment_newest ON assessment (company, enablement, assessed_on, known_to);

-- Alerts. Every row is one revision; of an alert the row with the highest sequence counts. `alert` is the sequence of
-- its first row. An alert that comes back is another alert.
CREATE TABLE alert (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    alert BIGINT NOT NULL,
    enablement TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    alert_key TEXT COLLATE "C" NOT NULL,
    -- opened, updated, closed or planned
    event TEXT COLLATE "C" NOT NULL,
    -- The assessment that made the revision; none where a person made it, or where the use of the plugin ended.
    batch BIGINT,
    assessed_on BIGINT NOT NULL,
    -- The day of the assessment that opened the alert.
    opened_on BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    -- The person who made a task of its plan, and the task.
    recorded_by TEXT COLLATE "C",
    task TEXT COLLATE "C",
    subject_kind TEXT COLLATE "C" NOT NULL,
    risk DOUBLE PRECISION NOT NULL,
    priority DOUBLE PRECISION NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, sequence)
);

CREATE INDEX alert_revision ON alert (company, alert, sequence);
CREATE INDEX alert_subject ON alert (company, enablement, subject, sequence);
CREATE INDEX alert_batch ON alert (company, batch) WHERE batch IS NOT NULL;

-- Every assessment of everybody that came to its end, also one in which nobody was to be assessed.
CREATE TABLE assessed (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    enablement TEXT COLLATE "C" NOT NULL,
    assessed_on BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    -- The sequences of the enablement's rows that were in force.
    revisions TEXT COLLATE "C" NOT NULL,
    subjects BIGINT NOT NULL,
    computed_at BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);

CREATE INDEX assessed_newest ON assessed (company, enablement, assessed_on, known_to);

-- Assistants that have to assess again, each with the highest mark; `due` is the day from which it can change anything.
CREATE TABLE assessment_due (
    company TEXT COLLATE "C" NOT NULL,
    enablement TEXT COLLATE "C" NOT NULL,
    due BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    PRIMARY KEY (company, enablement, due)
);

-- One call of an insight plugin, with the charts it was shown.
CREATE TABLE narration (
    company TEXT COLLATE "C" NOT NULL,
    batch BIGINT NOT NULL,
    enablement TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    interface TEXT COLLATE "C" NOT NULL,
    adapter TEXT COLLATE "C" NOT NULL,
    narrated_on BIGINT NOT NULL,
    context TEXT COLLATE "C" NOT NULL,
    known_to BIGINT NOT NULL,
    fuel BIGINT NOT NULL,
    engine TEXT COLLATE "C" NOT NULL,
    computed_at BIGINT NOT NULL,
    -- How many sentences it was stored with.
    sentences BIGINT NOT NULL,
    PRIMARY KEY (company, batch)
);

-- Sentences under charts of twelve months. Appended only where something else is said than before under the chart that
-- ends with the same month; the row with the highest sequence counts. Without a sentence the plugin has nothing to say.
CREATE TABLE sentence (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    -- The first day of the chart's last month.
    month_first BIGINT NOT NULL,
    narrated_on BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    -- The chart word for word, and the sequences of the scores in it.
    chart TEXT COLLATE "C" NOT NULL,
    scores TEXT COLLATE "C" NOT NULL,
    sentence TEXT COLLATE "C",
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, sequence)
);

CREATE INDEX sentence_key ON sentence (company, indicator, month_first, subject, sequence);
CREATE INDEX sentence_batch ON sentence (company, batch);

-- What failed: an indicator, or an enablement of this kind.
ALTER TABLE fault ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'indicator';

-- One call of an assistant, with everything that its alerts rest on.
CREATE TABLE assessment (
    company TEXT NOT NULL,
    batch BIGINT NOT NULL,
    enablement TEXT NOT NULL,
    -- The sequence of the enablement's row.
    revision BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    component TEXT NOT NULL,
    interface TEXT NOT NULL,
    adapter TEXT NOT NULL,
    requirements TEXT NOT NULL,
    -- Days since 1970-01-01.
    assessed_on BIGINT NOT NULL,
    context TEXT NOT NULL,
    -- Everybody who was assessed, each with the digests of the rows given and of the alerts raised.
    subjects TEXT NOT NULL,
    known_to BIGINT NOT NULL,
    fuel BIGINT NOT NULL,
    engine TEXT NOT NULL,
    computed_at BIGINT NOT NULL,
    -- How many revisions of alerts it was stored with.
    revisions BIGINT NOT NULL,
    PRIMARY KEY (company, batch)
) WITHOUT ROWID;

CREATE INDEX assessment_newest ON assessment (company, enablement, assessed_on, known_to);

-- Alerts. Every row is one revision; of an alert the row with the highest sequence counts. `alert` is the sequence of
-- its first row. An alert that comes back is another alert.
CREATE TABLE alert (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    alert BIGINT NOT NULL,
    enablement TEXT NOT NULL,
    subject TEXT NOT NULL,
    alert_key TEXT NOT NULL,
    -- opened, updated, closed or planned
    event TEXT NOT NULL,
    -- The assessment that made the revision; none where a person made it, or where the use of the plugin ended.
    batch BIGINT,
    assessed_on BIGINT NOT NULL,
    -- The day of the assessment that opened the alert.
    opened_on BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    -- The person who made a task of its plan, and the task.
    recorded_by TEXT,
    task TEXT,
    subject_kind TEXT NOT NULL,
    risk DOUBLE PRECISION NOT NULL,
    priority DOUBLE PRECISION NOT NULL,
    content TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE INDEX alert_revision ON alert (company, alert, sequence);
CREATE INDEX alert_subject ON alert (company, enablement, subject, sequence);
CREATE INDEX alert_batch ON alert (company, batch) WHERE batch IS NOT NULL;

-- Every assessment of everybody that came to its end, also one in which nobody was to be assessed.
CREATE TABLE assessed (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    enablement TEXT NOT NULL,
    assessed_on BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    -- The sequences of the enablement's rows that were in force.
    revisions TEXT NOT NULL,
    subjects BIGINT NOT NULL,
    computed_at BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE INDEX assessed_newest ON assessed (company, enablement, assessed_on, known_to);

-- Assistants that have to assess again, each with the highest mark; `due` is the day from which it can change anything.
CREATE TABLE assessment_due (
    company TEXT NOT NULL,
    enablement TEXT NOT NULL,
    due BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    PRIMARY KEY (company, enablement, due)
) WITHOUT ROWID;

-- One call of an insight plugin, with the charts it was shown.
CREATE TABLE narration (
    company TEXT NOT NULL,
    batch BIGINT NOT NULL,
    enablement TEXT NOT NULL,
    revision BIGINT NOT NULL,
    component TEXT NOT NULL,
    interface TEXT NOT NULL,
    adapter TEXT NOT NULL,
    narrated_on BIGINT NOT NULL,
    context TEXT NOT NULL,
    known_to BIGINT NOT NULL,
    fuel BIGINT NOT NULL,
    engine TEXT NOT NULL,
    computed_at BIGINT NOT NULL,
    -- How many sentences it was stored with.
    sentences BIGINT NOT NULL,
    PRIMARY KEY (company, batch)
) WITHOUT ROWID;

-- Sentences under charts of twelve months. Appended only where something else is said than before under the chart that
-- ends with the same month; the row with the highest sequence counts. Without a sentence the plugin has nothing to say.
CREATE TABLE sentence (
    company TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    indicator TEXT NOT NULL,
    -- The first day of the chart's last month.
    month_first BIGINT NOT NULL,
    narrated_on BIGINT NOT NULL,
    known_to BIGINT NOT NULL,
    -- The chart word for word, and the sequences of the scores in it.
    chart TEXT NOT NULL,
    scores TEXT NOT NULL,
    sentence TEXT,
    digest TEXT NOT NULL,
    PRIMARY KEY (company, sequence)
) WITHOUT ROWID;

CREATE INDEX sentence_key ON sentence (company, indicator, month_first, subject, sequence);
CREATE INDEX sentence_batch ON sentence (company, batch);

-- What failed: an indicator, or an enablement of this kind.
ALTER TABLE fault ADD COLUMN kind TEXT NOT NULL DEFAULT 'indicator';

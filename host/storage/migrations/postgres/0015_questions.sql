-- Questions about numbers. A question keeps the number that it is about, as it was then; what people write about it are
-- entries. Rows are only ever appended; the name of somebody who is erased is taken out of the texts.
CREATE TABLE question (
    company TEXT COLLATE "C" NOT NULL,
    -- Of the first entry.
    sequence BIGINT NOT NULL,
    question TEXT COLLATE "C" NOT NULL,
    asked_by TEXT COLLATE "C" NOT NULL,
    -- score or composite
    number_kind TEXT COLLATE "C" NOT NULL,
    -- The number of the score or the composite in the one sequence.
    number BIGINT NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    -- Of scores only.
    indicator TEXT COLLATE "C",
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    -- As they were; none where they could not be computed.
    raw DOUBLE PRECISION,
    points DOUBLE PRECISION,
    PRIMARY KEY (company, sequence)
);
CREATE UNIQUE INDEX question_id ON question (company, question);
CREATE INDEX question_number ON question (company, number, sequence);
CREATE INDEX question_subject ON question (company, subject, sequence);
CREATE INDEX question_asked_by ON question (company, asked_by, sequence);
CREATE TABLE question_entry (
    company TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    -- The sequence of the question.
    question BIGINT NOT NULL,
    -- What made this entry: asked, answered or closed.
    event TEXT COLLATE "C" NOT NULL,
    -- How the question stands from then on: open, answered or closed.
    state TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (company, sequence)
);
CREATE INDEX question_entry_question ON question_entry (company, question, sequence);
CREATE TABLE question_person (
    company TEXT COLLATE "C" NOT NULL,
    -- The sequence of the question.
    question BIGINT NOT NULL,
    -- The sequence of the entry.
    sequence BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    -- put-to or mentioned
    role TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company, question, sequence, person, role)
);
CREATE INDEX question_person_person ON question_person (company, person, role, question);

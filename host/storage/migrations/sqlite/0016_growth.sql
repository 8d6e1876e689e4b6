-- How often somebody looked at their own growth map, week by week. Not numbered: no score rests on it, and it is read only
-- by its own person or as a mean over many.
CREATE TABLE growth_view (
    company TEXT NOT NULL,
    person TEXT NOT NULL,
    -- The Monday of the week, as days since 1970-01-01.
    week BIGINT NOT NULL,
    views BIGINT NOT NULL,
    -- When the last one that counted was.
    viewed_at BIGINT NOT NULL,
    PRIMARY KEY (company, person, week)
) WITHOUT ROWID;

CREATE INDEX growth_view_week ON growth_view (company, week, person, views);

-- What people gave and got: feedback, contributions and tasks done. There are few of these facts, so they have indexes of
-- their own. The list stands in storage/recognition.rs as well, word for word.
CREATE INDEX fact_recognised ON fact (company, actor, occurred_at, sequence)
    WHERE kind IN ('contribution', 'feedback', 'feedback.given', 'feedback.received', 'task.done');
CREATE INDEX fact_recognised_newest ON fact (company, sequence)
    WHERE kind IN ('contribution', 'feedback', 'feedback.given', 'feedback.received', 'task.done');

-- The goals of one subject, and those of everybody who has none.
CREATE INDEX goal_subject ON goal (company, subject, sequence);

-- What is open about one subject, whichever assistant found it.
CREATE INDEX alert_about ON alert (company, subject, sequence);

-- A replaced row's kind and time stand beside the row that replaces it, so that reading one kind looks up only what was
-- replaced of that kind and time.
ALTER TABLE fact ADD COLUMN replaced_kind TEXT COLLATE "C";
ALTER TABLE fact ADD COLUMN replaced_at BIGINT;
UPDATE fact SET
    replaced_kind = (SELECT earlier.kind FROM fact AS earlier
        WHERE earlier.company = fact.company AND earlier.sequence = fact.replaces),
    replaced_at = (SELECT earlier.occurred_at FROM fact AS earlier
        WHERE earlier.company = fact.company AND earlier.sequence = fact.replaces)
    WHERE replaces IS NOT NULL;
DROP INDEX fact_replaces;
CREATE INDEX fact_replaces ON fact (company, replaced_kind, replaced_at, sequence, replaces) WHERE replaces IS NOT NULL;

-- The current score of a key is the one that knew most, and of those the newest: two hosts may append in another order
-- than that in which they began.
ALTER TABLE score ADD COLUMN known_to BIGINT NOT NULL DEFAULT 0;
UPDATE score SET known_to = (SELECT batch.known_to FROM batch
    WHERE batch.company = score.company AND batch.batch = score.batch);
DROP INDEX score_key;
CREATE INDEX score_key ON score (company, indicator, period_first, period_end, subject, known_to, sequence);

-- One row for each indicator and period with stale keys: what a scorer claims. A claim ends by itself, so that the work
-- of a host that died is taken up by another.
CREATE TABLE work (
    company TEXT COLLATE "C" NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    period_first BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    claimed_by TEXT COLLATE "C",
    claimed_until BIGINT,
    PRIMARY KEY (company, indicator, period_first, period_end)
);

INSERT INTO work (company, indicator, period_first, period_end)
    SELECT DISTINCT company, indicator, period_first, period_end FROM stale;

-- Webhooks of other systems. Read when something is delivered, never by scoring.
CREATE TABLE webhook (
    company TEXT NOT NULL,
    webhook TEXT NOT NULL,
    name TEXT NOT NULL,
    mapping TEXT NOT NULL,
    skip_bad_facts BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    -- To the minute.
    last_used_at BIGINT,
    PRIMARY KEY (company, webhook)
) WITHOUT ROWID;

-- The secrets themselves, because a signature can be checked by nothing less. Nothing else reads this table.
CREATE TABLE webhook_secret (
    company TEXT NOT NULL,
    webhook TEXT NOT NULL,
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (company, webhook, secret)
) WITHOUT ROWID;

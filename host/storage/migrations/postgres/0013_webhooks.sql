-- Webhooks of other systems. Read when something is delivered, never by scoring.
CREATE TABLE webhook (
    company TEXT COLLATE "C" NOT NULL,
    webhook TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    mapping TEXT COLLATE "C" NOT NULL,
    skip_bad_facts BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    -- To the minute.
    last_used_at BIGINT,
    PRIMARY KEY (company, webhook)
);

-- The secrets themselves, because a signature can be checked by nothing less. Nothing else reads this table.
CREATE TABLE webhook_secret (
    company TEXT COLLATE "C" NOT NULL,
    webhook TEXT COLLATE "C" NOT NULL,
    secret TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (company, webhook, secret)
);

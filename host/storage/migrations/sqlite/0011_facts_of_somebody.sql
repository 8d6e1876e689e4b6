-- A person's or a customer's facts, newest first: what a page about them begins with.
CREATE INDEX fact_actor ON fact (company, actor, occurred_at, sequence) WHERE actor IS NOT NULL;
CREATE INDEX fact_customer ON fact (company, customer, occurred_at, sequence) WHERE customer IS NOT NULL;

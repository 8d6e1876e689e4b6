-- People who were erased are few, and looked for whenever somebody's day is read.
CREATE INDEX person_erased ON person (company) WHERE erased_at IS NOT NULL;

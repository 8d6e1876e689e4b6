-- What a person's day begins with: the open tasks, and the numbers of the newest rows by which a host sees whether what it
-- holds ready is still true.
CREATE INDEX task_participant_person ON task_participant (company, person, sequence);
CREATE INDEX composite_employee ON composite (company, employee, sequence);
CREATE INDEX sentence_subject ON sentence (company, subject, sequence);
CREATE INDEX fault_subject ON fault (company, subject, sequence);

-- What stands on a label: LabelV1, JSON, as it was when the label was asked for. NULL for jobs that
-- have a subject.
ALTER TABLE print_job ADD COLUMN body TEXT;

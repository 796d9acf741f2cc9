-- How much of what a source lists is kept, and how new its newest post is.
ALTER TABLE source_run ADD COLUMN stored INTEGER;
COMMENT ON COLUMN source_run.stored IS '목록의 공고 가운데 문서로 보관된 건수 | Of the listed announcements, those that a document is kept of';
ALTER TABLE source_run ADD COLUMN newest DATE;
COMMENT ON COLUMN source_run.newest IS '목록에서 가장 새로운 공고의 날짜 | Day of the newest post in the list';

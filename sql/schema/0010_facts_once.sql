-- What was extracted stands once, in the versions and their facts; a document is an observation and names its archive record.
-- Versions of equal content share the reading of the latest run.
UPDATE announcement_version SET document_key = r.document_key
FROM (SELECT announcement_key, content_hash, arg_max(document_key, (read_at, retrieved_at, document_key)) AS document_key
      FROM document WHERE record IS NOT NULL GROUP BY ALL) AS r
WHERE r.announcement_key = announcement_version.announcement_key AND r.content_hash = announcement_version.content_hash;
ALTER TABLE document DROP COLUMN record;
ALTER TABLE document DROP COLUMN text;
ALTER TABLE announcement_version ADD COLUMN kind_evidence VARCHAR;
COMMENT ON COLUMN announcement_version.kind_evidence IS '문서 종류를 정한 문구 | The words that decided the kind';
ALTER TABLE announcement_version ADD COLUMN relevant_evidence VARCHAR;
COMMENT ON COLUMN announcement_version.relevant_evidence IS '관련 여부를 정한 문구 | The words that decided whether it is about a public AI programme';
DROP MACRO plain;
-- A fact is known by its version, its kind and its place in the record.
CREATE MACRO fact_key(version, kind, place) AS version || ':' || kind || ':' || place;
CREATE MACRO fact_place(fact) AS substr(fact, strpos(fact, ':'));

-- What people say against facts: each entry of the file of corrections, and each fact that it changed or silenced, with what was
-- read there. Facts say themselves that they were corrected.
CREATE TABLE correction (
    place INTEGER NOT NULL,
    line INTEGER NOT NULL,
    announcement VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    announcement_key VARCHAR,
    fact VARCHAR NOT NULL,
    words VARCHAR NOT NULL,
    found JSON NOT NULL,
    correct JSON,
    corrected_by VARCHAR NOT NULL,
    corrected_on DATE NOT NULL,
    why VARCHAR NOT NULL,
    facts INTEGER NOT NULL
);
COMMENT ON TABLE correction IS '사람이 고치거나 숨긴 사실: 정정 파일의 항목마다 한 행 | Facts that people corrected or silenced, one row an entry of the file of corrections';
COMMENT ON COLUMN correction.place IS '파일에서의 차례(1부터) | Place in the file, from 1';
COMMENT ON COLUMN correction.line IS '파일에서의 줄 | Line of the file';
COMMENT ON COLUMN correction.announcement IS '공고(수집처/번호) | Announcement as source/number';
COMMENT ON COLUMN correction.source IS '수집처 | Source';
COMMENT ON COLUMN correction.announcement_key IS '공고 키(수집된 경우) | Key of the announcement, if it was collected';
COMMENT ON COLUMN correction.fact IS '사실의 종류 | Kind of fact';
COMMENT ON COLUMN correction.words IS '근거 문구 | The words of its evidence';
COMMENT ON COLUMN correction.found IS '읽힌 값 | What was read';
COMMENT ON COLUMN correction.correct IS '고친 값(비어 있으면 숨김) | What is right; empty if the fact is silenced';
COMMENT ON COLUMN correction.corrected_by IS '고친 사람 | Who says so';
COMMENT ON COLUMN correction.corrected_on IS '고친 날 | The day it was said';
COMMENT ON COLUMN correction.why IS '까닭 | Why';
COMMENT ON COLUMN correction.facts IS '맞는 사실의 수(모든 판) | Facts that match, in all versions';

CREATE TABLE fact_correction (
    fact_id VARCHAR NOT NULL,
    fact_table VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    place INTEGER NOT NULL,
    silenced BOOLEAN NOT NULL,
    was JSON NOT NULL,
    becomes JSON NOT NULL,
    told VARCHAR NOT NULL
);
COMMENT ON TABLE fact_correction IS '고치거나 숨긴 사실과 본래 읽힌 값 | Each fact that was corrected or silenced, with what was read there';
COMMENT ON COLUMN fact_correction.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_correction.fact_table IS '사실이 실린 표 | Table of the fact';
COMMENT ON COLUMN fact_correction.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_correction.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_correction.place IS '정정 항목의 차례(correction.place) | Place of the entry in the file, as correction.place';
COMMENT ON COLUMN fact_correction.silenced IS '숨겼는지 | Whether it is silenced';
COMMENT ON COLUMN fact_correction.was IS '본래 읽힌 행 | The row as it was read';
COMMENT ON COLUMN fact_correction.becomes IS '고친 행 | The row as it was corrected';
COMMENT ON COLUMN fact_correction.told IS '누가 언제 왜 무엇을 고쳤나 | Who corrected what, when and why';

ALTER TABLE fact_region ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_region.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';
ALTER TABLE fact_sector ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_sector.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';
ALTER TABLE fact_programme ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_programme.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';
ALTER TABLE fact_amount ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_amount.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';
ALTER TABLE fact_application ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_application.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';
ALTER TABLE fact_quantity ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_quantity.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';
ALTER TABLE fact_organisation ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_organisation.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';
ALTER TABLE fact_metric ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_metric.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';
ALTER TABLE fact_eligibility ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_eligibility.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';
ALTER TABLE fact_contact ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN fact_contact.corrected IS '사람이 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected it: who, when, why and what';

CREATE MACRO same_value(one, other) AS
    one IS NOT DISTINCT FROM other OR coalesce(try_cast(one AS DOUBLE) = try_cast(other AS DOUBLE), FALSE);
CREATE MACRO replace_whole(name, old, new) AS CASE WHEN name = old THEN new ELSE name END;

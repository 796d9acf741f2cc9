-- What the checks found at the last publication, so that readers see it beside the figures.
CREATE TABLE check_result (
    name VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    rows_found INTEGER NOT NULL,
    sample JSON
);
COMMENT ON TABLE check_result IS '마지막 공개 때 점검에서 걸린 것 | What the checks found at the last publication';
COMMENT ON COLUMN check_result.name IS '점검 이름 | Name of the check';
COMMENT ON COLUMN check_result.severity IS '심각도(block, warn) | Severity: block or warn';
COMMENT ON COLUMN check_result.what IS '내용 | What is wrong';
COMMENT ON COLUMN check_result.rows_found IS '걸린 행 수 | Rows that break the rule';
COMMENT ON COLUMN check_result.sample IS '처음 몇 행 | The first few rows';
-- Bodies whose name and short form, as a text writes them, belong to two.
CREATE TABLE organisation_slip (
    fact_id VARCHAR NOT NULL,
    written VARCHAR NOT NULL,
    acronym VARCHAR NOT NULL,
    meant VARCHAR NOT NULL
);
COMMENT ON TABLE organisation_slip IS '이름과 약칭이 어긋난 기관 표기(약칭을 따름) | Names that do not go with their acronym; the acronym decides';
COMMENT ON COLUMN organisation_slip.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN organisation_slip.written IS '적힌 이름 | Name as written';
COMMENT ON COLUMN organisation_slip.acronym IS '적힌 약칭 | Acronym as written';
COMMENT ON COLUMN organisation_slip.meant IS '약칭의 기관 | Body of that acronym';

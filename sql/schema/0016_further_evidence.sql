-- A fact that page and attachment both state stands once; here are its further words, what was contradicted, and where in a file a fact stands.
CREATE TABLE fact_also (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR
);
COMMENT ON TABLE fact_also IS '같은 사실을 말하는 다른 근거(본문과 첨부) | Further words that state the same fact, in the page or in an attachment';
COMMENT ON COLUMN fact_also.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_also.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_also.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_also.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_also.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_also.evidence_quote IS '근거 문구 | The words of the evidence';
CREATE TABLE fact_contradicted (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    instead VARCHAR NOT NULL,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR
);
COMMENT ON TABLE fact_contradicted IS '본문과 첨부가 어긋난 값(택하지 않은 쪽) | Where page and attachment contradict each other: the value that was not taken';
COMMENT ON COLUMN fact_contradicted.fact_id IS '택한 사실의 키 | Key of the fact that was taken';
COMMENT ON COLUMN fact_contradicted.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_contradicted.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_contradicted.field IS '무엇에 대한 값인지(closes_at, amount total 등) | What the value is of: closes_at, amount total and so on';
COMMENT ON COLUMN fact_contradicted.value IS '택하지 않은 값 | The value that was not taken';
COMMENT ON COLUMN fact_contradicted.instead IS '택한 값 | The value that was taken';
COMMENT ON COLUMN fact_contradicted.evidence_start IS '택하지 않은 값의 근거 시작 위치 | Start of the words that state the value not taken';
COMMENT ON COLUMN fact_contradicted.evidence_end IS '근거 끝 위치(미포함) | End of these words, exclusive';
COMMENT ON COLUMN fact_contradicted.evidence_quote IS '택하지 않은 값의 근거 문구 | The words that state the value not taken';
ALTER TABLE attachment ADD COLUMN places STRUCT("start" INTEGER, place VARCHAR)[];
COMMENT ON COLUMN attachment.places IS '사실의 근거가 있는 쪽·표 칸(본문 시작 위치별) | Page or table cell of each evidence in this file, by its start in the text';
-- p3 is a page, t2r3c1 a cell of the second table, 공고!B12 one of a sheet; of a file in a ZIP its name and # stand before.
CREATE MACRO place_name(place) AS CASE WHEN place LIKE '%#%' THEN regexp_extract(place, '^(.*)#', 1) || ' ' ELSE '' END
    || regexp_replace(regexp_replace(regexp_extract(place, '[^#]*$'), '^p(\d+)$', '\1쪽'), '^t(\d+)r(\d+)c(\d+)$', '표 \1의 \2행 \3열');

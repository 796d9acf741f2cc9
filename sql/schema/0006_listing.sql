-- Every row of the lists, fetched or not; what was looked at again; what is no longer there.
CREATE TABLE listing (
    announcement_key VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    native_id VARCHAR NOT NULL,
    url VARCHAR,
    title VARCHAR,
    posted_on DATE,
    opens_on DATE,
    closes_on DATE,
    listed JSON,
    net VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    "at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE listing IS '목록에서 본 공고(새로 보았거나 바뀌었거나 사라졌을 때마다 한 행) | A row of a list, one observation each time it was new, changed or gone';
COMMENT ON COLUMN listing.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN listing.batch_id IS '배치 식별자 | Id of the batch';
COMMENT ON COLUMN listing.source IS '수집처 | Source';
COMMENT ON COLUMN listing.native_id IS '사이트 고유 번호 | The site''s own number';
COMMENT ON COLUMN listing.url IS '주소 | Address';
COMMENT ON COLUMN listing.title IS '목록의 제목 | Title in the list';
COMMENT ON COLUMN listing.posted_on IS '게시일 | Day of posting';
COMMENT ON COLUMN listing.opens_on IS '접수 시작일 | First day of application';
COMMENT ON COLUMN listing.closes_on IS '접수 마감일 | Last day of application';
COMMENT ON COLUMN listing.listed IS '목록 행의 값 | Values of the list row';
COMMENT ON COLUMN listing.net IS '가져온 이유(likely, sample, revisit) 또는 left(가져오지 않음) | Why it was fetched (likely, sample, revisit), or left: it was not';
COMMENT ON COLUMN listing.state IS '상태(listed, vanished) | State: listed, vanished';
COMMENT ON COLUMN listing."at" IS '본 시각 | When it was seen';
ALTER TABLE source_run ADD COLUMN left_out INTEGER;
COMMENT ON COLUMN source_run.left_out IS '목록만 기록하고 가져오지 않은 공고 수 | Rows recorded without their page';
ALTER TABLE source_run ADD COLUMN revisited INTEGER;
COMMENT ON COLUMN source_run.revisited IS '다시 확인한 접수중 공고 수 | Open announcements whose page was looked at again';
ALTER TABLE source_run ADD COLUMN unchanged INTEGER;
COMMENT ON COLUMN source_run.unchanged IS '달라지지 않은 공고 수 | Pages that say what they said';
ALTER TABLE source_run ADD COLUMN vanished INTEGER;
COMMENT ON COLUMN source_run.vanished IS '사라진 공고 수 | Pages that are no longer there';

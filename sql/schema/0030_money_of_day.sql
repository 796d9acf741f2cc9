-- What each document gave to the money of a region, as it was checked last on each of two days: what moved it since is told.
CREATE TABLE money_of_day (
    day DATE NOT NULL,
    announcement_key VARCHAR NOT NULL,
    region VARCHAR,
    year VARCHAR,
    role VARCHAR,
    krw BIGINT
);
COMMENT ON TABLE money_of_day IS '어제와 오늘의 금액: 문서마다 지역·연도·재원에 보탠 금액 | What each document gives to the money of a region, today and on the last day before';
COMMENT ON COLUMN money_of_day.day IS '점검한 날(서울) | Day of the check, in Seoul';
COMMENT ON COLUMN money_of_day.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN money_of_day.region IS '지역 | Region';
COMMENT ON COLUMN money_of_day."year" IS '연도 | Year';
COMMENT ON COLUMN money_of_day.role IS '재원 | Funding source';
COMMENT ON COLUMN money_of_day.krw IS '금액(원) | Amount in KRW';

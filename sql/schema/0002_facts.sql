-- One table a kind of fact, each row with its evidence.

CREATE TABLE fact_region (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    sido VARCHAR,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_region IS '사실: 지역 | Fact: region';
COMMENT ON COLUMN fact_region.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_region.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_region.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_region.name IS '지역 이름(시도 또는 시도 시군구) | 시도, or 시도 with 시군구';
COMMENT ON COLUMN fact_region.sido IS '시도 약칭 | Short name of the 시도';
COMMENT ON COLUMN fact_region.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_region.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_region.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_region.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

CREATE TABLE fact_sector (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    sector VARCHAR NOT NULL,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_sector IS '사실: 분야 | Fact: sector';
COMMENT ON COLUMN fact_sector.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_sector.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_sector.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_sector.sector IS '산업 분야 | Sector';
COMMENT ON COLUMN fact_sector.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_sector.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_sector.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_sector.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

CREATE TABLE fact_programme (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    name_norm VARCHAR,
    aliases VARCHAR[],
    type VARCHAR,
    status VARCHAR,
    starts VARCHAR,
    ends VARCHAR,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_programme IS '사실: 사업 | Fact: programme';
COMMENT ON COLUMN fact_programme.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_programme.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_programme.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_programme.name IS '사업 이름 | Name of the programme';
COMMENT ON COLUMN fact_programme.name_norm IS '정규화한 이름 | Normalised name';
COMMENT ON COLUMN fact_programme.aliases IS '다른 이름 | Other names';
COMMENT ON COLUMN fact_programme.type IS '사업 유형 | Type';
COMMENT ON COLUMN fact_programme.status IS '추진 상태 | Status';
COMMENT ON COLUMN fact_programme.starts IS '사업 시작(적힌 정밀도) | Start, as fine as stated';
COMMENT ON COLUMN fact_programme.ends IS '사업 끝(적힌 정밀도) | End, as fine as stated';
COMMENT ON COLUMN fact_programme.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_programme.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_programme.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_programme.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

CREATE TABLE fact_amount (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    krw BIGINT NOT NULL,
    role VARCHAR,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_amount IS '사실: 금액 | Fact: amount of money';
COMMENT ON COLUMN fact_amount.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_amount.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_amount.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_amount.krw IS '금액(원) | Amount in KRW';
COMMENT ON COLUMN fact_amount.role IS '재원·성격(total, national, local, private, …) | Purse or role: total, national, local, private, …';
COMMENT ON COLUMN fact_amount.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_amount.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_amount.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_amount.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

CREATE TABLE fact_application (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    edge VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    day DATE,
    time TIME,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_application IS '사실: 접수 기간 | Fact: application window';
COMMENT ON COLUMN fact_application.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_application.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_application.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_application.edge IS '시작 또는 마감(opens_at, closes_at) | Which end: opens_at or closes_at';
COMMENT ON COLUMN fact_application.value IS '적힌 값 | The value as extracted';
COMMENT ON COLUMN fact_application.day IS '날짜 | Day';
COMMENT ON COLUMN fact_application.time IS '시각 | Hour';
COMMENT ON COLUMN fact_application.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_application.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_application.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_application.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

CREATE TABLE fact_quantity (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    unit VARCHAR,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_quantity IS '사실: 수량 | Fact: quantity';
COMMENT ON COLUMN fact_quantity.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_quantity.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_quantity.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_quantity.value IS '수 | Count';
COMMENT ON COLUMN fact_quantity.unit IS '단위 | Unit';
COMMENT ON COLUMN fact_quantity.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_quantity.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_quantity.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_quantity.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

CREATE TABLE fact_organisation (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    name_norm VARCHAR,
    aliases VARCHAR[],
    role VARCHAR,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_organisation IS '사실: 기관 | Fact: organisation';
COMMENT ON COLUMN fact_organisation.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_organisation.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_organisation.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_organisation.name IS '기관 이름 | Name';
COMMENT ON COLUMN fact_organisation.name_norm IS '정규화한 이름 | Normalised name';
COMMENT ON COLUMN fact_organisation.aliases IS '다른 이름 | Other names';
COMMENT ON COLUMN fact_organisation.role IS '역할 | Role';
COMMENT ON COLUMN fact_organisation.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_organisation.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_organisation.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_organisation.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

CREATE TABLE fact_metric (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    name VARCHAR,
    value DOUBLE NOT NULL,
    unit VARCHAR,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_metric IS '사실: 지표 | Fact: metric';
COMMENT ON COLUMN fact_metric.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_metric.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_metric.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_metric.name IS '지표 이름 | Name of the metric';
COMMENT ON COLUMN fact_metric.value IS '값 | Value';
COMMENT ON COLUMN fact_metric.unit IS '단위 | Unit';
COMMENT ON COLUMN fact_metric.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_metric.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_metric.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_metric.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

CREATE TABLE fact_eligibility (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_eligibility IS '사실: 자격 | Fact: eligibility';
COMMENT ON COLUMN fact_eligibility.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_eligibility.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_eligibility.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_eligibility.rule IS '조건(max_company_age_years, company_size) | Rule: max_company_age_years or company_size';
COMMENT ON COLUMN fact_eligibility.value IS '값 | Value';
COMMENT ON COLUMN fact_eligibility.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_eligibility.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_eligibility.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_eligibility.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

CREATE TABLE fact_contact (
    fact_id VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    evidence_start INTEGER,
    evidence_end INTEGER,
    evidence_quote VARCHAR,
    evidence_field VARCHAR
);
COMMENT ON TABLE fact_contact IS '사실: 연락처 | Fact: contact';
COMMENT ON COLUMN fact_contact.fact_id IS '사실 키 | Key of the fact';
COMMENT ON COLUMN fact_contact.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN fact_contact.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN fact_contact.channel IS '통로(phone, email) | Channel: phone or email';
COMMENT ON COLUMN fact_contact.value IS '번호 또는 주소 | Number or address';
COMMENT ON COLUMN fact_contact.evidence_start IS '근거 시작 위치(본문 글자 기준, 0부터) | Start of the evidence in the text, in characters from 0';
COMMENT ON COLUMN fact_contact.evidence_end IS '근거 끝 위치(미포함) | End of the evidence, exclusive';
COMMENT ON COLUMN fact_contact.evidence_quote IS '근거 문구 | The words of the evidence';
COMMENT ON COLUMN fact_contact.evidence_field IS '본문이 아닌 목록·메타 항목에서 온 근거의 항목 이름 | Name of the metadata field, where the evidence is not in the text';

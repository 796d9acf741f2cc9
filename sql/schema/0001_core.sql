-- Sources, runs, documents, announcements and their versions. No keys or unique indexes: they make updates slow; checks guard uniqueness.

CREATE TABLE source (
    source VARCHAR NOT NULL,
    name_ko VARCHAR,
    name_en VARCHAR,
    operator VARCHAR,
    region VARCHAR,
    home VARCHAR,
    family VARCHAR
);
COMMENT ON TABLE source IS '수집처 | A site that is collected';
COMMENT ON COLUMN source.source IS '수집처 식별자 | Id of the source';
COMMENT ON COLUMN source.name_ko IS '이름(한국어) | Name in Korean';
COMMENT ON COLUMN source.name_en IS '이름(영어) | Name in English';
COMMENT ON COLUMN source.operator IS '운영 기관 | Who runs the site';
COMMENT ON COLUMN source.region IS '관할 시도 약칭 또는 전국 | Short name of the 시도, or 전국';
COMMENT ON COLUMN source.home IS '누리집 주소 | Address of the site';
COMMENT ON COLUMN source.family IS '어댑터 계열 | Adapter family';

CREATE TABLE source_run (
    batch_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    state VARCHAR NOT NULL,
    pages INTEGER,
    listed INTEGER,
    new_count INTEGER,
    changed INTEGER,
    fetched INTEGER,
    extracted INTEGER,
    failed INTEGER,
    complete BOOLEAN,
    errors JSON
);
COMMENT ON TABLE source_run IS '수집 실행 기록 | What one run of one source did';
COMMENT ON COLUMN source_run.batch_id IS '배치 식별자 | Id of the batch';
COMMENT ON COLUMN source_run.source IS '수집처 | Source';
COMMENT ON COLUMN source_run.run_id IS '실행 식별자 | Id of the run';
COMMENT ON COLUMN source_run.started_at IS '시작 시각 | Start';
COMMENT ON COLUMN source_run.finished_at IS '종료 시각 | End';
COMMENT ON COLUMN source_run.state IS '결과 상태(ok, partial, failed, skipped) | Outcome: ok, partial, failed, skipped';
COMMENT ON COLUMN source_run.pages IS '읽은 목록 쪽수 | List pages read';
COMMENT ON COLUMN source_run.listed IS '목록에서 본 건수 | Rows seen in lists';
COMMENT ON COLUMN source_run.new_count IS '새 공고 수 | New announcements';
COMMENT ON COLUMN source_run.changed IS '바뀐 공고 수 | Changed announcements';
COMMENT ON COLUMN source_run.fetched IS '내려받은 건수 | Pages fetched';
COMMENT ON COLUMN source_run.extracted IS '추출한 건수 | Documents extracted';
COMMENT ON COLUMN source_run.failed IS '실패 건수 | Failures';
COMMENT ON COLUMN source_run.complete IS '목록 끝까지 보았는지 | Whether the list was walked to its end';
COMMENT ON COLUMN source_run.errors IS '오류 목록 | List of errors';

CREATE TABLE "fetch" (
    batch_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    url VARCHAR,
    purpose VARCHAR,
    "at" TIMESTAMPTZ,
    outcome VARCHAR,
    status INTEGER,
    bytes BIGINT,
    milliseconds BIGINT,
    warc_file VARCHAR,
    warc_record VARCHAR,
    error VARCHAR
);
COMMENT ON TABLE "fetch" IS '요청 한 건의 기록 | One exchange with a site';
COMMENT ON COLUMN "fetch".batch_id IS '배치 식별자 | Id of the batch';
COMMENT ON COLUMN "fetch".source IS '수집처 | Source';
COMMENT ON COLUMN "fetch".run_id IS '실행 식별자 | Id of the run';
COMMENT ON COLUMN "fetch".url IS '주소 | Address';
COMMENT ON COLUMN "fetch".purpose IS '목적(robots, list, detail, file) | Purpose: robots, list, detail, file';
COMMENT ON COLUMN "fetch"."at" IS '요청 시각 | Time of the request';
COMMENT ON COLUMN "fetch".outcome IS '결과 | Outcome';
COMMENT ON COLUMN "fetch".status IS 'HTTP 상태 | HTTP status';
COMMENT ON COLUMN "fetch".bytes IS '크기(바이트) | Size in bytes';
COMMENT ON COLUMN "fetch".milliseconds IS '걸린 시간(밀리초) | Wall time in milliseconds';
COMMENT ON COLUMN "fetch".warc_file IS '보관 파일 | Archive file';
COMMENT ON COLUMN "fetch".warc_record IS '보관 레코드 식별자 | Id of the archive record';
COMMENT ON COLUMN "fetch".error IS '오류 내용 | Error message';

CREATE TABLE document (
    document_key VARCHAR NOT NULL,
    announcement_key VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    native_id VARCHAR NOT NULL,
    url VARCHAR,
    title VARCHAR,
    retrieved_at TIMESTAMPTZ NOT NULL,
    content_hash VARCHAR NOT NULL,
    read_at TIMESTAMPTZ,
    outcome VARCHAR NOT NULL,
    reason VARCHAR,
    media_type VARCHAR,
    charset VARCHAR,
    warc_file VARCHAR,
    warc_record VARCHAR,
    listed JSON,
    removed JSON,
    attachments JSON,
    text VARCHAR,
    record JSON
);
COMMENT ON TABLE document IS '수집·추출된 문서 한 건(관찰 시점마다 한 행) | A document as read on one day, one row an observation';
COMMENT ON COLUMN document.document_key IS '문서 키 | Key of the document';
COMMENT ON COLUMN document.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN document.batch_id IS '배치 식별자 | Id of the batch';
COMMENT ON COLUMN document.source IS '수집처 | Source';
COMMENT ON COLUMN document.native_id IS '사이트 고유 번호 | The site''s own number';
COMMENT ON COLUMN document.url IS '주소 | Address';
COMMENT ON COLUMN document.title IS '제목 | Title';
COMMENT ON COLUMN document.retrieved_at IS '수집 시각(초) | Time of retrieval, to the second';
COMMENT ON COLUMN document.content_hash IS '내용 해시 | Hash of the cleaned content';
COMMENT ON COLUMN document.read_at IS '추출 실행 시각: 같은 내용은 나중 추출이 이긴다 | Start of the run that extracted it; of equal content the later extraction counts';
COMMENT ON COLUMN document.outcome IS '읽기 결과(ok, unreadable, changed) | Outcome of reading: ok, unreadable, changed';
COMMENT ON COLUMN document.reason IS '읽지 못한 이유 | Why it could not be read';
COMMENT ON COLUMN document.media_type IS '매체 형식 | Media type';
COMMENT ON COLUMN document.charset IS '문자 인코딩 | Character encoding';
COMMENT ON COLUMN document.warc_file IS '보관 파일 | Archive file';
COMMENT ON COLUMN document.warc_record IS '보관 레코드 식별자 | Id of the archive record';
COMMENT ON COLUMN document.listed IS '목록 행의 값 | Values of the list row';
COMMENT ON COLUMN document.removed IS '본문에서 걷어 낸 문구 | What was cut out of the text';
COMMENT ON COLUMN document.attachments IS '첨부 파일 목록 | Attachments as collected';
COMMENT ON COLUMN document.text IS '정제된 본문 | Cleaned text';
COMMENT ON COLUMN document.record IS '추출 결과(본문 제외) | Extraction record without its text';

CREATE TABLE announcement (
    announcement_key VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    native_id VARCHAR NOT NULL,
    url VARCHAR,
    title VARCHAR,
    first_seen_at TIMESTAMPTZ,
    last_seen_at TIMESTAMPTZ,
    outcome VARCHAR,
    reason VARCHAR,
    notice_key VARCHAR
);
COMMENT ON TABLE announcement IS '공고(수집처와 고유 번호로 식별) | An announcement, identified by source and native id';
COMMENT ON COLUMN announcement.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN announcement.source IS '수집처 | Source';
COMMENT ON COLUMN announcement.native_id IS '사이트 고유 번호 | The site''s own number';
COMMENT ON COLUMN announcement.url IS '주소 | Address';
COMMENT ON COLUMN announcement.title IS '최근 제목 | Latest title';
COMMENT ON COLUMN announcement.first_seen_at IS '처음 수집한 시각 | First retrieval';
COMMENT ON COLUMN announcement.last_seen_at IS '마지막 수집 시각 | Latest retrieval';
COMMENT ON COLUMN announcement.outcome IS '최근 읽기 결과 | Latest outcome of reading';
COMMENT ON COLUMN announcement.reason IS '읽지 못한 이유 | Why it could not be read';
COMMENT ON COLUMN announcement.notice_key IS '같은 공고 묶음 키 | Key shared by the same call on several sites';

CREATE TABLE announcement_version (
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    document_key VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    valid_to TIMESTAMPTZ,
    is_current BOOLEAN NOT NULL,
    change_kind VARCHAR NOT NULL,
    title VARCHAR,
    kind VARCHAR,
    relevant BOOLEAN,
    posted_on DATE,
    opens_on DATE,
    closes_on DATE,
    closes_time TIME,
    closes_kind VARCHAR,
    agency VARCHAR,
    text VARCHAR
);
COMMENT ON TABLE announcement_version IS '공고의 판(유효 기간 포함) | A version of an announcement with its validity';
COMMENT ON COLUMN announcement_version.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN announcement_version.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN announcement_version.document_key IS '문서 키 | Key of the document it was read from';
COMMENT ON COLUMN announcement_version.content_hash IS '내용 해시 | Hash of the cleaned content';
COMMENT ON COLUMN announcement_version.valid_from IS '유효 시작 | Valid from';
COMMENT ON COLUMN announcement_version.valid_to IS '유효 끝(현재 판은 비어 있음) | Valid to; null for the current version';
COMMENT ON COLUMN announcement_version.is_current IS '현재 판 여부 | Whether it is the current version';
COMMENT ON COLUMN announcement_version.change_kind IS '변경 종류(new, extended, shortened, cancelled, reannounced, changed) | Kind of change: new, extended, shortened, cancelled, reannounced, changed';
COMMENT ON COLUMN announcement_version.title IS '제목 | Title';
COMMENT ON COLUMN announcement_version.kind IS '문서 종류 | Kind of document';
COMMENT ON COLUMN announcement_version.relevant IS '지역 AI 사업 관련 여부 | Whether it is about a public AI programme';
COMMENT ON COLUMN announcement_version.posted_on IS '게시일 | Day of posting';
COMMENT ON COLUMN announcement_version.opens_on IS '접수 시작일 | First day of application';
COMMENT ON COLUMN announcement_version.closes_on IS '접수 마감일 | Last day of application';
COMMENT ON COLUMN announcement_version.closes_time IS '마감 시각(적힌 경우) | Hour of the deadline, when stated';
COMMENT ON COLUMN announcement_version.closes_kind IS '마감 방식(day, until_exhausted, always) | Kind of deadline: day, until_exhausted, always';
COMMENT ON COLUMN announcement_version.agency IS '목록의 소관 기관 | Agency named by the list';
COMMENT ON COLUMN announcement_version.text IS '정제된 본문 | Cleaned text';

CREATE TABLE attachment (
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    name VARCHAR,
    url VARCHAR,
    sha256 VARCHAR,
    bytes BIGINT,
    media_type VARCHAR,
    outcome VARCHAR,
    reason VARCHAR
);
COMMENT ON TABLE attachment IS '첨부 파일 | A file an announcement points to';
COMMENT ON COLUMN attachment.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN attachment.version_key IS '공고 판 키 | Key of the announcement version';
COMMENT ON COLUMN attachment.name IS '파일 이름 | File name';
COMMENT ON COLUMN attachment.url IS '주소 | Address';
COMMENT ON COLUMN attachment.sha256 IS '파일 해시 | Hash of the file';
COMMENT ON COLUMN attachment.bytes IS '크기(바이트) | Size in bytes';
COMMENT ON COLUMN attachment.media_type IS '매체 형식 | Media type';
COMMENT ON COLUMN attachment.outcome IS '처리 결과 | Outcome';
COMMENT ON COLUMN attachment.reason IS '읽지 못한 이유 | Why it could not be read';

CREATE TABLE region (
    code VARCHAR,
    iso VARCHAR,
    name_ko VARCHAR,
    short VARCHAR,
    name_en VARCHAR,
    parent VARCHAR,
    aliases VARCHAR,
    valid_from DATE,
    valid_to DATE
);
COMMENT ON TABLE region IS '행정 구역(유효 기간 포함) | Administrative regions with their validity';
COMMENT ON COLUMN region.code IS '행정 구역 코드(아직 모르면 비움) | Administrative code, empty while not known';
COMMENT ON COLUMN region.iso IS 'ISO 3166-2 코드 | ISO 3166-2 code';
COMMENT ON COLUMN region.name_ko IS '정식 이름 | Official name';
COMMENT ON COLUMN region.short IS '약칭 | Short name';
COMMENT ON COLUMN region.name_en IS '영어 이름 | Name in English';
COMMENT ON COLUMN region.parent IS '상위 구역 | Parent region';
COMMENT ON COLUMN region.aliases IS '다른 이름 | Other names';
COMMENT ON COLUMN region.valid_from IS '유효 시작일 | Valid from';
COMMENT ON COLUMN region.valid_to IS '유효 종료일 | Valid to';

CREATE TABLE organisation (
    organisation_key VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    mentions INTEGER
);
COMMENT ON TABLE organisation IS '기관(이름을 하나로 모은 것) | An organisation under one canonical name';
COMMENT ON COLUMN organisation.organisation_key IS '기관 키 | Key of the organisation';
COMMENT ON COLUMN organisation.name IS '대표 이름 | Canonical name';
COMMENT ON COLUMN organisation.mentions IS '언급 수 | Number of mentions';

CREATE TABLE organisation_alias (
    alias_norm VARCHAR NOT NULL,
    alias VARCHAR,
    organisation_key VARCHAR NOT NULL
);
COMMENT ON TABLE organisation_alias IS '기관의 다른 이름 | Names an organisation goes by';
COMMENT ON COLUMN organisation_alias.alias_norm IS '정규화한 이름 | Normalised name';
COMMENT ON COLUMN organisation_alias.alias IS '본문에 쓰인 이름 | Name as written';
COMMENT ON COLUMN organisation_alias.organisation_key IS '기관 키 | Key of the organisation';

CREATE TABLE programme (
    programme_key VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    name_norm VARCHAR NOT NULL,
    mentions INTEGER,
    first_year VARCHAR,
    last_year VARCHAR
);
COMMENT ON TABLE programme IS '사업(정규화한 이름으로 묶음) | A programme, grouped by its normalised name';
COMMENT ON COLUMN programme.programme_key IS '사업 키 | Key of the programme';
COMMENT ON COLUMN programme.name IS '대표 이름 | Most used name';
COMMENT ON COLUMN programme.name_norm IS '정규화한 이름 | Normalised name';
COMMENT ON COLUMN programme.mentions IS '언급 수 | Number of mentions';
COMMENT ON COLUMN programme.first_year IS '가장 이른 시작 연도 | Earliest starting year';
COMMENT ON COLUMN programme.last_year IS '가장 늦은 끝 연도 | Latest ending year';

CREATE TABLE load_log (
    batch_id VARCHAR NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL,
    documents INTEGER,
    fetches INTEGER
);
COMMENT ON TABLE load_log IS '적재 기록: 배치는 한 번만 적재 | Load log: a batch is loaded once';
COMMENT ON COLUMN load_log.batch_id IS '배치 식별자 | Id of the batch';
COMMENT ON COLUMN load_log.loaded_at IS '적재 시각 | Time of the load';
COMMENT ON COLUMN load_log.documents IS '문서 수 | Documents';
COMMENT ON COLUMN load_log.fetches IS '요청 수 | Fetches';

-- The index of the full-text search: which announcements have which stretches of letters. It is kept up to date by each publication.
CREATE TABLE site.search_document (
    doc INTEGER NOT NULL,
    announcement_key VARCHAR NOT NULL,
    version_key VARCHAR NOT NULL,
    reading UBIGINT
);
COMMENT ON TABLE site.search_document IS '검색 색인: 공고의 현재 판마다 번호 하나 | Search index: one number for each current version of an announcement';
COMMENT ON COLUMN site.search_document.doc IS '색인 안의 번호 | Number within the index';
COMMENT ON COLUMN site.search_document.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN site.search_document.version_key IS '판 키 | Key of the version';
COMMENT ON COLUMN site.search_document.reading IS '색인한 제목, 기관, 문서의 해시 | Hash of what was indexed: title, agency and the document that was read';
CREATE TABLE site.search_posting (
    gram UINTEGER NOT NULL,
    rest UINTEGER NOT NULL,
    doc INTEGER NOT NULL,
    weight UTINYINT NOT NULL
);
COMMENT ON TABLE site.search_posting IS '검색 색인: 네 글자까지의 조각이 나오는 공고 | Search index: the documents in which a stretch of up to four letters occurs';
COMMENT ON COLUMN site.search_posting.gram IS '첫 두 글자의 코드 | Codes of the first two letters';
COMMENT ON COLUMN site.search_posting.rest IS '다음 두 글자의 코드, 없으면 빈칸 | Codes of the next two letters, of spaces if there are none';
COMMENT ON COLUMN site.search_posting.doc IS '색인 안의 공고 번호 | Number of the document within the index';
COMMENT ON COLUMN site.search_posting.weight IS '글 길이에 견준 횟수, 제목은 네 배 | How often, for the length of the text; four times as much in the title';
CREATE TABLE site.search_removed (doc INTEGER NOT NULL);
COMMENT ON TABLE site.search_removed IS '검색 색인: 이제 없는 번호 | Search index: numbers that no longer count';
COMMENT ON COLUMN site.search_removed.doc IS '색인 안의 번호 | Number within the index';

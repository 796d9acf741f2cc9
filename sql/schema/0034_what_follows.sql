-- What changed since the checks of single announcements were run, and in which months, for exports.
CREATE TABLE site.unchecked (
    kind VARCHAR NOT NULL,
    key VARCHAR NOT NULL
);
COMMENT ON TABLE site.unchecked IS '아직 점검하지 않은 변경 | What changed since the checks of single announcements were run';
COMMENT ON COLUMN site.unchecked.kind IS '바뀐 것(announcement 공고, version 없어진 판, everything 전부) | What changed: announcement, version for one that is gone, or everything';
COMMENT ON COLUMN site.unchecked.key IS '공고 키 또는 판 키 | Key of the announcement or of the version';
CREATE TABLE site.changed_month (
    month VARCHAR NOT NULL,
    change VARCHAR NOT NULL
);
COMMENT ON TABLE site.changed_month IS '달마다 그 달에 처음 본 공고의 마지막 변경 | The last change of the announcements that were first seen in a month';
COMMENT ON COLUMN site.changed_month.month IS '처음 본 달(2026-11), 빈칸은 전부 | Month of the first sight (2026-11); empty: of all announcements';
COMMENT ON COLUMN site.changed_month.change IS '변경의 이름 | Name of the change';

-- What changed since the marts were brought up to date, and what a making from nothing found to differ from them.
CREATE TABLE site.changed (
    kind VARCHAR NOT NULL,
    key VARCHAR NOT NULL
);
COMMENT ON TABLE site.changed IS '마트에 아직 옮기지 않은 변경 | What changed since the marts were brought up to date';
COMMENT ON COLUMN site.changed.kind IS '바뀐 것(announcement 공고, version 없어진 판) | What changed: announcement, or version for one that is gone';
COMMENT ON COLUMN site.changed.key IS '공고 키 또는 판 키 | Key of the announcement or of the version';
CREATE TABLE mart_difference (
    mart VARCHAR NOT NULL,
    missing BIGINT NOT NULL,
    surplus BIGINT NOT NULL,
    found_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE mart_difference IS '처음부터 다시 만든 표와 달랐던 마트(마지막 대조) | Marts that differed from what a making from nothing gave, at the last comparison';
COMMENT ON COLUMN mart_difference.mart IS '마트 이름 | Name of the mart';
COMMENT ON COLUMN mart_difference.missing IS '빠져 있던 행 수 | Rows that it lacked';
COMMENT ON COLUMN mart_difference.surplus IS '남아 있던 행 수 | Rows that it had and should not';
COMMENT ON COLUMN mart_difference.found_at IS '대조한 시각 | Time of the comparison';

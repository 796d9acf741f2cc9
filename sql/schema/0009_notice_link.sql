-- Why announcements are one notice.
CREATE TABLE notice_link (
    announcement_key VARCHAR NOT NULL,
    notice_key VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    score DOUBLE NOT NULL
);
COMMENT ON TABLE notice_link IS '공고를 한 묶음으로 본 이유 | Why an announcement belongs to a notice with others';
COMMENT ON COLUMN notice_link.announcement_key IS '공고 키 | Key of the announcement';
COMMENT ON COLUMN notice_link.notice_key IS '같은 공고 묶음 키 | Key shared by the same call on several sites';
COMMENT ON COLUMN notice_link.reason IS '이유(same_call, press_names_programme, pinned) | Reason: same_call, press_names_programme, pinned';
COMMENT ON COLUMN notice_link.score IS '확신의 정도(0–1) | How sure the link is, 0 to 1';

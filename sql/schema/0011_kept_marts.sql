-- What marts that are kept as tables need: the state that they were made of, and what a day makes of an announcement.
CREATE TABLE warehouse_state (
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE warehouse_state IS '창고의 상태: 마지막으로 바뀐 내용과 그것으로 만든 마트 | State of the warehouse: the last change of its content, and the content that the marts were made of';
COMMENT ON COLUMN warehouse_state.name IS '항목(content, marts) | What: content, marts';
COMMENT ON COLUMN warehouse_state.value IS '값 | Value';
CREATE MACRO is_cancelled(change_kind, title) AS change_kind = 'cancelled' OR regexp_matches(title, '취소\s*(공고|안내)?\s*[)\]]?\s*$');
-- The closing day is still open; what is gone before it closed has vanished.
CREATE MACRO status_on(cancelled, opens_on, closes_on, closes_kind, vanished_at, day) AS
    CASE WHEN cancelled THEN 'cancelled' WHEN closes_on < day THEN 'closed' WHEN vanished_at IS NOT NULL THEN 'vanished'
         WHEN opens_on > day THEN 'upcoming' WHEN closes_kind IS NOT NULL THEN 'open' ELSE 'unknown' END;

-- 공고의 현재 판과 오늘(서울) 기준 상태 | Announcements in their current version, with their status as of today in Seoul
SELECT
    * EXCLUDE (cancelled, is_primary, sources, shared),
    status_on(cancelled, opens_on, closes_on, closes_kind, vanished_at, today_seoul()) AS status
FROM announcement_state

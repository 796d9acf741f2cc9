-- 같은 공고를 하나로 묶은 목록(대표 공고 하나와 게시된 수집처) | One row a call, however many sites carry it: the fullest announcement stands for it, a call before what was written about it
SELECT
    * EXCLUDE (cancelled, is_primary, sources, shared),
    status_on(cancelled, opens_on, closes_on, closes_kind, vanished_at, today_seoul()) AS status,
    sources
FROM announcement_state
WHERE is_primary

-- 공고의 현재 판과 오늘(서울) 기준 상태 | Announcements in their current version, with their status as of today in Seoul
SELECT a.announcement_key, a.notice_key, a.source, a.native_id, a.url, v.version_key, v.title, v.kind, v.relevant, v.agency,
    v.posted_on, v.opens_on, v.closes_on, v.closes_time, v.closes_kind, v.change_kind, a.first_seen_at, l.vanished_at,
    list_sort(list(DISTINCT r.sido) FILTER (r.sido IS NOT NULL)) AS sidos,
    CASE WHEN v.change_kind = 'cancelled' OR regexp_matches(v.title, '취소\s*(공고|안내)?\s*[)\]]?\s*$') THEN 'cancelled'
         WHEN v.closes_on < today_seoul() THEN 'closed'
         WHEN l.vanished_at IS NOT NULL THEN 'vanished'
         WHEN v.opens_on > today_seoul() THEN 'upcoming'
         WHEN v.closes_kind IS NOT NULL THEN 'open' ELSE 'unknown' END AS status
FROM announcement AS a JOIN announcement_version AS v ON v.announcement_key = a.announcement_key AND v.is_current
LEFT JOIN current_listing AS l ON l.announcement_key = a.announcement_key
LEFT JOIN fact_region AS r ON r.version_key = v.version_key
GROUP BY ALL

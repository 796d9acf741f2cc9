-- Changes of the last thirty days for feeds, the newest first.
SELECT
    c.version_key,
    c.kind,
    CASE c.kind
        WHEN 'new' THEN '새 공고'
        WHEN 'extended' THEN '연장'
        WHEN 'shortened' THEN '단축'
        WHEN 'deadline' THEN '마감 변경'
        WHEN 'amount' THEN '금액 변경'
        WHEN 'cancelled' THEN '취소'
        WHEN 'vanished' THEN '사라짐'
        ELSE '내용 변경'
    END AS label,
    c.title,
    c.old,
    c.new,
    c.url,
    c.source,
    c.changed_at::VARCHAR AS changed_at,
    a.agency,
    a.sidos,
    (
        SELECT list(DISTINCT s.sector ORDER BY s.sector) FROM fact_sector AS s
        WHERE s.version_key = c.version_key
    ) AS sectors
FROM change AS c JOIN current_announcement AS a USING (announcement_key)
WHERE c.relevant AND c.changed_at > now() - INTERVAL 30 DAY
ORDER BY c.changed_at DESC, c.version_key, c.kind

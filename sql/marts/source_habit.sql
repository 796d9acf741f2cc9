-- 수집처마다 최근 2주의 공고와 그 전 공고에서 AI 사업과 사실의 비율 | Of each source, how much of what it brought in the last two weeks is relevant and has each kind of fact, beside what it brought before
-- table
WITH priced AS (
    SELECT DISTINCT version_key FROM fact_amount
),

named AS (
    SELECT DISTINCT version_key FROM fact_programme
),

latest AS (
    SELECT
        source,
        max(first_seen_at) AS latest
    FROM announcement_state
    GROUP BY source
)

SELECT
    s.source,
    s.first_seen_at > l.latest - INTERVAL 14 DAY AS recent,
    count(*) AS announcements,
    count(*) FILTER (s.relevant) AS of_ai,
    avg(s.relevant::INTEGER) AS share_of_ai,
    avg((a.version_key IS NOT NULL)::INTEGER) FILTER (s.relevant) AS with_amount,
    avg((s.closes_kind IS NOT NULL)::INTEGER) FILTER (s.relevant) AS with_closing,
    avg((p.version_key IS NOT NULL)::INTEGER) FILTER (s.relevant) AS with_programme,
    avg((s.sidos <> [])::INTEGER) FILTER (s.relevant) AS with_region
FROM announcement_state AS s
JOIN latest AS l USING (source)
LEFT JOIN priced AS a USING (version_key)
LEFT JOIN named AS p USING (version_key)
GROUP BY ALL

-- Calls of some months for linked data: each once, with its agency, places, deadline and largest stated total.
SELECT
    strftime(n.first_seen_at, '%Y-%m') AS month,
    n.announcement_key,
    n.kind,
    n.title,
    n.url,
    n.agency,
    n.sidos,
    n.status,
    n.posted_on,
    n.closes_on,
    n.closes_time,
    (
        SELECT max(f.krw) FROM fact_amount AS f
        WHERE f.version_key = n.version_key AND f.role = 'total'
    ) AS krw
FROM notice AS n
WHERE n.relevant AND n.kind = 'announcement' AND list_contains($months, strftime(n.first_seen_at, '%Y-%m'))
ORDER BY month, n.closes_on, n.announcement_key

-- Calls for calendars and linked data: each once, with its agency, places, deadline and largest stated total.
SELECT
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
    n.closes_kind,
    n.corrected,
    (
        SELECT max(f.krw) FROM fact_amount AS f
        WHERE f.version_key = n.version_key AND f.role = 'total'
    ) AS krw
FROM notice AS n
WHERE n.relevant AND n.kind = 'announcement'
ORDER BY n.closes_on, n.announcement_key

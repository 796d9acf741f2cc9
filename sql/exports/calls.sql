-- Open and upcoming calls with a deadline for calendars, each once.
SELECT
    n.announcement_key,
    n.title,
    n.url,
    n.agency,
    n.sidos,
    n.status,
    n.closes_on,
    n.closes_time,
    n.corrected
FROM notice AS n
WHERE n.relevant AND n.kind = 'announcement' AND n.status IN ('open', 'upcoming') AND n.closes_on IS NOT NULL
ORDER BY n.closes_on, n.announcement_key

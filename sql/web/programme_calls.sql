-- The calls and articles of a programme, the newest first.
SELECT
    d.announcement_key,
    d.title,
    d.kind,
    d.posted_on,
    d.closes_on,
    d.sidos,
    p.type,
    p.status,
    p.evidence_quote
FROM fact_programme AS p JOIN site.directory AS d USING (version_key)
WHERE p.name_norm = (
        SELECT name_norm FROM programme
        WHERE programme_key = $programme_key
    )
ORDER BY d.posted_on DESC NULLS LAST, d.announcement_key LIMIT 100

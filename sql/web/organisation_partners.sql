-- The organisations that take part in the same calls as another.
SELECT
    p.organisation_key,
    coalesce(p.organisation, p.written) AS name,
    count(DISTINCT p.announcement_key) AS calls,
    list(DISTINCT p.role) AS roles
FROM participation AS p
WHERE p.announcement_key IN (
        SELECT announcement_key FROM participation
        WHERE organisation_key = $organisation_key
    )
    AND p.organisation_key IS DISTINCT FROM $organisation_key
GROUP BY ALL
ORDER BY calls DESC, name LIMIT 30

-- The programmes that documents call parts, steps or years of a programme.
SELECT
    programme_key,
    min(name) AS name,
    count(*) AS documents
FROM programme_document
WHERE programme_norm(parent) = (
        SELECT name_norm FROM programme
        WHERE programme_key = $programme_key
    )
    AND programme_key <> $programme_key
GROUP BY programme_key
ORDER BY name LIMIT 100

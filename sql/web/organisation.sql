-- One organisation, with all its names.
SELECT
    o.organisation_key,
    o.name,
    o.mentions,
    (
        SELECT list(DISTINCT alias ORDER BY alias) FROM organisation_alias AS a
        WHERE a.organisation_key = o.organisation_key
    ) AS aliases
FROM organisation AS o
WHERE o.organisation_key = $organisation_key

-- Bodies by how often they act.
SELECT
    o.organisation_key,
    r.organisation AS name,
    r.calls,
    r.hosts,
    r.operates,
    r.participates,
    r.regions,
    count(*) OVER () AS found
FROM organisation_role AS r LEFT JOIN organisation AS o ON o.name = r.organisation
WHERE ($region::VARCHAR IS NULL OR list_contains(r.regions, $region::VARCHAR))
    AND (
        $words::VARCHAR IS NULL
        OR search_hit(search_plain(r.organisation), $words::VARCHAR)
        OR o.organisation_key IN (
            SELECT organisation_key FROM organisation_alias
            WHERE search_hit(search_plain(alias), $words::VARCHAR)
        )
    )
ORDER BY r.calls DESC, r.organisation LIMIT $rows OFFSET $skip

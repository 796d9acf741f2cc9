-- Programmes that meet the conditions, those called most recently first.
SELECT
    programme_key,
    name,
    types,
    regions,
    stage,
    posted_on,
    count(*) OVER () AS found
FROM site.programme_state
WHERE ($words::VARCHAR IS NULL OR search_hit(search_plain(name), $words::VARCHAR))
    AND ($region::VARCHAR IS NULL OR list_contains(regions, $region::VARCHAR))
    AND ($type::VARCHAR IS NULL OR list_contains(types, $type::VARCHAR))
    AND ($stage::VARCHAR IS NULL OR list_contains(stages, $stage::VARCHAR))
    AND ($reached::VARCHAR IS NULL OR reached = $reached::VARCHAR)
ORDER BY posted_on DESC NULLS LAST, programme_key LIMIT $rows OFFSET $skip

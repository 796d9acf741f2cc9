-- What changed in a region since yesterday morning, without what a source had when it was first collected.
SELECT
    c.kind,
    c.title,
    c.old,
    c.new,
    c.url,
    strftime(c.changed_at AT TIME ZONE 'Asia/Seoul', '%m-%d %H:%M') AS changed_at
FROM change AS c
JOIN site.directory AS d USING (announcement_key)
LEFT JOIN (
    SELECT
        source,
        min(finished_at) AS finished_at
    FROM source_run
    GROUP BY source
) AS r ON r.source = c.source
WHERE c.relevant AND c.changed_at >= (today_seoul() - 1)::TIMESTAMP AT TIME ZONE 'Asia/Seoul'
    AND list_contains(d.sidos, $region) AND ($sector::VARCHAR IS NULL OR list_contains(d.sectors, $sector::VARCHAR))
    AND NOT (c.kind = 'new' AND coalesce(c.changed_at <= r.finished_at, FALSE))
ORDER BY c.changed_at DESC, c.kind, c.title
LIMIT 12

-- What changed since yesterday morning, the newest first.
SELECT
    announcement_key,
    kind,
    title,
    old,
    new,
    strftime(changed_at, '%m-%d %H:%M') AS changed_at,
    count(*) OVER () AS changes
FROM change
WHERE relevant AND changed_at >= (today_seoul() - 1)::TIMESTAMPTZ
ORDER BY change.changed_at DESC, announcement_key
LIMIT 12

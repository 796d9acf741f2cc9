-- What changed since yesterday morning: how much of each kind on each day, and the newest of it. What a source had when
-- it was collected for the first time is no change.
WITH first_run AS (
    SELECT
        source,
        min(finished_at) AS finished_at
    FROM source_run
    GROUP BY source
),

recent AS (
    SELECT
        c.announcement_key,
        CASE WHEN c.kind = 'new' AND c.changed_at <= r.finished_at THEN 'first' ELSE c.kind END AS kind,
        c.title,
        c.old,
        c.new,
        c.changed_at,
        c.changed_at::DATE AS day
    FROM change AS c LEFT JOIN first_run AS r USING (source)
    WHERE c.relevant AND c.changed_at >= (today_seoul() - 1)::TIMESTAMPTZ
)

SELECT
    day,
    kind,
    count(*) AS changes,
    list(
        {
            announcement_key: announcement_key,
            title: title,
            old: old,
            new: new,
            time_of_day: strftime(changed_at, '%H:%M')
        } ORDER BY changed_at DESC, announcement_key
    )[:5] AS newest
FROM recent
GROUP BY ALL
ORDER BY day DESC, changes DESC, kind

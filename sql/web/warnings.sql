-- What the checks found at the last publication, with the documents it is about.
SELECT
    what,
    rows_found,
    coalesce(a.announcement_key, u.announcement_key) AS announcement_key,
    coalesce(violation ->> 'title', a.title) AS title,
    violation ->> 'source' AS source,
    coalesce(violation ->> 'told', violation::VARCHAR) AS told
FROM (
    SELECT
        what,
        rows_found,
        unnest(entries(sample)) AS violation
    FROM check_result
)
LEFT JOIN announcement AS a ON a.announcement_key = (violation ->> 'announcement_key')
LEFT JOIN (
    SELECT
        url,
        min(announcement_key) AS announcement_key
    FROM announcement
    GROUP BY url
) AS u ON u.url = (violation ->> 'url')
ORDER BY rows_found DESC, what, title

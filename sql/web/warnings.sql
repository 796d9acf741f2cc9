-- What the checks found at the last publication, with the documents it is about.
SELECT
    what,
    rows_found,
    coalesce(a.announcement_key, u.announcement_key) AS announcement_key,
    coalesce(found ->> 'title', a.title) AS title,
    found ->> 'source' AS source,
    coalesce(found ->> 'told', found::VARCHAR) AS told
FROM (
    SELECT
        what,
        rows_found,
        unnest(entries(sample)) AS found
    FROM check_result
)
LEFT JOIN announcement AS a ON a.announcement_key = (found ->> 'announcement_key')
LEFT JOIN (
    SELECT
        url,
        min(announcement_key) AS announcement_key
    FROM announcement
    GROUP BY url
) AS u ON u.url = (found ->> 'url')
ORDER BY rows_found DESC, what, title

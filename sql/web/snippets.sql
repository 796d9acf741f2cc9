-- What announcements say around the words of a search, with the words between two marks.
WITH mark AS MATERIALIZED (SELECT search_marks($words::VARCHAR) AS pattern)

SELECT
    v.announcement_key,
    search_snippet(v.text, m.pattern, $opening::VARCHAR, $closing::VARCHAR) AS snippet
FROM announcement_version AS v CROSS JOIN mark AS m
WHERE v.is_current AND v.rowid IN (
        SELECT unnest(range(version_first, version_last + 1)) FROM site.call_lookup
        WHERE announcement_key IN (SELECT unnest($keys::VARCHAR[]))
    )
    AND v.announcement_key IN (SELECT unnest($keys::VARCHAR[]))

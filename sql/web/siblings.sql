-- The same call on other sites, and what was written about it.
SELECT
    s.announcement_key,
    s.title,
    s.kind,
    s.source,
    c.name_ko AS source_name,
    s.url,
    s.posted_on,
    l.reason AS linked_by
FROM announcement_state AS s
LEFT JOIN source AS c ON c.source = s.source
LEFT JOIN notice_link AS l ON l.announcement_key = s.announcement_key
WHERE s.notice_key = $notice_key AND s.announcement_key <> $announcement_key
ORDER BY s.posted_on, s.announcement_key
LIMIT 50

-- The open calls of a region, or of the whole country, that close next.
SELECT
    c.title,
    c.url,
    c.agency,
    c.sizes,
    c.award_ceiling,
    c.award_amount,
    c.closes_on,
    c.closes_time,
    c.closes_kind,
    c.closes_on - today_seoul() AS days_left,
    s.closes_evidence AS evidence_quote
FROM find_calls(
        NULL,
        $region::VARCHAR,
        NULL,
        $sector::VARCHAR,
        NULL, 'open', NULL, NULL, NULL, 'announcement', NULL, NULL, NULL, NULL
    ) AS c
JOIN announcement_state AS s USING (version_key)
ORDER BY c.closes_on NULLS LAST, c.closes_time NULLS LAST, c.announcement_key
LIMIT $rows

-- block: 유효 기간이 겹치는 판 | Versions whose validity overlaps
-- of each announcement
SELECT
    a.announcement_key,
    a.version_key,
    b.version_key AS other
FROM announcement_version AS a
JOIN announcement_version AS b
    ON a.announcement_key = b.announcement_key
        AND a.valid_from < b.valid_from
        AND coalesce(a.valid_to, 'infinity'::TIMESTAMPTZ) > b.valid_from

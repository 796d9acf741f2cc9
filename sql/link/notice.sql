-- The same call on several sites: equal title, closing day and 시도. Without a closing day or with a short title
-- an announcement stands alone: a wrong join would hide a call.
CREATE OR REPLACE TEMP TABLE notice_part AS
SELECT v.announcement_key, title_norm(v.title) AS title, v.closes_on,
    coalesce(r.sido, nullif(s.region, '전국'), '') AS sido
FROM announcement_version AS v
JOIN announcement AS a USING (announcement_key)
LEFT JOIN (SELECT version_key, min(sido) AS sido FROM fact_region GROUP BY version_key) AS r USING (version_key)
LEFT JOIN source AS s ON s.source = a.source
WHERE v.is_current AND v.closes_on IS NOT NULL AND length(title_norm(v.title)) >= 8;

UPDATE announcement SET notice_key = announcement_key;
UPDATE announcement SET notice_key = n.notice_key
FROM (SELECT announcement_key, sha_key(concat_ws(chr(31), title, sido, closes_on)) AS notice_key FROM notice_part) AS n
WHERE n.announcement_key = announcement.announcement_key;

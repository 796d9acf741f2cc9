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

DELETE FROM notice_link;
INSERT INTO notice_link
SELECT announcement_key, notice_key, 'same_call', 1.0 FROM announcement
QUALIFY count(*) OVER (PARTITION BY notice_key) > 1;

-- An article or a release about a call: it names a programme that one call alone has, in the same 시도 and the same season.
CREATE OR REPLACE TEMP TABLE placed AS
SELECT a.announcement_key, a.notice_key, v.version_key, v.kind, v.posted_on, list_sort(list_distinct(list(r.sido))) AS sidos
FROM announcement AS a JOIN announcement_version AS v USING (announcement_key) LEFT JOIN fact_region AS r USING (version_key)
WHERE v.is_current AND v.relevant GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE called AS
SELECT p.name_norm, min(c.notice_key) AS notice_key, min(c.posted_on) AS posted_on, any_value(c.sidos) AS sidos
FROM fact_programme AS p JOIN placed AS c USING (version_key)
WHERE c.kind = 'announcement' AND length(p.name_norm) >= 8 GROUP BY p.name_norm HAVING count(DISTINCT c.notice_key) = 1;

CREATE OR REPLACE TEMP TABLE about AS
SELECT w.announcement_key, min(c.notice_key) AS notice_key
FROM placed AS w JOIN fact_programme AS p USING (version_key) JOIN called AS c USING (name_norm)
WHERE w.kind IN ('article', 'press_release') AND abs(date_diff('day', w.posted_on, c.posted_on)) <= 120
  AND len(list_intersect(w.sidos, c.sidos)) > 0
GROUP BY w.announcement_key HAVING count(DISTINCT c.notice_key) = 1;

INSERT INTO notice_link SELECT announcement_key, notice_key, 'press_names_programme', 0.9 FROM about;
UPDATE announcement SET notice_key = b.notice_key FROM about AS b WHERE b.announcement_key = announcement.announcement_key;

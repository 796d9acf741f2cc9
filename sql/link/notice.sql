-- The same call on several sites: equal title, closing day and 시도. Without a closing day or with a short title
-- these say too little: a wrong join would hide a call.
CREATE OR REPLACE TEMP TABLE notice_part AS
SELECT
    v.announcement_key,
    title_norm(v.title) AS title,
    v.closes_on,
    coalesce(r.sido, nullif(s.region, '전국'), '') AS sido
FROM announcement_version AS v
JOIN announcement AS a USING (announcement_key)
LEFT JOIN (
    SELECT
        version_key,
        min(sido) AS sido
    FROM fact_region
    GROUP BY version_key
) AS r USING (version_key)
LEFT JOIN source AS s ON s.source = a.source
WHERE v.is_current AND v.closes_on IS NOT NULL AND length(title_norm(v.title)) >= 8;

UPDATE announcement SET notice_key = announcement_key;
UPDATE announcement SET notice_key = sha_key(concat_ws(chr(31), n.title, n.sido, n.closes_on))
FROM notice_part AS n
WHERE n.announcement_key = announcement.announcement_key;

DELETE FROM notice_link;
INSERT INTO notice_link
SELECT
    announcement_key,
    notice_key,
    'same_call',
    1.0
FROM announcement
QUALIFY count(*) OVER (PARTITION BY notice_key) > 1;

-- The same call where titles or closing days differ or are missing: what each call says of itself. The core of a title is
-- what is left of it without the words that all titles have.
CREATE OR REPLACE TEMP TABLE profile AS
SELECT
    a.announcement_key,
    a.source,
    a.notice_key,
    v.version_key,
    v.opens_on,
    v.closes_on,
    v.posted_on,
    v.title AS written,
    title_norm(v.title) AS title,
    nullif(
        regexp_replace(
            title_norm(v.title),
            '[0-9]+년?도?|지원|사업|모집|공모|공고|안내|알림|참여|기업|신청|접수|추가|연장|변경',
            '',
            'g'
        ),
        ''
    ) AS core,
    nullif(organisation_norm(v.agency), '') AS agency,
    coalesce(v.posted_on, v.opens_on, a.first_seen_at::DATE) AS dated_on,
    list_filter(coalesce(r.sidos, []), LAMBDA sido: sido <> '전국') AS named_sidos,
    list_filter(coalesce(r.sidos, [s.region]), LAMBDA sido: sido <> '전국') AS sidos
FROM announcement_version AS v
JOIN announcement AS a ON a.announcement_key = v.announcement_key
LEFT JOIN source AS s ON s.source = a.source
LEFT JOIN (
    SELECT
        version_key,
        list(DISTINCT sido) AS sidos
    FROM fact_region
    WHERE sido IS NOT NULL
    GROUP BY version_key
) AS r ON r.version_key = v.version_key
WHERE v.is_current AND v.relevant AND v.kind = 'announcement';

-- Two profiles of different sites have something in common: a file, byte for byte; the whole title; or a programme and the
-- agency. A form hangs on many calls, and so does a picture of the agency: a file that stands under more than three titles
-- says nothing, and a programme that one site calls several times at once says nothing either.
CREATE OR REPLACE TEMP TABLE shared AS
WITH filed AS (
    SELECT DISTINCT
        t.sha256 AS mark,
        p.announcement_key,
        p.source,
        p.title
    FROM attachment AS t
    JOIN profile AS p USING (version_key)
    WHERE t.sha256 IS NOT NULL AND t.bytes > 0 AND coalesce(t.role, '') <> 'form'
    QUALIFY count(DISTINCT p.title) OVER (PARTITION BY t.sha256) <= 3
),

titled AS (  -- what many call alike says nothing
    SELECT
        core,
        announcement_key,
        source
    FROM profile
    WHERE length(core) >= 6
    QUALIFY count(*) OVER (PARTITION BY core) <= 8
),

called AS (
    SELECT DISTINCT
        f.name_norm || chr(31) || p.agency AS mark,
        p.announcement_key,
        p.source
    FROM fact_programme AS f
    JOIN profile AS p USING (version_key)
    WHERE length(f.name_norm) >= 8 AND p.agency IS NOT NULL
    QUALIFY count(DISTINCT p.announcement_key) OVER (PARTITION BY f.name_norm, p.agency, p.source) = 1
)

SELECT
    'same_file' AS reason,
    one.announcement_key AS one,
    other.announcement_key AS other
FROM filed AS one JOIN filed AS other USING (mark)
WHERE one.source <> other.source
UNION
SELECT
    'same_title',
    one.announcement_key,
    other.announcement_key
FROM titled AS one JOIN titled AS other USING (core)
WHERE one.source <> other.source
UNION
SELECT
    'same_programme',
    one.announcement_key,
    other.announcement_key
FROM called AS one JOIN called AS other USING (mark)
WHERE one.source <> other.source;

-- None of these says enough alone: two windows, other years or rounds in the titles, two regions or two months between the
-- postings are two calls; and titles must be alike, somewhat with the same agency, else much.
CREATE OR REPLACE TEMP TABLE alike AS
WITH compared AS MATERIALIZED (  -- what only those need that have something in common
    SELECT
        *,
        -- DuckDB's jaccard() compares bytes, which Korean words that share no syllable share.
        list_distinct(string_split(core, '')) AS letters,
        list_sort(list_distinct(regexp_extract_all(written, '[0-9]+'))) AS numbers,
        -- 추가 and 2차 are calls of their own; 연장 is not.
        list_sort(list_distinct(regexp_extract_all(written, '추가|재공고|재모집|[0-9]+차|수정'))) AS rounds
    FROM profile
    WHERE announcement_key IN (SELECT one FROM shared)
),

half AS MATERIALIZED (  -- in two steps, else the planner may compare all profiles with all others
    SELECT
        s.reason,
        s.other AS other_key,
        one.*
    FROM shared AS s JOIN compared AS one ON one.announcement_key = s.one
)

SELECT
    one.reason,
    one.notice_key AS one,
    other.notice_key AS other,
    greatest(
        len(list_intersect(one.letters, other.letters)) / len(list_distinct(list_concat(one.letters, other.letters))),
        CASE WHEN contains(one.core, other.core) OR contains(other.core, one.core) THEN 1 ELSE 0 END,
        CASE WHEN one.title = other.title THEN 1 ELSE 0 END
    ) AS titles
FROM half AS one
JOIN compared AS other ON other.announcement_key = one.other_key
WHERE one.notice_key <> other.notice_key
    AND (one.closes_on IS NULL OR other.closes_on IS NULL OR one.closes_on = other.closes_on)
    AND (
        one.posted_on IS NULL OR other.posted_on IS NULL OR abs(date_diff('day', one.posted_on, other.posted_on)) <= 60
    )
    AND (one.numbers = [] OR other.numbers = [] OR one.numbers = other.numbers)
    -- Without a file the agency, or the region where a site names no agency, has to agree, the first day and the round too, and
    -- the postings have to be of one month.
    AND (
        one.reason = 'same_file'
        OR (
            one.rounds = other.rounds
            AND (one.opens_on IS NULL OR other.opens_on IS NULL OR one.opens_on = other.opens_on)
            AND (
                one.named_sidos = []
                OR other.named_sidos = []
                OR len(list_intersect(one.named_sidos, other.named_sidos)) > 0
            )
            AND CASE
                WHEN one.agency = other.agency THEN TRUE
                WHEN one.reason = 'same_title' AND (one.agency IS NULL OR other.agency IS NULL)
                    THEN one.sidos = other.sidos
                        OR len(list_intersect(one.sidos, other.sidos)) > 0
                        OR (
                            length(one.core) >= 8 AND one.opens_on = other.opens_on AND one.closes_on = other.closes_on
                        )
                ELSE FALSE
            END
            AND abs(date_diff('day', one.dated_on, other.dated_on)) <= 30
        )
    )
    AND titles >= CASE
        WHEN one.reason = 'same_programme' THEN 0.3
        WHEN one.agency = other.agency THEN 0.5
        ELSE 0.8
    END;

-- Each notice with all that it is tied to over any number of steps; not where that would join two closing days.
CREATE OR REPLACE TEMP TABLE tied AS
WITH RECURSIVE reach AS (
    SELECT
        one AS notice_key,
        one AS other
    FROM alike
    UNION
    SELECT
        r.notice_key,
        l.other
    FROM reach AS r
    JOIN alike AS l ON l.one = r.other
),

whole AS (
    SELECT
        notice_key,
        min(other) AS together
    FROM reach
    GROUP BY notice_key
)

SELECT
    notice_key,
    together
FROM whole
WHERE together IN (
        SELECT w.together
        FROM whole AS w
        JOIN announcement AS a USING (notice_key)
        JOIN announcement_version AS v USING (announcement_key)
        WHERE v.is_current
        GROUP BY w.together
        HAVING count(DISTINCT v.closes_on) <= 1
    );

UPDATE announcement SET notice_key = t.together FROM tied AS t
WHERE t.notice_key = announcement.notice_key;
INSERT INTO notice_link
SELECT
    a.announcement_key,
    a.notice_key,
    s.reason,
    CASE s.reason WHEN 'same_programme' THEN 0.9 ELSE 0.95 END
FROM announcement AS a
JOIN profile AS p ON p.announcement_key = a.announcement_key
JOIN (
    SELECT
        one AS notice_key,
        min(reason) AS reason  -- a file before a programme before a title
    FROM alike
    GROUP BY one
) AS s ON s.notice_key = p.notice_key
WHERE a.notice_key IN (SELECT together FROM tied)
    AND a.announcement_key NOT IN (SELECT announcement_key FROM notice_link);
UPDATE notice_link SET notice_key = a.notice_key
FROM announcement AS a
WHERE a.announcement_key = notice_link.announcement_key;

-- An article or a release about a call: it names a programme that one call alone has, in the same 시도 and the same season.
CREATE OR REPLACE TEMP TABLE placed AS
SELECT
    a.announcement_key,
    a.notice_key,
    v.version_key,
    v.kind,
    v.posted_on,
    list_sort(list_distinct(list(r.sido))) AS sidos
FROM announcement AS a
JOIN announcement_version AS v USING (announcement_key)
LEFT JOIN fact_region AS r USING (version_key)
WHERE v.is_current AND v.relevant
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE called AS
SELECT
    p.name_norm,
    min(c.notice_key) AS notice_key,
    min(c.posted_on) AS posted_on,
    any_value(c.sidos) AS sidos
FROM fact_programme AS p JOIN placed AS c USING (version_key)
WHERE c.kind = 'announcement' AND length(p.name_norm) >= 8
GROUP BY p.name_norm
HAVING count(DISTINCT c.notice_key) = 1;

CREATE OR REPLACE TEMP TABLE about AS
SELECT
    w.announcement_key,
    min(c.notice_key) AS notice_key
FROM placed AS w JOIN fact_programme AS p USING (version_key) JOIN called AS c USING (name_norm)
WHERE w.kind IN ('article', 'press_release') AND abs(date_diff('day', w.posted_on, c.posted_on)) <= 120
    AND len(list_intersect(w.sidos, c.sidos)) > 0
GROUP BY w.announcement_key
HAVING count(DISTINCT c.notice_key) = 1;

INSERT INTO notice_link
SELECT
    announcement_key,
    notice_key,
    'press_names_programme',
    0.9
FROM about;
UPDATE announcement SET notice_key = b.notice_key
FROM about AS b
WHERE b.announcement_key = announcement.announcement_key;

-- 문서에 기재된 금액과 그 사업·연도, 집계 여부와 제외 사유 | Every amount that a document states, with the programme, region and year it is for; `set_aside` says why it does not count
-- table: programme_key of owner or announcement_key of announcement, from statement
WITH document_programme AS (  -- what each document says of each of its programmes
    SELECT
        version_key,
        name,
        arg_min(name_norm, fact_id) AS name_norm,
        arg_min(parent, fact_id) AS parent,
        arg_min(status, fact_id) AS status,
        arg_min(outcome, fact_id) AS outcome,
        arg_min(left(starts, 4), fact_id) AS starts,
        arg_min(left(ends, 4), fact_id) AS ends
    FROM fact_programme
    GROUP BY version_key, name
),

sole AS (  -- an amount of a call that names no programme is for its only one
    SELECT
        version_key,
        min(name) AS name
    FROM document_programme
    WHERE parent IS NULL
    GROUP BY version_key
    HAVING count(*) = 1
),

merged AS (  -- a call for all parts of a region that merged is for that region
    SELECT
        successor,
        list_sort(list(DISTINCT short)) AS parts
    FROM region
    WHERE coalesce(parent, '') = '' AND successor IS NOT NULL
    GROUP BY successor
    HAVING count(DISTINCT short) > 1
),

container AS (
    SELECT
        version_key,
        krw,
        arg_min(part_of, fact_id) AS part_of
    FROM fact_amount
    GROUP BY version_key, krw
),

rounded AS (  -- a headline's 151억 of the text's 151.4억, whatever it calls the programme
    SELECT DISTINCT c.fact_id
    FROM fact_amount AS c JOIN fact_amount AS f ON f.version_key = c.version_key AND f.role = c.role
    WHERE c.role = 'total'
        AND c.krw % 100000000 = 0
        AND f.krw % 100000000 <> 0
        AND abs(c.krw - f.krw) < least(1e8, f.krw * 0.01)
),

stated AS (
    SELECT
        f.fact_id,
        f.version_key,
        f.krw,
        f.role,
        f.part_of,
        f.same_as IS NOT NULL OR r.fact_id IS NOT NULL AS is_restated,
        f.evidence_quote,
        f.corrected,
        c.announcement_key,
        c.notice_key,
        c.kind,
        c.title,
        c.url,
        c.posted_on,
        c.is_primary,
        p.name,
        p.name_norm,
        p.status,
        left(f."year", 4) AS stated_year,
        coalesce(g.successor, one_region(c.sidos)) AS named_region,
        c.cancelled OR coalesce(p.outcome = 'cancelled', FALSE) AS cancelled,
        coalesce(p.ends > p.starts, FALSE) AS several_years,
        coalesce(
            left(f."year", 4),
            p.starts,
            nullif(regexp_extract(c.title, '20\d\d'), ''),
            strftime(coalesce(c.posted_on, c.opens_on, c.closes_on), '%Y')
        ) AS year,
        -- The programme, else the call itself: an article's amount that is tied to no programme belongs to none.
        coalesce(p.name_norm, CASE WHEN c.kind = 'announcement' THEN c.notice_key END) AS owner,
        -- A call speaks before a release, a release before an article; columns and surveys decide nothing.
        CASE c.kind WHEN 'announcement' THEN 1 WHEN 'press_release' THEN 2 WHEN 'article' THEN 3 END AS rank,
        CASE WHEN w.krw IS NULL THEN 0 WHEN w.part_of IS NULL THEN 1 ELSE 2 END AS depth
    FROM fact_amount AS f
    JOIN announcement_state AS c USING (version_key)
    LEFT JOIN sole AS o
        ON o.version_key = CASE WHEN f.programme IS NULL AND c.kind = 'announcement' THEN f.version_key END
    LEFT JOIN document_programme AS p ON p.version_key = f.version_key AND p.name = coalesce(f.programme, o.name)
    LEFT JOIN container AS w ON w.version_key = f.version_key AND w.krw = f.part_of
    LEFT JOIN merged AS g ON g.parts = c.sidos
    LEFT JOIN rounded AS r ON r.fact_id = f.fact_id
),

admitted AS (
    SELECT
        *,
        -- A document that names no place speaks of the only region that others name for the same programme.
        CASE
            WHEN named_region <> '미상' THEN named_region
            WHEN min(nullif(named_region, '미상')) OVER of_owner = max(nullif(named_region, '미상')) OVER of_owner
                THEN max(nullif(named_region, '미상')) OVER of_owner
            ELSE named_region
        END AS region,
        CASE
            WHEN role NOT IN ('total', 'national', 'local', 'private', 'annual') THEN 'no funding'
            WHEN is_restated THEN 'restated'
            WHEN owner IS NULL THEN 'no programme'
            WHEN rank IS NULL THEN 'opinion or survey'
            WHEN status = 'proposed' THEN 'asked for'
            WHEN cancelled THEN 'cancelled'
        END AS not_admitted
    FROM stated
    WINDOW of_owner AS (PARTITION BY owner)
),

nearest AS (  -- of one programme and funding source the level that is nearest to the whole counts
    SELECT * FROM admitted
    WHERE not_admitted IS NULL
    QUALIFY depth = min(depth) OVER (PARTITION BY version_key, owner, role)
),

whole AS (  -- The whole run of years speaks for its years, and of several totals the largest.
    SELECT
        *,
        max(krw) FILTER (WHERE role = 'total') OVER of_programme AS total,
        list(krw) FILTER (WHERE role = 'total') OVER of_programme AS totals,
        count(*) OVER of_programme AS amounts
    FROM nearest
    WINDOW
        of_programme AS (PARTITION BY version_key, owner),
        of_source AS (PARTITION BY version_key, owner, role)
    QUALIFY (stated_year IS NULL OR count(*) FILTER (WHERE stated_year IS NULL) OVER of_source = 0)
        AND (
            role NOT IN ('total', 'annual')
            OR row_number() OVER (PARTITION BY version_key, owner, role, stated_year ORDER BY krw DESC, fact_id) = 1
        )
),

of_document AS (  -- A source of funding that is part of a total goes with that total.
    SELECT
        *,
        CASE WHEN stated_year IS NOT NULL OR (rank = 1 AND NOT several_years) THEN year END AS edition
    FROM whole
    WHERE role = 'total' OR part_of IS NULL OR total IS NULL OR part_of = total OR NOT list_contains(totals, part_of)
),

of_notice AS (  -- Of the same call on several sites one announcement speaks.
    SELECT * FROM of_document
    QUALIFY rank > 1
        OR version_key = first_value(version_key) OVER (
            PARTITION BY notice_key, role, rank ORDER BY is_primary DESC, version_key
        )
),

spoken AS (
    SELECT
        *,
        -- Of a programme's documents: the better kind, then the newer, then the one with more amounts.
        first_value(version_key) OVER (
            PARTITION BY owner, region, role, edition
            ORDER BY rank, is_primary DESC, posted_on DESC NULLS LAST, amounts DESC, version_key
        ) = version_key AS speaks_for_edition,
        min(rank) OVER of_source AS best_rank,
        min(rank) FILTER (WHERE edition IS NULL) OVER of_source AS whole_rank
    FROM of_notice
    WINDOW of_source AS (PARTITION BY owner, region, role)
),

chosen AS (
    SELECT * FROM spoken
    WHERE speaks_for_edition
        AND CASE WHEN edition IS NULL THEN rank = best_rank ELSE rank < coalesce(whole_rank, rank + 1) END
),

track AS MATERIALIZED (
    SELECT
        c.fact_id,
        c.edition,
        concat_ws(chr(31), w.umbrella, c.region, c.role) AS above
    FROM chosen AS c JOIN site.programme_within AS w ON w.part = c.owner
),

of_track AS (  -- What an umbrella states speaks for its tracks. One key: few regions and roles make a long join.
    SELECT DISTINCT t.fact_id
    FROM track AS t JOIN chosen AS u ON concat_ws(chr(31), u.owner, u.region, u.role) = t.above
    WHERE u.edition IS NULL OR t.edition IS NULL OR u.edition = t.edition
)

SELECT
    a.fact_id,
    a.announcement_key,
    a.version_key,
    sha_key(a.name_norm) AS programme_key,
    coalesce(a.name, CASE WHEN a.owner IS NOT NULL THEN a.title END) AS programme,
    a.region,
    a.year,
    a.role,
    a.krw,
    a.part_of,
    a.kind,
    a.posted_on,
    a.title,
    a.url,
    a.evidence_quote,
    a.corrected,
    CASE
        WHEN a.not_admitted IS NOT NULL THEN a.not_admitted
        WHEN d.fact_id IS NULL THEN 'part'
        WHEN c.fact_id IS NULL THEN 'another document'
        WHEN t.fact_id IS NOT NULL THEN 'umbrella'
    END AS set_aside
FROM admitted AS a
LEFT JOIN of_document AS d USING (fact_id)
LEFT JOIN chosen AS c USING (fact_id)
LEFT JOIN of_track AS t USING (fact_id)

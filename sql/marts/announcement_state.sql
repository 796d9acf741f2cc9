-- 공고의 현재 판과 묶음, 날짜와 무관한 모든 것 | Announcements in their current version with all that does not depend on the day; `is_primary` marks the one that stands for its notice
-- table: announcement_key of announcement
WITH place AS (
    SELECT
        version_key,
        list_sort(list(DISTINCT sido)) AS sidos
    FROM fact_region
    WHERE sido IS NOT NULL
    GROUP BY version_key
),

money AS (
    SELECT
        version_key,
        count(*) AS amounts,
        max(krw) FILTER (role = 'award_ceiling') AS award_ceiling
    FROM fact_amount
    GROUP BY version_key
),

closing AS (
    SELECT
        version_key,
        arg_min(evidence_quote, fact_id) AS closes_evidence
    FROM fact_application
    WHERE edge = 'closes_at'
    GROUP BY version_key
),

correction AS (
    SELECT
        version_key,
        string_agg(DISTINCT told, ' · ' ORDER BY told) AS corrected
    FROM fact_correction
    GROUP BY version_key
),

state AS (
    SELECT
        a.announcement_key,
        a.notice_key,
        a.source,
        a.native_id,
        a.url,
        v.version_key,
        v.title,
        v.kind,
        v.relevant,
        v.agency,
        v.posted_on,
        v.opens_on,
        v.closes_on,
        v.closes_time,
        CASE WHEN v.kind = 'announcement' AND is_no_call(v.title) THEN 'no call' ELSE v.closes_kind END AS closes_kind,
        v.change_kind,
        a.first_seen_at,
        l.vanished_at,
        coalesce(p.sidos, []) AS sidos,
        m.award_ceiling,
        c.closes_evidence,
        k.corrected,
        is_cancelled(v.change_kind, v.title) AS cancelled,
        coalesce(m.amounts, 0) AS amounts
    FROM announcement AS a JOIN announcement_version AS v ON v.announcement_key = a.announcement_key AND v.is_current
    LEFT JOIN current_listing AS l ON l.announcement_key = a.announcement_key
    LEFT JOIN place AS p ON p.version_key = v.version_key
    LEFT JOIN money AS m ON m.version_key = v.version_key
    LEFT JOIN closing AS c ON c.version_key = v.version_key
    LEFT JOIN correction AS k ON k.version_key = v.version_key
),

several AS (  -- only announcements that share a notice have to be compared
    SELECT
        announcement_key,
        list_sort(list_distinct(list(source) OVER (PARTITION BY notice_key))) AS sources,
        row_number()
            OVER (
                PARTITION BY notice_key ORDER BY kind = 'announcement' DESC, amounts DESC, posted_on, announcement_key
            )
        = 1 AS is_primary
    FROM state
    WHERE notice_key IN (
            SELECT notice_key FROM state
            GROUP BY notice_key
            HAVING count(*) > 1
        )
)

SELECT
    s.* EXCLUDE (amounts),
    coalesce(n.is_primary, TRUE) AS is_primary,
    coalesce(n.sources, [s.source]) AS sources,
    n.is_primary IS NOT NULL AS shared
FROM state AS s LEFT JOIN several AS n USING (announcement_key)
ORDER BY s.closes_on NULLS LAST  -- what is open stands together

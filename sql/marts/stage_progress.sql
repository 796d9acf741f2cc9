-- 지역별 사업의 도달 단계(제안 → 계획 → 공모 → 실증 → 도입) | How far a region's programmes have come, from proposal over demonstration to adoption
-- table
WITH reached AS (
    SELECT
        programme_key,
        region,
        max(stage_reached(status, type, outcome)) AS stage
    FROM commitment
    WHERE status IS NOT NULL AND stage IS DISTINCT FROM 'cancelled'
    GROUP BY programme_key, region
)

SELECT
    region,
    count(*) FILTER (stage = 1) AS proposals,
    count(*) FILTER (stage = 2) AS plans,
    count(*) FILTER (stage = 3) AS calls,
    count(*) FILTER (stage = 4) AS demonstrations,
    count(*) FILTER (stage = 5) AS adoptions,
    round(count(*) FILTER (stage = 5) / nullif(count(*) FILTER (stage IN (4, 5)), 0), 2) AS adoption_share
FROM reached
GROUP BY region

-- 사업의 현재 단계(제안·계획·결정·진행·종료, 사업·지역별 한 행) | Where each programme stands, from what is only asked for to what has ended; one row a programme and region
-- table: programme_key of programme
SELECT
    programme_key,
    name,
    unnest(every_region(sidos)) AS region,
    type,
    CASE
        WHEN cancelled THEN 'cancelled'
        WHEN status = 'proposed' THEN 'proposed'
        WHEN status = 'planned' THEN 'planned'
        WHEN status = 'open' THEN 'decided'
        WHEN status = 'selected' THEN 'decided'
        WHEN status = 'ongoing' THEN 'running'
        WHEN status = 'ended' THEN 'ended'
    END AS stage,
    status,
    outcome,
    posted_on,
    title,
    url,
    version_key,
    evidence_quote,
    corrected
FROM programme_status

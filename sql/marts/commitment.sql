-- 사업이 제안·계획·결정·진행·종료 가운데 어디에 있나(사업·지역마다 한 행) | Where each programme stands, from what is only asked for to what has ended; one row a programme and region
-- table
SELECT
    programme_key,
    name,
    unnest(every_region(sidos)) AS region,
    type,
    CASE status
        WHEN 'proposed' THEN 'proposed'
        WHEN 'planned' THEN 'planned'
        WHEN 'open' THEN 'decided'
        WHEN 'selected' THEN 'decided'
        WHEN 'ongoing' THEN 'running'
        WHEN 'ended' THEN 'ended'
    END AS stage,
    status,
    posted_on,
    title,
    url,
    version_key,
    evidence_quote
FROM programme_status

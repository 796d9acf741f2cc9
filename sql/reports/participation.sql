-- 참여 기관 | Who takes part | Which bodies act in how many calls, as what, and where?
SELECT
    organisation AS 기관,
    calls AS 공고,
    hosts AS 주관,
    operates AS 전담,
    participates AS 참여,
    array_to_string(regions, ', ') AS 지역
FROM organisation_role
ORDER BY 공고 DESC, 기관 LIMIT 100

-- How far the programmes of a region have come.
SELECT
    sum(proposals)::BIGINT AS proposals,
    sum(plans)::BIGINT AS plans,
    sum(calls)::BIGINT AS calls,
    sum(demonstrations)::BIGINT AS demonstrations,
    sum(adoptions)::BIGINT AS adoptions
FROM stage_progress
WHERE region = $region

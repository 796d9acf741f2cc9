-- 실증 후 도입 현황 | From demonstration to adoption | Where do the programmes of each region stop, and how many demonstrations are followed by real use?
SELECT
    region,
    proposals,
    plans,
    calls,
    demonstrations,
    adoptions,
    adoption_share
FROM stage_progress
ORDER BY demonstrations + adoptions DESC, region

-- 실증에서 도입까지 | From demonstration to adoption | Where do the programmes of each region stop, and how many demonstrations are followed by real use?
SELECT
    region AS 지역,
    proposals AS 제안,
    plans AS 계획,
    calls AS 공모,
    demonstrations AS 실증,
    adoptions AS 도입,
    adoption_share AS 도입비율
FROM stage_progress
ORDER BY demonstrations + adoptions DESC, region

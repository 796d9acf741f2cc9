-- 지역·분야별 사업 수 | Programmes by region and sector | Which industries each region's programmes aim at
SELECT r.sido AS 지역, s.sector AS 분야, count(DISTINCT p.name_norm) AS 사업수
FROM current_announcement AS c JOIN fact_programme AS p USING (version_key) JOIN fact_region AS r USING (version_key) JOIN fact_sector AS s USING (version_key)
GROUP BY ALL ORDER BY 지역, 사업수 DESC, 분야

-- 지역·분야별 사업 수 | Programmes by region and sector | Which industries each region's programmes aim at
SELECT
    region AS 지역,
    sector AS 분야,
    programmes AS 사업수
FROM sector_count
WHERE programmes > 0
ORDER BY 지역, 사업수 DESC, 분야

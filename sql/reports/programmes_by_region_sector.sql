-- 지역·분야별 사업 수 | Programmes by region and sector | Which industries each region's programmes aim at
SELECT
    region,
    sector,
    programmes
FROM sector_count
WHERE programmes > 0
ORDER BY region, programmes DESC, sector

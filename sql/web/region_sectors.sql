-- A region's sectors.
SELECT
    sector,
    calls,
    open,
    programmes,
    krw
FROM sector_matrix
WHERE region = $region
ORDER BY calls DESC, sector

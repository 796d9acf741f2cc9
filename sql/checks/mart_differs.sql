-- warn: 처음부터 다시 만든 것과 달랐던 표(이미 바꿈) | A mart that differed from a complete rebuild, which has replaced it
SELECT
    mart,
    format('{}: 빠진 행 {}, 남은 행 {}', mart, missing, surplus) AS told,
    found_at
FROM mart_difference
ORDER BY mart

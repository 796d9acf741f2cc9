-- 계속·종료 사업 | Continuity | Which programmes come back, which ended, and by what is that known? (the first 500)
SELECT
    name AS programme,
    editions,
    first_year,
    last_year,
    skipped_years,
    verdict,
    ground,
    ground_detail,
    last_title,
    last_url AS url
FROM programme_continuity
ORDER BY verdict = 'unknown', editions DESC, last_year DESC, name LIMIT 500

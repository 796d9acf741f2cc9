-- 이어지는 사업과 한 해로 끝난 사업 | Programmes that go on, and programmes that ended after one year
SELECT programme_key, arg_max(name, year) AS name, count(*) AS editions, min(year) AS first_year, max(year) AS last_year, list(year ORDER BY year) AS years,
    coalesce(sum(skipped_years), 0)::INTEGER AS skipped_years,
    CASE WHEN max(year) >= year(today_seoul()) AND count(*) > 1 THEN 'continuing' WHEN max(year) >= year(today_seoul()) THEN 'first year'
         WHEN count(*) = 1 THEN 'ended after one year' ELSE 'ended' END AS verdict,
    arg_max(title, year) AS last_title, arg_max(url, year) AS last_url
FROM programme_edition GROUP BY programme_key

-- 이어지는 사업과 한 해로 끝난 사업 | Programmes that go on, and programmes that ended after one year
SELECT
    * EXCLUDE (last_title, last_url),
    CASE WHEN last_year >= year(today_seoul()) AND editions > 1 THEN 'continuing' WHEN
            last_year >= year(today_seoul())
            THEN 'first year'
        WHEN editions = 1 THEN 'ended after one year' ELSE 'ended'
    END AS verdict,
    last_title,
    last_url
FROM programme_history

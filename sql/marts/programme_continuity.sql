-- 계속 사업과 종료 사업, 판정 근거(공고, 본문, 사업 기간, 공백 없는 수집). 근거가 없으면 unknown | Programmes that go on and programmes that ended, with the ground of the verdict: calls, the text, the stated period, or a source that was collected without a hole through the season of the next call
WITH season AS (
    SELECT
        *,
        (last_posted_on + INTERVAL 305 DAY)::DATE AS season_from,
        (last_posted_on + INTERVAL 425 DAY)::DATE AS season_until
    FROM programme_history
),

holed AS (
    SELECT DISTINCT s.programme_key
    FROM season AS s
    JOIN collection_gap AS g ON g.source = s.last_source AND g.after < s.season_until AND g.until > s.season_from
),

judged AS (
    SELECT
        s.*,
        CASE
            WHEN outcome IN ('discontinued', 'cancelled') AND coalesce(last_year <= year(outcome_on), TRUE) THEN 'ended'
            WHEN last_year >= year(today_seoul()) AND editions > 1 THEN 'continuing'
            WHEN outcome IN ('continued', 'expanded', 'adopted') THEN 'continued'
            WHEN last_year >= year(today_seoul()) THEN 'first year'
            WHEN ends >= year(today_seoul()) THEN 'running'
            -- A source that was never collected has no gap: it has to have one complete run to be judged by.
            WHEN
                season_until < today_seoul()
                AND h.programme_key IS NULL
                AND last_source IN (SELECT source FROM collection_gap)
                THEN 'not called again'
            ELSE 'unknown'
        END AS verdict
    FROM season AS s LEFT JOIN holed AS h USING (programme_key)
)

SELECT
    programme_key,
    name,
    editions,
    first_year,
    last_year,
    years,
    skipped_years,
    verdict,
    CASE
        WHEN verdict IN ('ended', 'continued') THEN 'text'
        WHEN verdict IN ('continuing', 'first year') THEN 'calls'
        WHEN verdict = 'running' THEN 'period'
        WHEN verdict = 'not called again' THEN 'coverage'
    END AS ground,
    CASE
        WHEN verdict IN ('ended', 'continued') THEN outcome_quote
        WHEN verdict = 'running' THEN '~ ' || ends
        WHEN verdict = 'not called again' THEN concat_ws(' ', last_source, season_from, '~', season_until)
    END AS ground_detail,
    last_title,
    last_url
FROM judged

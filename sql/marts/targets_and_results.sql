-- 목표 지표와 실적 지표, 목표별 실적 유무 | Rates that were promised and rates that were reported; a promise is met or missed by a result of the same programme and measure, else open
-- table: programme of rate or split_part(fact_id, ':', 1) of version, from rated
WITH rate AS (
    SELECT
        f.fact_id,
        -- Records made before rates had a side do not say whose they are: the first programme of the document is taken.
        CASE WHEN f.side IS NULL THEN coalesce(f.programme, p.name) ELSE f.programme END AS programme,
        f.name AS metric,
        f.value,
        f.unit,
        CASE
            WHEN f.side = 'target' THEN 'promised'
            WHEN f.side = 'result' THEN 'reported'
            WHEN
                regexp_matches(substr(v.text, f.evidence_end + 1, 40), '^[^.\n]{0,30}(했다|하였다|됐다|되었다|달성|기록|나타났|것으로 조사)')
                OR p.ended
                THEN 'reported'
            ELSE 'promised'
        END AS side,
        n.sidos,
        n.posted_on,
        n.title,
        n.url,
        f.evidence_quote,
        f.corrected
    FROM fact_metric AS f
    JOIN (
        FROM announcement_state
        WHERE is_primary
    ) AS n USING (version_key)
    JOIN announcement_version AS v USING (version_key)
    LEFT JOIN (
        SELECT
            version_key,
            arg_min(name, (evidence_start, fact_id)) FILTER (evidence_start IS NOT NULL) AS name,
            bool_and(status = 'ended') AS ended
        FROM fact_programme
        GROUP BY version_key
    ) AS p USING (version_key)
    WHERE n.kind <> 'statistics' AND coalesce(f.side, '') NOT IN ('indicator', 'claim')
),

result AS (  -- the latest of a programme and measure
    SELECT
        programme_norm(programme) AS programme_norm,
        squash(metric) AS measure,
        unit,
        arg_max(value, (posted_on, fact_id)) AS value,
        arg_max(fact_id, (posted_on, fact_id)) AS fact_id
    FROM rate
    WHERE side = 'reported' AND programme_norm(programme) <> '' AND metric IS NOT NULL
    GROUP BY ALL
)

SELECT
    r.*,
    CASE
        WHEN r.side = 'reported' THEN NULL
        WHEN o.fact_id IS NULL THEN 'open'
        WHEN abs(o.value) = abs(r.value) THEN 'met'
        -- Of an improvement more is better; of another measure the text does not say which way it should go.
        WHEN NOT regexp_matches(r.metric, '향상|증가|확대|개선|상승|감소|절감|단축|저감') THEN 'reported'
        WHEN abs(o.value) > abs(r.value) THEN 'met'
        ELSE 'missed'
    END AS verdict,
    CASE WHEN r.side = 'promised' THEN o.fact_id END AS result_fact_id
FROM rate AS r
LEFT JOIN result AS o
    ON o.programme_norm = programme_norm(r.programme) AND o.measure = squash(r.metric) AND o.unit = r.unit
ORDER BY r.posted_on DESC NULLS LAST  -- the newest first: reports read the beginning

-- 약속한 지표와 보고된 지표 | Rates that were promised, and rates that were reported afterwards
-- table
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
    f.evidence_quote
FROM fact_metric AS f
JOIN (
    FROM announcement_state
    WHERE is_primary
) AS n USING (version_key)
JOIN announcement_version AS v USING (version_key)
LEFT JOIN (
    SELECT
        version_key,
        arg_min(name, evidence_start) AS name,
        bool_and(status = 'ended') AS ended
    FROM fact_programme
    GROUP BY version_key
) AS p USING (version_key)
WHERE n.kind <> 'statistics' AND coalesce(f.side, '') NOT IN ('indicator', 'claim')
ORDER BY n.posted_on DESC NULLS LAST  -- the newest first: reports read the beginning

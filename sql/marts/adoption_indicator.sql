-- AI 도입률 같은 지표(조사·통계와 기사에서) | Indicators such as the rate of adoption, from surveys and articles
-- table
SELECT
    f.fact_id,
    f.name AS indicator,
    f.value,
    f.unit,
    n.sidos,
    n.posted_on,
    n.kind,
    n.title,
    n.url,
    f.evidence_quote
FROM fact_metric
        AS f JOIN (
    FROM announcement_state
    WHERE is_primary
) AS n USING (version_key)
WHERE
    f.side = 'indicator'
    OR (
        f.side IS NULL  -- a record made before rates had a side
        AND (n.kind = 'statistics' OR regexp_matches(coalesce(f.name, ''), '도입률|도입율|활용률|활용율|이용률|보급률|확산율'))
    )

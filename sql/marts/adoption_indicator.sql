-- AI 도입률 같은 지표(무엇을, 누구의, 언제) | Indicators such as the rate of adoption: what is measured, whose it is and of which year
-- table: split_part(fact_id, ':', 1) of version
SELECT
    f.fact_id,
    f.name AS indicator,
    f.subject,
    f."year",
    f.value,
    f.unit,
    n.sidos,
    n.posted_on,
    n.kind,
    n.title,
    n.url,
    f.evidence_quote,
    f.corrected
FROM fact_metric AS f
JOIN (
    FROM announcement_state
    WHERE is_primary
) AS n USING (version_key)
WHERE
    f.side = 'indicator'
    OR (
        f.side IS NULL  -- a record made before rates had a side
        AND (n.kind = 'statistics' OR regexp_matches(coalesce(f.name, ''), '도입률|도입율|활용률|활용율|이용률|보급률|확산율'))
    )

-- 금액을 공고·사업마다 한 번만 센 목록(지역·연도 포함) | Amounts counted once a call and programme, with region and year
WITH first_programme AS (
    SELECT version_key, arg_min(name_norm, evidence_start) AS programme_norm, min(left(starts, 4)) AS starts FROM fact_programme GROUP BY version_key
)
SELECT f.fact_id, n.announcement_key, n.version_key, n.title, n.url, f.krw, f.role, f.evidence_quote,
    CASE len(n.sidos) WHEN 0 THEN '미상' WHEN 1 THEN n.sidos[1] ELSE '여러 시도' END AS region,
    coalesce(p.starts, strftime(n.posted_on, '%Y')) AS year
FROM fact_amount AS f JOIN notice AS n ON n.version_key = f.version_key LEFT JOIN first_programme AS p ON p.version_key = f.version_key
QUALIFY row_number() OVER (PARTITION BY coalesce(p.programme_norm, n.announcement_key), region, year, f.role, f.krw ORDER BY n.posted_on, f.fact_id) = 1

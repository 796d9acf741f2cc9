-- 금액을 공고·사업마다 한 번만 센 목록(지역·연도 포함) | Amounts counted once a call and programme, with region and year
WITH first_programme AS (
    SELECT version_key, arg_min(name_norm, evidence_start) AS programme_norm, min(left(starts, 4)) AS starts FROM fact_programme GROUP BY version_key
), counted AS (
    SELECT f.*, coalesce(c.notice_key, c.announcement_key) AS notice, c.version_key IN (SELECT version_key FROM notice) AS leads,
        count(*) OVER (PARTITION BY f.version_key, f.role) AS sums
    FROM fact_amount AS f JOIN current_announcement AS c USING (version_key)
), told AS (  -- of each notice and role the sums of one document: the call's own, else of the piece that says most
    SELECT * FROM counted QUALIFY dense_rank() OVER (PARTITION BY notice, role ORDER BY leads DESC, sums DESC, version_key) = 1
)
SELECT f.fact_id, n.announcement_key, n.version_key, n.title, n.url, f.krw, f.role, f.evidence_quote,
    CASE len(n.sidos) WHEN 0 THEN '미상' WHEN 1 THEN n.sidos[1] ELSE '여러 시도' END AS region,
    coalesce(p.starts, strftime(n.posted_on, '%Y')) AS year
FROM told AS f JOIN notice AS n ON coalesce(n.notice_key, n.announcement_key) = f.notice LEFT JOIN first_programme AS p ON p.version_key = n.version_key
QUALIFY row_number() OVER (PARTITION BY coalesce(p.programme_norm, n.announcement_key), region, year, f.role, f.krw ORDER BY n.posted_on, f.fact_id) = 1

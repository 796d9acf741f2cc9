-- 지역과 분야마다 공고 수와 총사업비 | Calls and their totals by region and sector
WITH place AS (
    SELECT n.*, unnest(CASE WHEN len(n.sidos) = 0 THEN ['미상'] ELSE n.sidos END) AS region FROM notice AS n WHERE n.relevant
), money AS (SELECT announcement_key, sum(krw) AS krw FROM notice_amount WHERE role = 'total' GROUP BY announcement_key)
SELECT p.region, s.sector, count(DISTINCT p.announcement_key) AS calls, count(DISTINCT p.announcement_key) FILTER (p.status = 'open') AS open,
    coalesce(sum(m.krw), 0)::BIGINT AS krw
FROM place AS p JOIN (SELECT DISTINCT version_key, sector FROM fact_sector) AS s USING (version_key) LEFT JOIN money AS m USING (announcement_key)
GROUP BY ALL

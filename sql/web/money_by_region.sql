-- Decided totals by region, all years, in KRW.
SELECT
    region AS name,
    sum(krw)::BIGINT AS value
FROM decided_amount
WHERE role = 'total'
GROUP BY region

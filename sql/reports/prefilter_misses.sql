-- 목록 선별 결과 | Prefilter of lists | How many rows were fetched, sampled or left, and how many AI programmes the sample says are missed among those left
SELECT
    CASE WHEN grouping(r.source) = 1 THEN '모두' ELSE r.source END AS source,
    sum(r.listed)::BIGINT AS listed,
    coalesce(sum(r.listed) FILTER (r.prefilter = 'likely'), 0)::BIGINT AS fetched,
    coalesce(sum(r.listed) FILTER (r.prefilter = 'sample'), 0)::BIGINT AS sampled,
    coalesce(sum(r.listed) FILTER (r.prefilter = 'left'), 0)::BIGINT AS not_fetched,
    coalesce(sum(r.of_ai) FILTER (r.prefilter = 'sample'), 0)::BIGINT AS of_ai_in_sample,
    round(not_fetched * of_ai_in_sample / nullif(sampled, 0), 1) AS estimated_misses
FROM prefilter_result AS r
GROUP BY rollup(r.source)
ORDER BY grouping(r.source), r.source

-- 목록 거름망 | The prefilter of lists | How many rows were fetched, sampled or left, and how many AI programmes the sample says are missed among those left
SELECT
    CASE WHEN grouping(source) = 1 THEN '모두' ELSE source END AS 수집처,
    sum(listed)::BIGINT AS 목록,
    coalesce(sum(listed) FILTER (prefilter = 'likely'), 0)::BIGINT AS 가져옴,
    coalesce(sum(listed) FILTER (prefilter = 'sample'), 0)::BIGINT AS 표본,
    coalesce(sum(listed) FILTER (prefilter = 'left'), 0)::BIGINT AS 남겨둠,
    coalesce(sum(of_ai) FILTER (prefilter = 'sample'), 0)::BIGINT AS 표본속AI사업,
    round(남겨둠 * 표본속AI사업 / nullif(표본, 0), 1) AS 놓친것추정
FROM prefilter_result
GROUP BY rollup(source)
ORDER BY grouping(source), source

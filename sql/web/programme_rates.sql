-- The rates that a programme promised, each with the reported one that answers it; then those that were only reported.
SELECT
    t.fact_id,
    t.metric,
    t.value,
    t.unit,
    t.side,
    t.verdict,
    t.posted_on,
    t.title,
    t.evidence_quote,
    t.corrected,
    r.fact_id AS result_fact_id,
    r.value AS result,
    r.unit AS result_unit,
    r.posted_on AS result_on,
    r.evidence_quote AS result_quote
FROM targets_and_results AS t LEFT JOIN targets_and_results AS r ON r.fact_id = t.result_fact_id
WHERE programme_norm(t.programme) = (
        SELECT name_norm FROM programme
        WHERE programme_key = $programme_key
    )
    AND t.fact_id NOT IN (
        SELECT result_fact_id FROM targets_and_results
        WHERE result_fact_id IS NOT NULL
    )
ORDER BY t.side, t.posted_on DESC NULLS LAST, t.metric, t.fact_id LIMIT 100

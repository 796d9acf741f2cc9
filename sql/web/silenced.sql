-- The facts of a version that people silenced, with what was read there.
SELECT
    fact_id,
    replace(fact_table, 'fact_', '') AS kind,
    coalesce(
        was ->> 'krw',
        was ->> 'name',
        was ->> 'sector',
        concat_ws(' ', was ->> 'edge', was ->> 'rule', was ->> 'channel', was ->> 'value', was ->> 'unit')
    ) AS said,
    was ->> 'evidence_quote' AS evidence_quote,
    told AS corrected,
    was
FROM fact_correction
WHERE version_key = $version_key AND silenced
ORDER BY (was ->> 'evidence_start')::INTEGER, fact_id

-- 오류 현황 | Problems | What went wrong in the latest runs, and what could not be read (the first 500)
SELECT
    source,
    CASE WHEN e.j ->> 'outcome' IN ('stale', 'skipped') THEN e.j ->> 'outcome' ELSE 'run ' || state END AS kind,
    coalesce(e.j ->> 'url', run_id) AS subject,
    coalesce(e.j ->> 'message', e.j ->> 'outcome', state) AS message
FROM (FROM source_run QUALIFY row_number() OVER (PARTITION BY source ORDER BY started_at DESC) = 1) AS r
LEFT JOIN LATERAL (SELECT unnest(entries(r.errors)) AS j) AS e ON TRUE
WHERE r.state NOT IN ('ok', 'skipped') OR e.j IS NOT NULL
UNION ALL
SELECT
    split_part(batch_id, '__', 1),
    'batch not loaded',
    batch_id,
    error
FROM load_problem
UNION ALL
SELECT
    source,
    'document ' || outcome,
    coalesce(url, native_id),
    coalesce(reason, title)
FROM announcement
WHERE outcome <> 'ok'
ORDER BY ALL
LIMIT 500

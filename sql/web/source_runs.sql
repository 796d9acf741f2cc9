-- The last runs of a source.
SELECT
    run_id,
    strftime(started_at, '%Y-%m-%d %H:%M') AS started,
    epoch(finished_at - started_at)::INTEGER AS seconds,
    state,
    pages,
    listed,
    new_count,
    changed,
    fetched,
    extracted,
    failed,
    complete,
    errors::VARCHAR AS errors,
    newest
FROM source_run
WHERE source = $source
ORDER BY started_at DESC LIMIT 30

-- The exchanges of a source's last run that went wrong, with where the archive holds them.
SELECT
    run_id,
    url,
    purpose,
    strftime("at", '%Y-%m-%d %H:%M:%S') AS fetched_at,
    outcome,
    status,
    bytes,
    warc_file,
    warc_record,
    error
FROM "fetch"
WHERE source = $source AND outcome NOT IN ('ok', 'not_modified')
ORDER BY "at" DESC LIMIT 30

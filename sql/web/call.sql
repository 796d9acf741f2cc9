-- One announcement, in its current version or in the one that is asked for.
SELECT
    a.announcement_key,
    a.notice_key,
    a.source,
    s.name_ko AS source_name,
    a.native_id,
    a.url,
    a.outcome,
    a.reason,
    v.version_key,
    v.document_key,
    v.title,
    v.kind,
    v.relevant,
    v.agency,
    v.posted_on,
    v.opens_on,
    v.closes_on,
    v.closes_time,
    v.closes_kind,
    v.change_kind,
    v.corrected,
    v.is_current,
    v.text,
    strftime(v.valid_from, '%Y-%m-%d %H:%M') AS valid_from,
    strftime(a.first_seen_at, '%Y-%m-%d %H:%M') AS first_seen,
    strftime(a.last_seen_at, '%Y-%m-%d %H:%M') AS last_seen
FROM (
    FROM announcement
    WHERE rowid BETWEEN $announcement_row AND $announcement_row
) AS a
LEFT JOIN (
    FROM announcement_version
    WHERE rowid BETWEEN $version_first AND $version_last
) AS v
    ON v.announcement_key = a.announcement_key
        AND CASE WHEN $version_key::VARCHAR IS NULL THEN v.is_current ELSE v.version_key = $version_key::VARCHAR END
LEFT JOIN source AS s ON s.source = a.source

-- The versions of an announcement, the latest first.
SELECT
    version_key,
    document_key,
    strftime(valid_from, '%Y-%m-%d %H:%M') AS valid_from,
    change_kind,
    title,
    closes_on,
    is_current,
    length(text) AS letters
FROM announcement_version
WHERE rowid BETWEEN $version_first AND $version_last AND concat(announcement_key) = $announcement_key
ORDER BY announcement_version.valid_from DESC

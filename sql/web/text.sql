-- The text of one version.
SELECT
    text,
    title,
    strftime(valid_from, '%Y-%m-%d %H:%M') AS valid_from
FROM announcement_version
WHERE rowid BETWEEN $version_first AND $version_last
    AND concat(announcement_key) = $announcement_key
    AND version_key = $version_key

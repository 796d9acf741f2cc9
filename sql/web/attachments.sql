-- The files of a version, and what became of them.
SELECT
    name,
    url,
    sha256,
    bytes,
    media_type,
    outcome,
    reason,
    role,
    text_start,
    text_end
FROM attachment
WHERE version_key = $version_key
ORDER BY text_start NULLS LAST, name

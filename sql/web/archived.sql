-- Where the archive holds what a version was read from.
SELECT
    source,
    warc_file,
    warc_record,
    media_type,
    url,
    strftime(retrieved_at, '%Y-%m-%d %H:%M') AS retrieved_at
FROM document
WHERE document_key = $document_key

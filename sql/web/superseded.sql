-- What a version says it was before: words that its document strikes out or names as what was, each with its file.
SELECT
    told ->> 'quote' AS quote,
    told ->> 'file' AS file
FROM (
    SELECT unnest(from_json(removed, '["JSON"]')) AS told FROM document
    WHERE document_key = $document_key
)
WHERE told ->> 'kind' = 'superseded'

-- What a version says it was before: words that its document strikes out or names as what was, each with its file.
SELECT
    passage ->> 'quote' AS quote,
    passage ->> 'file' AS file
FROM (
    SELECT unnest(from_json(removed, '["JSON"]')) AS passage FROM document
    WHERE document_key = $document_key
)
WHERE passage ->> 'kind' = 'superseded'

-- Where no announcement has all words of a search: those that have most of them.
SELECT
    announcement_key,
    title,
    status,
    sidos
FROM search($words::VARCHAR, most := 5)
WHERE words_found < words_asked

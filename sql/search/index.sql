-- Index the new documents from number $first to $last: their words from the beginning, as far as four letters reach into
-- the words that follow, and from the third letter of a longer word on (the second of a Latin one), so that a part of a
-- compound is found too.
CREATE OR REPLACE TEMP TABLE search_token AS
SELECT
    doc,
    times,
    unnest(tokens) AS token,
    unnest(tokens[2:]) AS second,
    unnest(tokens[3:]) AS third,
    unnest(tokens[4:]) AS fourth
FROM (
    SELECT
        n.doc,
        unnest([4, 1]) AS times,
        unnest([search_tokens(concat_ws(' ', v.title, v.agency)), search_tokens(v.text)]) AS tokens
    FROM search_new AS n JOIN announcement_version AS v USING (version_key)
    WHERE n.doc BETWEEN $first AND $last
);

INSERT INTO site.search_posting
WITH size AS (
    SELECT
        doc,
        0.4 + 0.6 * count(*) / 400 AS long
    FROM search_token
    GROUP BY doc
),

word AS (
    SELECT
        doc,
        token,
        search_glue(token, second, third, fourth) AS letters,
        sum(times) AS times
    FROM search_token
    GROUP BY ALL
),

stretch AS (
    SELECT
        doc,
        letters,
        times
    FROM word
    UNION ALL
    SELECT
        doc,
        token,
        times
    FROM word
    WHERE len(token) = 1
    UNION ALL
    SELECT
        doc,
        token[place:place + 3],
        times
    FROM (
        SELECT
            doc,
            token,
            times,
            unnest(range(CASE WHEN token < '가' THEN 2 ELSE 3 END, len(token))) AS place
        FROM word
        WHERE len(token) > 3 AND token > ':'
    )
)

SELECT
    search_code(letters[1:2]) AS gram,
    search_code(letters[3:4]) AS rest,
    doc,
    least(ceil(8 * sum(times) / any_value(long)), 255)::UTINYINT AS weight
FROM stretch JOIN size USING (doc)
GROUP BY gram, rest, doc
ORDER BY gram, rest, doc;

INSERT INTO site.search_document BY NAME
FROM search_new
WHERE doc BETWEEN $first AND $last;

-- 사업과 그 상위 사업(모든 단계) | Each programme with the ones that it is a part of, over any number of steps, by their normalised names
-- table
WITH document_programme AS (
    SELECT
        version_key,
        name,
        arg_min(name_norm, fact_id) AS name_norm,
        arg_min(parent, fact_id) AS parent
    FROM fact_programme
    WHERE version_key IN (
            SELECT version_key FROM fact_programme
            WHERE parent IS NOT NULL
        )
    GROUP BY version_key, name
),

tie AS (
    SELECT DISTINCT
        c.name_norm AS part,
        p.name_norm AS umbrella
    FROM document_programme AS c JOIN document_programme AS p ON p.version_key = c.version_key AND p.name = c.parent
    WHERE c.name_norm <> p.name_norm
),

within AS (
    WITH RECURSIVE reach AS (
        FROM tie
        UNION
        SELECT
            r.part,
            t.umbrella
        FROM reach AS r JOIN tie AS t ON t.part = r.umbrella
    )

    FROM reach
    ANTI JOIN reach AS back ON back.part = reach.umbrella AND back.umbrella = reach.part  -- documents that disagree
)

SELECT
    part,
    umbrella
FROM within

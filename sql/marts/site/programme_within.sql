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

stated_tie AS (
    SELECT DISTINCT
        c.name_norm AS part,
        p.name_norm AS umbrella
    FROM document_programme AS c JOIN document_programme AS p ON p.version_key = c.version_key AND p.name = c.parent
    WHERE c.name_norm <> p.name_norm
),

sum_of_programme AS (
    SELECT DISTINCT
        p.name_norm,
        concat_ws(chr(31), s.sidos[1], f.role, f.krw) AS mark
    FROM fact_amount AS f
    JOIN announcement_state AS s USING (version_key)
    JOIN fact_programme AS p ON p.version_key = f.version_key AND p.name = f.programme
    WHERE f.krw >= 1e9
        AND f.role IN ('total', 'national', 'local', 'annual')
        AND f.same_as IS NULL
        AND len(s.sidos) = 1
        AND length(p.name_norm) >= 5
),

telling_sum AS (  -- a sum that many programmes of a region have says nothing
    FROM sum_of_programme QUALIFY count(*) OVER (PARTITION BY mark) BETWEEN 2 AND 20
),

tie AS (  -- The same sum of one region under a name and under one that contains it: AX 실증밸리, AX 실증밸리 연계 제품 실증.
    FROM stated_tie
    UNION
    SELECT
        l.name_norm AS part,
        s.name_norm AS umbrella
    FROM telling_sum AS l JOIN telling_sum AS s ON s.mark = l.mark AND contains(l.name_norm, s.name_norm)
    ANTI JOIN stated_tie AS t ON t.part = s.name_norm AND t.umbrella = l.name_norm
    WHERE l.name_norm <> s.name_norm
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

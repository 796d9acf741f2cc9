-- Programmes whose rates are matched again: those that what changed states rates of, or stated; and the documents that state rates of them.
CREATE OR REPLACE TEMP TABLE changed_rate AS
WITH stated AS (
    SELECT programme_norm(programme) AS name_norm
    FROM (
        SELECT programme FROM targets_and_results
        WHERE split_part(fact_id, ':', 1) IN (SELECT key FROM changed_version)
        UNION
        SELECT programme FROM fact_metric
        WHERE version_key IN (SELECT key FROM changed_version)
    )
    UNION
    SELECT name_norm FROM fact_programme
    WHERE version_key IN (SELECT key FROM changed_version)
),

-- Most rates name a programme as its document does, which spares the norm of the name.
unknown AS (
    SELECT DISTINCT m.programme FROM fact_metric AS m ANTI JOIN fact_programme AS p ON p.name = m.programme
    WHERE m.programme IS NOT NULL
)

SELECT name AS key FROM fact_programme SEMI JOIN stated USING (name_norm)
WHERE name_norm <> ''
UNION
SELECT programme FROM unknown
WHERE programme_norm(programme) <> '' AND programme_norm(programme) IN (SELECT name_norm FROM stated);

CREATE OR REPLACE TEMP TABLE changed_rated AS
SELECT announcement_key AS key FROM fact_metric
WHERE programme IN (SELECT key FROM changed_rate)
UNION
SELECT announcement_key FROM fact_programme
WHERE name IN (SELECT key FROM changed_rate)
UNION
SELECT key FROM changed_announcement;

-- The window of a version, from its facts, where a person corrected or silenced one of them; as a load takes it from a record.
CREATE OR REPLACE TEMP TABLE corrected_window AS
WITH stated AS (
    SELECT
        c.version_key,
        any_value(f.value) FILTER (f.edge = 'closes_at') AS closes,
        try_cast(left(any_value(f.value) FILTER (f.edge = 'opens_at'), 10) AS DATE) AS opens
    FROM (
        SELECT DISTINCT version_key FROM fact_correction
        WHERE fact_table = 'fact_application'
    ) AS c
    LEFT JOIN fact_application AS f USING (version_key)
    GROUP BY c.version_key
)

SELECT
    version_key,
    try_cast(left(closes, 10) AS DATE) AS closes_on,
    CASE WHEN opens <= coalesce(closes_on, opens) THEN opens END AS opens_on,
    CASE WHEN length(closes) >= 16 THEN try_cast(substr(closes, 12, 5) AS TIME) END AS closes_time,
    CASE WHEN closes IN ('until_exhausted', 'always') THEN closes WHEN closes_on IS NOT NULL THEN 'day' END
        AS closes_kind
FROM stated;

UPDATE announcement_version SET
    opens_on = w.opens_on, closes_on = w.closes_on, closes_time = w.closes_time, closes_kind = w.closes_kind
FROM corrected_window AS w
WHERE w.version_key = announcement_version.version_key;

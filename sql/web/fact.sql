-- One fact with the words around its evidence, what else states or contradicts it, and what a person said against it.
SELECT
    e.* EXCLUDE (valid_from),
    f.announcement_key,
    f.version_key,
    a.source,
    a.native_id,
    v.posted_on,
    v.kind AS document_kind
FROM evidence($fact_id) AS e
JOIN (
    SELECT
        announcement_key,
        version_key
    FROM fact_evidence
    WHERE fact_id = $fact_id
    UNION
    SELECT
        announcement_key,
        version_key
    FROM fact_correction
    WHERE fact_id = $fact_id
    UNION
    SELECT
        announcement_key,
        version_key
    FROM announcement_version
    WHERE version_key = replace($fact_id, ':document:0', '') AND version_key <> $fact_id
) AS f ON TRUE
JOIN announcement AS a USING (announcement_key)
JOIN announcement_version AS v USING (version_key)
ORDER BY CASE e.says WHEN 'this' THEN 1 WHEN 'silenced' THEN 1 WHEN 'the same' THEN 2 ELSE 3 END

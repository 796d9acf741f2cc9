-- One programme, with the stage that its latest document states and whether it goes on.
SELECT
    p.programme_key,
    p.name,
    p.first_year,
    p.last_year,
    p.mentions,
    d.type,
    d.status,
    d.outcome,
    d.stage,
    d.starts,
    d.ends,
    d.evidence_quote,
    d.fact_id,
    d.corrected,
    d.parent,
    CASE WHEN d.parent IS NOT NULL THEN sha_key(programme_norm(d.parent)) END AS parent_key,
    c.verdict,
    c.ground,
    c.ground_detail,
    coalesce(s.regions, []) AS regions
FROM programme AS p
LEFT JOIN (
    SELECT
        d.*,
        c.stage
    FROM programme_document AS d LEFT JOIN commitment AS c USING (programme_key)
    WHERE d.programme_key = $programme_key
    ORDER BY d.posted_on DESC NULLS LAST, d.first_seen_at DESC, d.fact_id LIMIT 1
) AS d USING (programme_key)
LEFT JOIN programme_continuity AS c USING (programme_key)
LEFT JOIN site.programme_state AS s USING (programme_key)
WHERE p.programme_key = $programme_key
LIMIT 1

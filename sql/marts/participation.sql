-- 기관별 참여 사업, 역할, 지역 | Which organisation takes part in which call, in which role and where
-- table: announcement_key of announcement
SELECT
    o.organisation_key,
    g.name AS organisation,
    f.name AS written,
    s.acronym AS alias_conflict,
    f.role,
    n.sidos,
    f.programme,
    nullif(f.programmes, []) AS programmes,
    n.announcement_key,
    n.title,
    n.posted_on,
    n.url,
    f.fact_id,
    f.evidence_quote,
    f.corrected
FROM fact_organisation
        AS f JOIN (
    FROM announcement_state
    WHERE is_primary
) AS n USING (version_key)
LEFT JOIN organisation_alias_conflict AS s ON s.fact_id = f.fact_id
LEFT JOIN organisation_alias AS o ON o.alias_norm = coalesce(nullif(organisation_norm(s.meant), ''), f.name_norm)
LEFT JOIN organisation AS g USING (organisation_key)
QUALIFY row_number()
        OVER (
            PARTITION BY n.announcement_key, coalesce(o.organisation_key, f.name_norm), f.role
            ORDER BY f.evidence_start, f.fact_id
        )
    = 1

-- 참여 기관 | Who takes part | Which organisations take part in how many calls, in which role, and where?
SELECT
    organisation,
    calls,
    hosts,
    operates,
    participates,
    array_to_string(regions, ', ') AS regions
FROM organisation_role
ORDER BY calls DESC, organisation LIMIT 100

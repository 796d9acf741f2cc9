-- Some calls beside each other: what an applicant asks first.
SELECT
    d.announcement_key,
    d.title,
    d.agency,
    d.opens_on,
    d.closes_on,
    d.closes_time,
    d.closes_kind,
    d.sidos,
    d.sectors,
    d.types,
    d.sizes,
    d.max_company_age,
    d.award_ceiling,
    d.award_amount,
    d.total,
    status_on(d.cancelled, d.opens_on, d.closes_on, d.closes_kind, d.vanished_at, today_seoul()) AS status,
    d.closes_on - today_seoul() AS days_left,
    q.awards,
    p.phones
FROM site.directory AS d
LEFT JOIN (
    SELECT
        version_key,
        list(value::INTEGER || unit ORDER BY value DESC) AS awards
    FROM fact_quantity
    WHERE what = 'supported'
    GROUP BY version_key
) AS q USING (version_key)
LEFT JOIN (
    SELECT
        version_key,
        list(DISTINCT value ORDER BY value) AS phones
    FROM fact_contact
    GROUP BY version_key
) AS p USING (version_key)
WHERE list_contains($keys::VARCHAR[], d.announcement_key)
ORDER BY list_position($keys::VARCHAR[], d.announcement_key)

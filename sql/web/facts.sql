-- Every fact of a version with its evidence, in the order of its text.
SELECT
    f.*,
    t.name AS file,
    list_filter(t.places, LAMBDA p: p.start = f.evidence_start)[1].place AS place,
    CASE WHEN f.kind = 'programme' THEN sha_key(programme_norm(f.said)) END AS programme_key,
    o.organisation_key
FROM (
    SELECT
        'region' AS kind,
        fact_id,
        version_key,
        NULL AS what,
        name AS said,
        NULL AS more,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_region
    WHERE rowid BETWEEN $fact_region_first AND $fact_region_last
    UNION ALL BY NAME
    SELECT
        'sector' AS kind,
        fact_id,
        version_key,
        sector AS said,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_sector
    WHERE rowid BETWEEN $fact_sector_first AND $fact_sector_last
    UNION ALL BY NAME
    SELECT
        'programme' AS kind,
        fact_id,
        version_key,
        type AS what,
        name AS said,
        concat_ws(' ', status, nullif(concat_ws('–', starts, ends), '')) AS more,
        name AS programme,
        status,
        nullif(concat_ws('–', starts, ends), '') AS period,
        parent,
        outcome,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_programme
    WHERE rowid BETWEEN $fact_programme_first AND $fact_programme_last
    UNION ALL BY NAME
    SELECT
        'amount' AS kind,
        fact_id,
        version_key,
        role AS what,
        krw::VARCHAR AS said,
        programme AS more,
        programme,
        "year",
        part_of,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_amount
    WHERE rowid BETWEEN $fact_amount_first AND $fact_amount_last
    UNION ALL BY NAME
    SELECT
        'application' AS kind,
        fact_id,
        version_key,
        edge AS what,
        replace(value, 'T', ' ') AS said,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_application
    WHERE rowid BETWEEN $fact_application_first AND $fact_application_last
    UNION ALL BY NAME
    SELECT
        'quantity' AS kind,
        fact_id,
        version_key,
        unit AS what,
        format('{:,}', value::BIGINT) AS said,
        programme AS more,
        programme,
        "year",
        what AS meaning,
        state AS side,
        per,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_quantity
    WHERE rowid BETWEEN $fact_quantity_first AND $fact_quantity_last
    UNION ALL BY NAME
    SELECT
        'organisation' AS kind,
        fact_id,
        version_key,
        role AS what,
        name AS said,
        programme,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_organisation
    WHERE rowid BETWEEN $fact_organisation_first AND $fact_organisation_last
    UNION ALL BY NAME
    SELECT
        'metric' AS kind,
        fact_id,
        version_key,
        unit AS what,
        value::VARCHAR AS said,
        name AS more,
        programme,
        "year",
        subject,
        side,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_metric
    WHERE rowid BETWEEN $fact_metric_first AND $fact_metric_last
    UNION ALL BY NAME
    SELECT
        'eligibility' AS kind,
        fact_id,
        version_key,
        rule AS what,
        value AS said,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_eligibility
    WHERE rowid BETWEEN $fact_age_first AND $fact_age_last
    UNION ALL BY NAME
    SELECT
        'eligibility' AS kind,
        fact_id,
        version_key,
        rule AS what,
        value AS said,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_eligibility
    WHERE rowid BETWEEN $fact_size_first AND $fact_size_last
    UNION ALL BY NAME
    SELECT
        'contact' AS kind,
        fact_id,
        version_key,
        channel AS what,
        value AS said,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_contact
    WHERE rowid BETWEEN $fact_phone_first AND $fact_phone_last
    UNION ALL BY NAME
    SELECT
        'contact' AS kind,
        fact_id,
        version_key,
        channel AS what,
        value AS said,
        corrected,
        evidence_start,
        evidence_end,
        evidence_quote,
        evidence_field
    FROM fact_contact
    WHERE rowid BETWEEN $fact_email_first AND $fact_email_last
) AS f
LEFT JOIN
    (
        SELECT
            name,
            places,
            text_start,
            text_end
        FROM attachment
        WHERE version_key = $version_key AND text_start IS NOT NULL
    ) AS t
    ON f.evidence_start >= t.text_start AND f.evidence_end <= t.text_end
LEFT JOIN organisation_alias AS o ON f.kind = 'organisation' AND o.alias_norm = organisation_norm(f.said)
WHERE concat(f.version_key) = $version_key  -- not pushed down: the places of the rows are the quicker way
ORDER BY f.evidence_start NULLS FIRST, f.fact_id

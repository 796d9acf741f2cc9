-- Facts of the versions that are new, out of their records; versions of a content that was read before take their twin's, those of versions that are no more go. A fact's key is its place in its version.
INSERT INTO fact_region BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_region AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_region
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_region BY NAME
SELECT
    fact_key(version_key, 'region', place) AS fact_id,
    announcement_key,
    version_key,
    f.name AS name,
    split_part(f.name, ' ', 1) AS sido,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.regions) AS f,
        generate_subscripts(record.regions, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_sector BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_sector AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_sector
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_sector BY NAME
SELECT
    fact_key(version_key, 'sector', place) AS fact_id,
    announcement_key,
    version_key,
    f.name AS sector,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.sectors) AS f,
        generate_subscripts(record.sectors, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_programme BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_programme AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_programme
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_programme BY NAME
SELECT
    fact_key(version_key, 'programme', place) AS fact_id,
    announcement_key,
    version_key,
    f.name AS name,
    programme_norm(f.name) AS name_norm,
    f.aliases,
    f.type,
    f.status,
    f.start AS starts,
    f."end" AS ends,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.programmes) AS f,
        generate_subscripts(record.programmes, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_amount BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_amount AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_amount
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_amount BY NAME
SELECT
    fact_key(version_key, 'amount', place) AS fact_id,
    announcement_key,
    version_key,
    f.krw,
    f.role,
    f.programme,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.amounts) AS f,
        generate_subscripts(record.amounts, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_application BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_application AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_application
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_application BY NAME
SELECT
    fact_key(version_key, edge, 1) AS fact_id,
    announcement_key,
    version_key,
    edge,
    f.value,
    try_cast(left(f.value, 10) AS DATE) AS day,
    CASE WHEN length(f.value) >= 16 THEN try_cast(substr(f.value, 12, 5) AS TIME) END AS time,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        'opens_at' AS edge,
        record.application.opens_at AS f
    FROM stage_document
    JOIN added USING (announcement_key, document_key)
    UNION ALL
    SELECT
        announcement_key,
        version_key,
        'closes_at',
        record.application.closes_at
    FROM stage_document
    JOIN added USING (announcement_key, document_key)
)
WHERE f.value IS NOT NULL;

INSERT INTO fact_quantity BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_quantity AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_quantity
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_quantity BY NAME
SELECT
    fact_key(version_key, 'quantity', place) AS fact_id,
    announcement_key,
    version_key,
    f.value,
    f.unit,
    f.programme,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.quantities) AS f,
        generate_subscripts(record.quantities, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_organisation BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_organisation AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_organisation
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_organisation BY NAME
SELECT
    fact_key(version_key, 'organisation', place) AS fact_id,
    announcement_key,
    version_key,
    f.name,
    organisation_norm(f.name) AS name_norm,
    f.aliases,
    f.role,
    f.programme,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.organisations) AS f,
        generate_subscripts(record.organisations, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_metric BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_metric AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_metric
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_metric BY NAME
SELECT
    fact_key(version_key, 'metric', place) AS fact_id,
    announcement_key,
    version_key,
    f.name,
    f.value,
    f.unit,
    f.programme,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.metrics) AS f,
        generate_subscripts(record.metrics, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_eligibility BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_eligibility AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_eligibility
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_eligibility BY NAME
SELECT
    fact_key(version_key, rule, place) AS fact_id,
    announcement_key,
    version_key,
    rule,
    f.value,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (SELECT
    announcement_key,
    version_key,
    'max_company_age_years' AS rule,
    record.eligibility.max_company_age_years AS f,
    1 AS place
FROM stage_document JOIN added USING (announcement_key, document_key))
WHERE f.value IS NOT NULL;
INSERT INTO fact_eligibility BY NAME
SELECT
    fact_key(version_key, 'company_size', place) AS fact_id,
    announcement_key,
    version_key,
    'company_size' AS rule,
    f.name AS value,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.eligibility.company_sizes) AS f,
        generate_subscripts(record.eligibility.company_sizes, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_contact BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_contact AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_contact
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_contact BY NAME
SELECT
    fact_key(version_key, 'phone', place) AS fact_id,
    announcement_key,
    version_key,
    'phone' AS channel,
    f.name AS value,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.contact.phones) AS f,
        generate_subscripts(record.contact.phones, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);
INSERT INTO fact_contact BY NAME
SELECT
    fact_key(version_key, 'email', place) AS fact_id,
    announcement_key,
    version_key,
    'email' AS channel,
    f.name AS value,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote,
    f.evidence.field AS evidence_field
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.contact.emails) AS f,
        generate_subscripts(record.contact.emails, 1) AS place
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_also BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_also AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_also
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_also BY NAME
SELECT
    version_key || ':' || f.of AS fact_id,
    announcement_key,
    version_key,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.also) AS f
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

INSERT INTO fact_contradicted BY NAME
SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
FROM fact_contradicted AS f
JOIN twin AS t ON t.other = f.version_key;
DELETE FROM fact_contradicted
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_contradicted BY NAME
SELECT
    version_key || ':' || f.of AS fact_id,
    announcement_key,
    version_key,
    f.field,
    f.value,
    f.instead,
    f.evidence.start AS evidence_start,
    f.evidence.end AS evidence_end,
    f.evidence.quote AS evidence_quote
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(record.contradictions) AS f
    FROM stage_document JOIN added USING (announcement_key, document_key)
);

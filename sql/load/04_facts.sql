-- Facts of the versions that are new. A fact's key is its place in its version.
-- A version of a content that was read before takes the facts of its twin.
CREATE OR REPLACE TEMP MACRO facts_of_twins(fact_table) AS TABLE
    SELECT f.* REPLACE (t.version_key AS version_key, t.version_key || fact_place(f.fact_id) AS fact_id)
    FROM query_table(fact_table) AS f
    JOIN twin AS t ON t.other = f.version_key;

-- The others have them in their records: each item of a list of the record as `f`, with its key and its evidence.
CREATE OR REPLACE TEMP MACRO facts_of_records(kind, items) AS TABLE
    SELECT
        announcement_key,
        version_key,
        fact_key(version_key, kind, place) AS fact_id,
        f,
        f.evidence.start AS evidence_start,
        f.evidence.end AS evidence_end,
        f.evidence.quote AS evidence_quote,
        f.evidence.field AS evidence_field
    FROM (
        SELECT
            announcement_key,
            version_key,
            unnest(items) AS f,
            generate_subscripts(items, 1) AS place
        FROM stage_document JOIN added USING (announcement_key, document_key)
    );

-- Each table: what twins have, away with what is of no version any more, what records have.
INSERT INTO fact_region BY NAME FROM facts_of_twins('fact_region');
DELETE FROM fact_region
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_region BY NAME
SELECT
    * EXCLUDE (f),
    f.name AS name,
    split_part(f.name, ' ', 1) AS sido
FROM facts_of_records('region', record.regions);

INSERT INTO fact_sector BY NAME FROM facts_of_twins('fact_sector');
DELETE FROM fact_sector
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_sector BY NAME
SELECT
    * EXCLUDE (f),
    f.name AS sector
FROM facts_of_records('sector', record.sectors);

INSERT INTO fact_programme BY NAME FROM facts_of_twins('fact_programme');
DELETE FROM fact_programme
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_programme BY NAME
SELECT
    * EXCLUDE (f),
    f.name AS name,
    programme_norm(f.name) AS name_norm,
    f.aliases,
    f.type,
    f.status,
    f.start AS starts,
    f."end" AS ends,
    f.parent,
    f.outcome,
    f.grounds
FROM facts_of_records('programme', record.programmes);

INSERT INTO fact_amount BY NAME FROM facts_of_twins('fact_amount');
DELETE FROM fact_amount
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_amount BY NAME
SELECT
    * EXCLUDE (f),
    f.krw,
    f.role,
    f.programme,
    f.year,
    f.part_of,
    f.same_as,
    f.grounds
FROM facts_of_records('amount', record.amounts);

INSERT INTO fact_application BY NAME FROM facts_of_twins('fact_application');
DELETE FROM fact_application
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_application BY NAME
SELECT
    * EXCLUDE (f),
    f.value,
    try_cast(left(f.value, 10) AS DATE) AS day,
    CASE WHEN length(f.value) >= 16 THEN try_cast(substr(f.value, 12, 5) AS TIME) END AS time
FROM (
    SELECT
        'opens_at' AS edge,
        *
    FROM facts_of_records('opens_at', [record.application.opens_at])
    UNION ALL
    SELECT
        'closes_at' AS edge,
        *
    FROM facts_of_records('closes_at', [record.application.closes_at])
)
WHERE f.value IS NOT NULL;

INSERT INTO fact_quantity BY NAME FROM facts_of_twins('fact_quantity');
DELETE FROM fact_quantity
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_quantity BY NAME
SELECT
    * EXCLUDE (f),
    f.value,
    f.unit,
    f.programme,
    f.what,
    f.state,
    f.year,
    f.per,
    f.grounds
FROM facts_of_records('quantity', record.quantities);

INSERT INTO fact_organisation BY NAME FROM facts_of_twins('fact_organisation');
DELETE FROM fact_organisation
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_organisation BY NAME
SELECT
    * EXCLUDE (f),
    f.name,
    organisation_norm(f.name) AS name_norm,
    f.aliases,
    f.role,
    f.programmes[1] AS programme,
    f.programmes,
    f.grounds
FROM facts_of_records('organisation', record.organisations);

INSERT INTO fact_metric BY NAME FROM facts_of_twins('fact_metric');
DELETE FROM fact_metric
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_metric BY NAME
SELECT
    * EXCLUDE (f),
    f.name,
    f.value,
    f.unit,
    f.programme,
    f.subject,
    f.year,
    f.side,
    f.grounds
FROM facts_of_records('metric', record.metrics);

INSERT INTO fact_eligibility BY NAME FROM facts_of_twins('fact_eligibility');
DELETE FROM fact_eligibility
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_eligibility BY NAME
SELECT
    * EXCLUDE (f),
    'max_company_age_years' AS rule,
    f.value
FROM facts_of_records('max_company_age_years', [record.eligibility.max_company_age_years])
WHERE f.value IS NOT NULL;
INSERT INTO fact_eligibility BY NAME
SELECT
    * EXCLUDE (f),
    'company_size' AS rule,
    f.name AS value
FROM facts_of_records('company_size', record.eligibility.company_sizes);

INSERT INTO fact_contact BY NAME FROM facts_of_twins('fact_contact');
DELETE FROM fact_contact
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_contact BY NAME
SELECT
    * EXCLUDE (f),
    'phone' AS channel,
    f.name AS value
FROM facts_of_records('phone', record.contact.phones);
INSERT INTO fact_contact BY NAME
SELECT
    * EXCLUDE (f),
    'email' AS channel,
    f.name AS value
FROM facts_of_records('email', record.contact.emails);

-- These two are about another fact, whose key they have.
INSERT INTO fact_further_evidence BY NAME FROM facts_of_twins('fact_further_evidence');
DELETE FROM fact_further_evidence
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_further_evidence BY NAME
SELECT * EXCLUDE (f, evidence_field) REPLACE (version_key || ':' || f.of AS fact_id)
FROM facts_of_records('also', record.also);

INSERT INTO fact_contradicted BY NAME FROM facts_of_twins('fact_contradicted');
DELETE FROM fact_contradicted
WHERE version_key IN (SELECT version_key FROM stale);
INSERT INTO fact_contradicted BY NAME
SELECT
    * EXCLUDE (f, evidence_field) REPLACE (version_key || ':' || f.of AS fact_id),
    f.field,
    f.value,
    f.instead
FROM facts_of_records('contradicted', record.contradictions);

INSERT INTO site.changed
SELECT
    'version',
    version_key
FROM stale;

-- Facts of the touched announcements, out of the records of their versions.
CREATE OR REPLACE TEMP TABLE raw_fact AS
WITH listed AS (
    SELECT announcement_key, version_key, kind, unnest(list) AS j, generate_subscripts(list, 1) AS place
    FROM (
        SELECT announcement_key, version_key, unnest([
            {'kind': 'region', 'list': entries(record->'regions')},
            {'kind': 'sector', 'list': entries(coalesce(record->'sectors'->'value', record->'sectors'))},
            {'kind': 'programme', 'list': entries(record->'programmes')},
            {'kind': 'amount', 'list': entries(record->'amounts')},
            {'kind': 'opens_at', 'list': [record->'application'->'opens_at']},
            {'kind': 'closes_at', 'list': [record->'application'->'closes_at']},
            {'kind': 'quantity', 'list': entries(record->'quantities')},
            {'kind': 'organisation', 'list': entries(record->'organisations')},
            {'kind': 'metric', 'list': entries(record->'metrics')},
            {'kind': 'max_company_age_years', 'list': [record->'eligibility'->'max_company_age_years']},
            {'kind': 'company_size', 'list': entries(coalesce(record->'eligibility'->'company_sizes'->'value', record->'eligibility'->'company_sizes'))},
            {'kind': 'phone', 'list': entries(record->'contact'->'phones')},
            {'kind': 'email', 'list': entries(record->'contact'->'emails')}], recursive := true)
        FROM new_version)
)
SELECT announcement_key, version_key, kind, j, plain(j) AS plain_value,
    sha_key(concat_ws(chr(31), version_key, kind, place)) AS fact_id,
    try_cast(j->'evidence'->>'start' AS INTEGER) AS evidence_start, try_cast(j->'evidence'->>'end' AS INTEGER) AS evidence_end,
    j->'evidence'->>'quote' AS evidence_quote, j->'evidence'->>'field' AS evidence_field
FROM listed WHERE j IS NOT NULL AND json_type(j) <> 'NULL' AND (json_type(j) <> 'OBJECT' OR kind IN ('programme', 'amount', 'organisation', 'quantity', 'metric') OR plain(j) IS NOT NULL);

DELETE FROM fact_region WHERE announcement_key IN (FROM touched);
INSERT INTO fact_region BY NAME
SELECT fact_id, announcement_key, version_key, plain_value AS name,
    split_part(plain_value, ' ', 1) AS sido,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind = 'region';

DELETE FROM fact_sector WHERE announcement_key IN (FROM touched);
INSERT INTO fact_sector BY NAME
SELECT fact_id, announcement_key, version_key, plain_value AS sector,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind = 'sector';

DELETE FROM fact_programme WHERE announcement_key IN (FROM touched);
INSERT INTO fact_programme BY NAME
SELECT fact_id, announcement_key, version_key, j->>'name' AS name,
    programme_norm(j->>'name') AS name_norm,
    list_transform(entries(j->'aliases'), lambda a: plain(a)) AS aliases,
    plain(j->'type') AS type,
    plain(j->'status') AS status,
    plain(j->'start') AS starts,
    plain(j->'end') AS ends,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind = 'programme';

DELETE FROM fact_amount WHERE announcement_key IN (FROM touched);
INSERT INTO fact_amount BY NAME
SELECT fact_id, announcement_key, version_key, (j->>'krw')::BIGINT AS krw,
    j->>'role' AS role,
    j->>'programme' AS programme,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind = 'amount';

DELETE FROM fact_application WHERE announcement_key IN (FROM touched);
INSERT INTO fact_application BY NAME
SELECT fact_id, announcement_key, version_key, kind AS edge,
    plain_value AS value,
    try_cast(left(plain_value, 10) AS DATE) AS day,
    CASE WHEN length(plain_value) >= 16 THEN try_cast(substr(plain_value, 12, 5) AS TIME) END AS time,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind IN ('opens_at', 'closes_at');

DELETE FROM fact_quantity WHERE announcement_key IN (FROM touched);
INSERT INTO fact_quantity BY NAME
SELECT fact_id, announcement_key, version_key, (j->>'value')::DOUBLE AS value,
    j->>'unit' AS unit,
    j->>'programme' AS programme,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind = 'quantity';

DELETE FROM fact_organisation WHERE announcement_key IN (FROM touched);
INSERT INTO fact_organisation BY NAME
SELECT fact_id, announcement_key, version_key, j->>'name' AS name,
    organisation_norm(j->>'name') AS name_norm,
    list_transform(entries(j->'aliases'), lambda a: plain(a)) AS aliases,
    j->>'role' AS role,
    j->>'programme' AS programme,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind = 'organisation';

DELETE FROM fact_metric WHERE announcement_key IN (FROM touched);
INSERT INTO fact_metric BY NAME
SELECT fact_id, announcement_key, version_key, j->>'name' AS name,
    (j->>'value')::DOUBLE AS value,
    j->>'unit' AS unit,
    j->>'programme' AS programme,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind = 'metric';

DELETE FROM fact_eligibility WHERE announcement_key IN (FROM touched);
INSERT INTO fact_eligibility BY NAME
SELECT fact_id, announcement_key, version_key, kind AS rule,
    plain_value AS value,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind IN ('max_company_age_years', 'company_size');

DELETE FROM fact_contact WHERE announcement_key IN (FROM touched);
INSERT INTO fact_contact BY NAME
SELECT fact_id, announcement_key, version_key, kind AS channel,
    plain_value AS value,
    evidence_start, evidence_end, evidence_quote, evidence_field
FROM raw_fact WHERE kind IN ('phone', 'email');

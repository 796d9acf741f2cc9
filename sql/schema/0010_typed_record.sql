-- What was extracted, as a type of its own: read once, never parsed again.
CREATE TYPE evidence AS STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR);
CREATE TYPE wrapped AS STRUCT("value" VARCHAR, evidence evidence);
CREATE TYPE named AS STRUCT("name" VARCHAR, evidence evidence);
CREATE TYPE extraction AS STRUCT(
    kind wrapped,
    relevant STRUCT("value" BOOLEAN, evidence evidence),
    published_on wrapped,
    regions named[],
    sectors named[],
    programmes STRUCT("name" VARCHAR, aliases VARCHAR[], "type" VARCHAR, status VARCHAR, "start" VARCHAR, "end" VARCHAR, evidence evidence)[],
    amounts STRUCT(krw BIGINT, "role" VARCHAR, programme VARCHAR, evidence evidence)[],
    application STRUCT(opens_at wrapped, closes_at wrapped),
    quantities STRUCT("value" DOUBLE, unit VARCHAR, programme VARCHAR, evidence evidence)[],
    organisations STRUCT("name" VARCHAR, aliases VARCHAR[], "role" VARCHAR, programme VARCHAR, evidence evidence)[],
    metrics STRUCT("name" VARCHAR, "value" DOUBLE, unit VARCHAR, programme VARCHAR, evidence evidence)[],
    eligibility STRUCT(max_company_age_years wrapped, company_sizes named[]),
    contact STRUCT(phones named[], emails named[])
);
-- The same with its text, as the batches have it.
CREATE TYPE reading AS STRUCT(
    "text" VARCHAR,
    kind wrapped,
    relevant STRUCT("value" BOOLEAN, evidence evidence),
    published_on wrapped,
    regions named[],
    sectors named[],
    programmes STRUCT("name" VARCHAR, aliases VARCHAR[], "type" VARCHAR, status VARCHAR, "start" VARCHAR, "end" VARCHAR, evidence evidence)[],
    amounts STRUCT(krw BIGINT, "role" VARCHAR, programme VARCHAR, evidence evidence)[],
    application STRUCT(opens_at wrapped, closes_at wrapped),
    quantities STRUCT("value" DOUBLE, unit VARCHAR, programme VARCHAR, evidence evidence)[],
    organisations STRUCT("name" VARCHAR, aliases VARCHAR[], "role" VARCHAR, programme VARCHAR, evidence evidence)[],
    metrics STRUCT("name" VARCHAR, "value" DOUBLE, unit VARCHAR, programme VARCHAR, evidence evidence)[],
    eligibility STRUCT(max_company_age_years wrapped, company_sizes named[]),
    contact STRUCT(phones named[], emails named[])
);
ALTER TABLE document ALTER COLUMN record TYPE extraction USING from_json(record, replace(replace(replace('{"kind":@w,"relevant":{"value":"BOOLEAN","evidence":@e},"published_on":@w,"regions":[@n],"sectors":[@n],
    "programmes":[{"name":"VARCHAR","aliases":["VARCHAR"],"type":"VARCHAR","status":"VARCHAR","start":"VARCHAR","end":"VARCHAR","evidence":@e}],
    "amounts":[{"krw":"BIGINT","role":"VARCHAR","programme":"VARCHAR","evidence":@e}],"application":{"opens_at":@w,"closes_at":@w},
    "quantities":[{"value":"DOUBLE","unit":"VARCHAR","programme":"VARCHAR","evidence":@e}],
    "organisations":[{"name":"VARCHAR","aliases":["VARCHAR"],"role":"VARCHAR","programme":"VARCHAR","evidence":@e}],
    "metrics":[{"name":"VARCHAR","value":"DOUBLE","unit":"VARCHAR","programme":"VARCHAR","evidence":@e}],
    "eligibility":{"max_company_age_years":@w,"company_sizes":[@n]},"contact":{"phones":[@n],"emails":[@n]}}',
    '@w', '{"value":"VARCHAR","evidence":@e}'), '@n', '{"name":"VARCHAR","evidence":@e}'), '@e', '{"start":"INTEGER","end":"INTEGER","quote":"VARCHAR","field":"VARCHAR"}'));
-- The text stands with the versions, once.
ALTER TABLE document DROP COLUMN text;
DROP MACRO plain;
-- A fact is known by its version, its kind and its place in the record.
CREATE MACRO fact_key(version, kind, place) AS version || ':' || kind || ':' || place;

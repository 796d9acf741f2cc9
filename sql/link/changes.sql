-- Announcements that are in another notice than before, or name a body that is another one now.
INSERT INTO site.changed
SELECT
    'announcement',
    announcement_key
FROM announcement AS a JOIN notice_before AS b USING (announcement_key)
WHERE a.notice_key IS DISTINCT FROM b.notice_key;

CREATE OR REPLACE TEMP TABLE alias_now AS
SELECT
    a.alias_norm,
    a.organisation_key,
    o.name
FROM organisation_alias AS a LEFT JOIN organisation AS o USING (organisation_key);

CREATE OR REPLACE TEMP TABLE alias_changed AS
SELECT DISTINCT alias_norm FROM differing('alias_before', 'alias_now');

CREATE OR REPLACE TEMP TABLE conflict_changed AS
SELECT fact_id FROM differing('conflict_before', 'organisation_alias_conflict')
UNION
SELECT fact_id FROM organisation_alias_conflict
WHERE organisation_norm(meant) IN (SELECT alias_norm FROM alias_changed);

INSERT INTO site.changed
SELECT DISTINCT
    'announcement',
    announcement_key
FROM fact_organisation
WHERE name_norm IN (SELECT alias_norm FROM alias_changed) OR fact_id IN (SELECT fact_id FROM conflict_changed);

-- The links as they were, to find what changes.
CREATE OR REPLACE TEMP TABLE notice_before AS
SELECT
    announcement_key,
    notice_key
FROM announcement;

CREATE OR REPLACE TEMP TABLE alias_before AS
SELECT
    a.alias_norm,
    a.organisation_key,
    o.name
FROM organisation_alias AS a LEFT JOIN organisation AS o USING (organisation_key);

CREATE OR REPLACE TEMP TABLE conflict_before AS
FROM organisation_alias_conflict;

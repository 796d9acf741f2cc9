-- Announcements whose rows in the marts have to be rebuilt: those that changed, and all that share a notice with them now or did so
-- in the marts. Runs before any mart is touched, since the marts know the notices as they were.
CREATE OR REPLACE TEMP TABLE changed_directly AS
SELECT DISTINCT key AS announcement_key FROM site.changed
WHERE kind = 'announcement';

CREATE OR REPLACE TEMP TABLE changed_notice AS
SELECT notice_key FROM announcement SEMI JOIN changed_directly USING (announcement_key)
WHERE notice_key IS NOT NULL
UNION
SELECT notice_key FROM announcement_state SEMI JOIN changed_directly USING (announcement_key)
WHERE notice_key IS NOT NULL;

CREATE OR REPLACE TEMP TABLE changed_announcement AS
SELECT announcement_key AS key FROM changed_directly
UNION
SELECT announcement_key FROM announcement SEMI JOIN changed_notice USING (notice_key)
UNION
SELECT announcement_key FROM announcement_state SEMI JOIN changed_notice USING (notice_key);

-- Their versions, those that are gone included.
CREATE OR REPLACE TEMP TABLE changed_version AS
SELECT version_key AS key FROM announcement_version
WHERE announcement_key IN (SELECT key FROM changed_announcement)
UNION
SELECT version_key FROM announcement_state
WHERE announcement_key IN (SELECT key FROM changed_announcement)
UNION
SELECT key FROM site.changed
WHERE kind = 'version';

-- The programmes that they name, or named.
CREATE OR REPLACE TEMP TABLE changed_programme AS
SELECT DISTINCT sha_key(name_norm) AS key FROM fact_programme
WHERE announcement_key IN (SELECT key FROM changed_announcement)
UNION
SELECT programme_key FROM programme_document
WHERE announcement_key IN (SELECT key FROM changed_announcement);

CREATE OR REPLACE TEMP TABLE within_before AS
FROM site.programme_within;

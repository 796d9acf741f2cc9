-- Programmes whose money is counted again: those that changed, those whose umbrella changed, or is another now; and the documents to be
-- read for it: all of these programmes and of their umbrellas, with the announcements that share a notice with them.
CREATE OR REPLACE TEMP TABLE umbrella AS
SELECT
    sha_key(part) AS part,
    sha_key(umbrella) AS umbrella
FROM (
    FROM within_before
    UNION
    FROM site.programme_within
);

CREATE OR REPLACE TEMP TABLE changed_owner AS
WITH changed AS (
    SELECT key FROM changed_programme
    UNION
    SELECT programme_key FROM programme_money_statement
    WHERE announcement_key IN (SELECT key FROM changed_announcement) AND programme_key IS NOT NULL
    UNION
    SELECT sha_key(part) FROM differing('within_before', 'site.programme_within')
)

SELECT key FROM changed
UNION
SELECT part FROM umbrella
WHERE umbrella IN (SELECT key FROM changed);

CREATE OR REPLACE TEMP TABLE changed_statement AS
WITH owner AS (
    SELECT key FROM changed_owner
    UNION
    SELECT umbrella FROM umbrella
    WHERE part IN (SELECT key FROM changed_owner)
),

named AS (
    SELECT name_norm FROM (SELECT DISTINCT name_norm FROM fact_programme)
    WHERE sha_key(name_norm) IN (SELECT key FROM owner)
),

document AS (
    SELECT announcement_key FROM fact_programme SEMI JOIN named USING (name_norm)
    UNION
    SELECT key FROM changed_announcement
),

notice AS (
    SELECT DISTINCT notice_key FROM announcement_state SEMI JOIN document USING (announcement_key)
    WHERE notice_key IS NOT NULL
)

SELECT announcement_key AS key FROM document
UNION
SELECT announcement_key FROM announcement_state SEMI JOIN notice USING (notice_key);

-- The sums that they were part of; those that they are part of now are added once the statements are made.
CREATE OR REPLACE TEMP TABLE changed_sum AS
SELECT DISTINCT coalesce(programme_key, programme) AS key FROM programme_money_statement
WHERE programme_key IN (SELECT key FROM changed_owner) OR announcement_key IN (SELECT key FROM changed_announcement);

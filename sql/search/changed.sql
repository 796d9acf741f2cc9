-- Bring the list of documents up to date: number those that are new, and take out those that are not current any more.
CREATE OR REPLACE TEMP TABLE search_current AS
SELECT
    announcement_key,
    version_key,
    hash(title, agency, document_key) AS reading
FROM announcement_version
WHERE is_current;

CREATE OR REPLACE TEMP TABLE search_gone AS
SELECT d.doc FROM site.search_document AS d ANTI JOIN search_current AS v USING (version_key, reading);

INSERT INTO site.search_removed FROM search_gone;

DELETE FROM site.search_document
WHERE doc IN (FROM search_gone);

CREATE OR REPLACE TEMP TABLE search_new AS
SELECT
    v.*,
    (row_number() OVER (ORDER BY v.version_key))::INTEGER
    + coalesce(
        (
            SELECT max(doc) FROM (
                SELECT doc FROM site.search_document
                UNION ALL
                FROM site.search_removed
            )
        ),
        0
    ) AS doc
FROM search_current AS v ANTI JOIN site.search_document AS d USING (version_key, reading);

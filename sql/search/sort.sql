-- Sort the whole index, without the documents that no longer count, so that a search reads few of its blocks.
SET VARIABLE search_last_row = (SELECT max(rowid) FROM site.search_posting);

INSERT INTO site.search_posting
SELECT p.* FROM site.search_posting AS p ANTI JOIN site.search_removed AS r USING (doc)
ORDER BY p.gram, p.rest, p.doc;

DELETE FROM site.search_posting
WHERE rowid <= getvariable('search_last_row');

DELETE FROM site.search_removed;

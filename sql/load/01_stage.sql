-- Read one batch into temporary tables, with explicit columns: nothing is guessed from the data.
CREATE OR REPLACE TEMP TABLE stage_run AS
SELECT * FROM read_json($run, maximum_object_size = 67108864, columns = {
    source: 'VARCHAR', run_id: 'VARCHAR', started_at: 'TIMESTAMPTZ', finished_at: 'TIMESTAMPTZ', state: 'VARCHAR', pages: 'INTEGER',
    listed: 'INTEGER', "new": 'INTEGER', changed: 'INTEGER', fetched: 'INTEGER', extracted: 'INTEGER', failed: 'INTEGER',
    complete: 'BOOLEAN', errors: 'JSON', stored: 'INTEGER', newest: 'DATE',
    left_out: 'INTEGER', revisited: 'INTEGER', unchanged: 'INTEGER', vanished: 'INTEGER'});

CREATE OR REPLACE TEMP TABLE stage_fetch AS
SELECT * FROM read_json($fetches, format = 'newline_delimited', columns = {
    source: 'VARCHAR', run_id: 'VARCHAR', url: 'VARCHAR', purpose: 'VARCHAR', "at": 'TIMESTAMPTZ', outcome: 'VARCHAR', status: 'INTEGER',
    bytes: 'BIGINT', milliseconds: 'BIGINT', warc_file: 'VARCHAR', warc_record: 'VARCHAR', error: 'VARCHAR'});

CREATE OR REPLACE TEMP TABLE stage_document AS
SELECT *, row_number() OVER () AS line
FROM read_json($documents, format = 'newline_delimited', maximum_object_size = 67108864, columns = {
    source: 'VARCHAR', native_id: 'VARCHAR', key: 'VARCHAR', url: 'VARCHAR', title: 'VARCHAR', retrieved_at: 'TIMESTAMPTZ',
    content_hash: 'VARCHAR', listed: 'JSON', outcome: 'VARCHAR', reason: 'VARCHAR', media_type: 'VARCHAR', charset: 'VARCHAR',
    warc_file: 'VARCHAR', warc_record: 'VARCHAR', removed: 'JSON', attachments: 'JSON', record: 'JSON'});

CREATE OR REPLACE TEMP TABLE stage_listing AS
SELECT * FROM read_json($listings, format = 'newline_delimited', columns = {
    key: 'VARCHAR', source: 'VARCHAR', native_id: 'VARCHAR', url: 'VARCHAR', title: 'VARCHAR', fields: 'JSON', net: 'VARCHAR',
    state: 'VARCHAR', "at": 'TIMESTAMPTZ'});

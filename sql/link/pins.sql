-- What a person knows better: announcements that are one call, and announcements that are not.
CREATE OR REPLACE TEMP TABLE pin AS
SELECT
    p.j ->> 'kind' AS kind,
    one.announcement_key AS one,
    one.notice_key,
    other.announcement_key AS other
FROM unnest(entries($pins::JSON)) AS p (j)
JOIN announcement AS one ON one.source = (p.j ->> 'source') AND one.native_id = (p.j ->> 'native_id')
JOIN announcement AS other ON other.source = (p.j ->> 'other_source') AND other.native_id = (p.j ->> 'other_native_id');

UPDATE announcement SET notice_key = announcement_key
WHERE announcement_key IN (
        SELECT other FROM pin
        WHERE kind = 'apart'
    );
DELETE FROM notice_link
WHERE announcement_key IN (
        SELECT other FROM pin
        WHERE kind = 'apart'
    );

UPDATE announcement SET notice_key = pin.notice_key
FROM pin
WHERE pin.other = announcement.announcement_key AND pin.kind = 'same';
DELETE FROM notice_link
WHERE announcement_key IN (
        SELECT other FROM pin
        WHERE kind = 'same'
    );
INSERT INTO notice_link
SELECT
    other,
    notice_key,
    'pinned',
    1.0
FROM pin
WHERE kind = 'same';

-- block: 시작보다 이른 마감 | A version that closes before it opens
-- of each announcement
SELECT
    announcement_key,
    title,
    opens_on,
    closes_on
FROM announcement_version
WHERE closes_on < opens_on

-- warn: 미래의 게시일 | Posted on a day that has not come
SELECT
    announcement_key,
    title,
    posted_on
FROM announcement_version
WHERE is_current AND posted_on > today_seoul()

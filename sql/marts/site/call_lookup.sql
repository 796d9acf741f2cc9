-- 공고 키로 조회: 행의 위치와 상태 | By its key: where an announcement and its versions stand (`rowid BETWEEN … AND …` reads them without a search), and its state
-- table
SELECT
    a.announcement_key,
    a.rowid AS announcement_row,
    v.version_first,
    v.version_last,
    s.cancelled,
    s.opens_on,
    s.closes_on,
    s.closes_kind,
    s.vanished_at,
    s.sidos,
    s.award_ceiling,
    s.shared,
    f.total
FROM announcement AS a
LEFT JOIN (
    SELECT
        announcement_key,
        min(rowid) AS version_first,
        max(rowid) AS version_last
    FROM announcement_version
    GROUP BY announcement_key
) AS v USING (announcement_key)
LEFT JOIN announcement_state AS s USING (announcement_key)
LEFT JOIN site.directory_facets AS f ON f.version_key = s.version_key
ORDER BY a.announcement_key

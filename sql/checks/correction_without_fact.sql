-- warn: 아무 사실에도 맞지 않는 정정 | A correction of a collected source that matches no fact: what it corrects is read otherwise now, or is gone
SELECT
    announcement_key,
    announcement,
    announcement || ' ' || fact || ' “' || words || '” (' || corrected_by || ', ' || corrected_on || ')' AS told,
    fact,
    words,
    line,
    corrected_by,
    corrected_on
FROM correction
WHERE facts = 0 AND source IN (SELECT source FROM announcement)

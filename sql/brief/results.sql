-- What the programmes of a region promise and report, the latest word first.
SELECT
    programme,
    metric AS measure,
    value,
    unit,
    side,
    verdict,
    title,
    url,
    evidence_quote,
    posted_on
FROM targets_and_results
WHERE list_contains(sidos, $region)
ORDER BY posted_on DESC NULLS LAST, programme, measure
LIMIT 10

-- What documents state of a programme's money, year by year: what counts, and the awards.
SELECT
    coalesce(year, '?') AS year,
    role AS funding_source,
    krw,
    title,
    announcement_key,
    evidence_quote
FROM programme_money_statement
WHERE programme_key = $programme_key AND (set_aside IS NULL OR set_aside = 'no funding')
ORDER BY year, krw DESC LIMIT 100

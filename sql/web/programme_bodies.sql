-- The organisations that take part in a programme.
SELECT
    any_value(organisation_key) AS organisation_key,
    coalesce(organisation, written) AS name,
    role,
    min(fact_id) AS fact_id,
    any_value(evidence_quote) AS evidence_quote,
    max(corrected) AS corrected
FROM participation
WHERE list_contains(
        list_transform(coalesce(programmes, [programme]), LAMBDA name: programme_norm(name)),
        (
            SELECT name_norm FROM programme
            WHERE programme_key = $programme_key
        )
    )
GROUP BY coalesce(organisation, written), role
ORDER BY role, name LIMIT 100

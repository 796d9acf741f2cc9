-- What it means that a stated total and the sum of its parts differ; asked by the audit of all and by the page of one.
CREATE MACRO audit_verdict(total, parts) AS
    CASE WHEN total = parts THEN 'adds up' WHEN abs(total - parts) <= greatest(total * 0.01, 1e8) THEN 'rounding'
         WHEN parts < total THEN 'unstated part' ELSE 'parts exceed total' END;

-- A call for a demonstration has not yet demonstrated anything, and only words or a running roll-out say that something is adopted.
CREATE OR REPLACE MACRO stage_reached(status, type, outcome) AS
    CASE WHEN outcome = 'adopted' THEN 5 WHEN status = 'proposed' THEN 1 WHEN status = 'planned' THEN 2
         WHEN status IN ('ongoing', 'ended') AND type = 'adoption' THEN 5
         WHEN status IN ('ongoing', 'ended') AND type = 'demonstration' THEN 4 ELSE 3 END;
-- Rounding is a hundredth of the total at most; of a small total, a whole 억 that is missing is a part that is not stated.
CREATE OR REPLACE MACRO audit_verdict(total, parts) AS
    CASE WHEN total = parts THEN 'adds up' WHEN abs(total - parts) <= total * 0.01 THEN 'rounding'
         WHEN parts < total THEN 'unstated part' ELSE 'parts exceed total' END;

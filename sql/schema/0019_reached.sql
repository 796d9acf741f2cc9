-- How far a programme has come, by what is said of it: 1 proposal, 2 plan, 3 call, 4 demonstration, 5 adoption.
CREATE MACRO stage_reached(status, type) AS
    CASE WHEN status = 'proposed' THEN 1 WHEN status = 'planned' THEN 2 WHEN type = 'adoption' THEN 5 WHEN type = 'demonstration' THEN 4 ELSE 3 END;
CREATE MACRO stage_called(reached) AS ['proposals', 'plans', 'calls', 'demonstrations', 'adoptions'][reached];

-- The table of the further words that state a fact has the name of what it holds.
ALTER TABLE fact_also RENAME TO fact_further_evidence;

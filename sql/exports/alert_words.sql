-- Announcements in whose title or text the words stand, as the search of the site finds them: synonyms, any order, particles.
-- By patterns over the texts, not by the index: that one also holds the agency, takes a word of more than four letters for what begins and
-- ends like it, and knows a word by its beginning and from its third letter on, not from the second. A rule would alert of other calls.
SELECT announcement_key
FROM announcement_version AS v
WHERE v.is_current AND search_hit(concat(v.title, chr(10), v.text), $words::VARCHAR)

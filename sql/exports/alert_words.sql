-- Announcements in whose title or text the words stand, as the search of the site finds them: synonyms, any order, particles.
SELECT announcement_key
FROM announcement_version AS v
WHERE v.is_current AND search_hit(concat(v.title, chr(10), v.text), $words::VARCHAR)

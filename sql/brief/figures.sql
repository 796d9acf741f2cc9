-- How much a region has, and what today brings.
SELECT
    count(*) FILTER (c.status = 'open' AND list_contains(c.sidos, $region)) AS open,
    count(*) FILTER (
        c.status = 'open' AND list_contains(c.sidos, $region) AND c.closes_on <= today_seoul() + 7
    ) AS closing,
    count(*) FILTER (c.status = 'open' AND list_contains(c.sidos, '전국')) AS nationwide,
    count(*) FILTER (list_contains(c.sidos, $region) AND c.posted_on = today_seoul() - 1) AS posted_yesterday
FROM find_calls(
        NULL, NULL, NULL, $sector::VARCHAR, NULL, NULL, NULL, NULL, NULL, 'announcement', NULL, NULL, NULL, NULL
    ) AS c

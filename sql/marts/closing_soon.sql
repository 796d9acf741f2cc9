-- 7일 안에 마감하는 공고 | Open calls that close within seven days
FROM open_calls
WHERE closes_on <= today_seoul() + 7

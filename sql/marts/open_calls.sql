-- 지금 신청할 수 있는 공고(마감일 당일 포함, 예산 소진 시·상시 포함) | Calls that take applications today; the closing day counts, and so do open-ended ones
SELECT
    *,
    closes_on - today_seoul() AS days_left
FROM notice
WHERE status = 'open' AND relevant AND (closes_on >= today_seoul() OR closes_on IS NULL)

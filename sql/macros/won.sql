-- 금액을 적은 말을 원 단위 숫자로: won('227억'), won('3억 5천만원') | Money in words as a number of KRW
CREATE OR REPLACE MACRO won_unit(words, unit, size) AS
CASE
    WHEN contains(words, unit)
        THEN coalesce(try_cast(nullif(regexp_extract(words, '([\d.]+)' || unit, 1), '') AS DOUBLE), 1) * size
    ELSE 0
END;
CREATE OR REPLACE MACRO won_part(words) AS
won_unit(words, '천', 1000) + won_unit(words, '백', 100) + won_unit(words, '십', 10)
+ coalesce(try_cast(nullif(regexp_extract(words, '([\d.]+)$', 1), '') AS DOUBLE), 0);
CREATE OR REPLACE MACRO won_bare(words) AS regexp_replace(words, '[,\s]|원$', '', 'g');
CREATE OR REPLACE MACRO won(words) AS
CASE WHEN regexp_full_match(won_bare(words), '[\d.천백십조억만]*[\d조억만천백십][\d.천백십조억만]*') THEN round(
            won_part(regexp_extract(won_bare(words), '([\d.천백십]+)조', 1)) * 1e12
            + won_part(regexp_extract(won_bare(words), '([\d.천백십]+)억', 1)) * 1e8
            + won_part(regexp_extract(won_bare(words), '([\d.천백십]+)만', 1)) * 1e4
            + won_part(regexp_extract(won_bare(words), '([\d.천백십]+)$', 1))
        )::BIGINT
END;

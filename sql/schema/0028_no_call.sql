-- The result of a call, a briefing on it, or word of what is planned is not open, whatever days it names.
CREATE OR REPLACE MACRO is_no_call(title) AS regexp_matches(title,
    '(선정|선발|심사|평가|심의|공모|모집|접수)\s?결과|(합격자|선정자|선정\s?(기업|과제|기관|업체))\s?(명단|발표|알림)'
    || '|(설명회|간담회|공청회)\s?(개최|일정|참가|참석|사전\s?신청|계획|장소|변경)?\s?(안내|공고|알림|개최)?\s*[)\]]?\s*$'
    || '|사전\s?예고|계획\s?(안내|알림|발표)\s*$');
CREATE OR REPLACE MACRO status_on(cancelled, opens_on, closes_on, closes_kind, vanished_at, day) AS
    CASE WHEN cancelled THEN 'cancelled' WHEN closes_kind = 'no call' THEN 'no_call'
         WHEN closes_on < day THEN 'closed' WHEN vanished_at IS NOT NULL THEN 'vanished'
         WHEN opens_on > day THEN 'upcoming' WHEN closes_kind IS NOT NULL THEN 'open' ELSE 'unknown' END;

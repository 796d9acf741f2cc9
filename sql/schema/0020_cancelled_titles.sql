-- A call is cancelled when a later version says so, or when its title begins or ends with it.
CREATE OR REPLACE MACRO is_cancelled(change_kind, title) AS change_kind = 'cancelled'
    OR regexp_matches(title, '취소\s*(공고|안내|알림|통보)?\s*[)\]]?\s*$|^\s*[\[(<]\s*(공고|모집|공모|접수)?\s*취소');

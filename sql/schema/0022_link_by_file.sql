-- Announcements that carry the same file, byte for byte, may be one call.
COMMENT ON COLUMN notice_link.reason IS '이유(same_call, same_file, press_names_programme, pinned) | Reason: same_call, same_file, press_names_programme, pinned';

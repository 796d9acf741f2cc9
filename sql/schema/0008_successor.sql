-- What a region became: figures can be had by the regions of a day.
ALTER TABLE region ADD COLUMN successor VARCHAR;
COMMENT ON COLUMN region.successor IS '폐지된 뒤의 지역(약칭) | Short name of the region that took its place';

-- Places known by other names than their 시군구: sites of industry, ports, new towns.
CREATE TABLE place (
    name VARCHAR NOT NULL,
    region VARCHAR NOT NULL
);
COMMENT ON TABLE place IS '시군구 이름이 아닌 지명 | Places known by other names than their 시군구';
COMMENT ON COLUMN place.name IS '지명 | Name of the place';
COMMENT ON COLUMN place.region IS '속한 시도와 시군구 | 시도 and 시군구 it belongs to';

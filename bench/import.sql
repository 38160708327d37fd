-- What `sqlite3 .import` and plain SQL take to fill the tables and indexes that `wismo import` fills; the card (an order
-- packed for one read) is stood in for by as many bytes.
.mode csv
CREATE TEMP TABLE rows(number, placed_at, state, promised_to, email, postcode, country, locale, first_name, sku, title, quantity, carrier, tracking, status, estimated);
.import --schema temp --skip 1 FILE rows
BEGIN;
INSERT INTO shops VALUES (1, 'default');
INSERT INTO orders SELECT rowid, 1, unixepoch(placed_at) * 1000, unixepoch() * 1000, zeroblob(150), number, substr(number, 2), number, '', placed_at, 'shipped', '', NULL,
    promised_to, '', NULL, NULL, NULL, '', NULL, 0, email, '', postcode, country, locale, first_name FROM temp.rows;
INSERT INTO lines SELECT rowid, 1, sku, title, quantity, 'shipped', 1, NULL FROM temp.rows;
INSERT INTO parcels SELECT rowid, 1, 1, tracking, '1', carrier, tracking, '', status, NULL, '', NULL, estimated, NULL, estimated, NULL, '', '', '', '', NULL, NULL, '', '', 0 FROM temp.rows;
COMMIT;

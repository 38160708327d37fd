-- Orders, as shops and carriers told them. Moments are text as written ("2026-03-11" or with time and offset), statuses
-- are the canonical names. The columns that answers are looked up by come first, then the card (the whole order, packed),
-- so that one read from the front of one row is enough.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shops (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    shop INTEGER NOT NULL REFERENCES shops,
    placed_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    card BLOB NOT NULL,
    key TEXT NOT NULL,
    digits TEXT NOT NULL,
    number TEXT NOT NULL,
    external_id TEXT NOT NULL,
    placed_at TEXT,
    state TEXT NOT NULL,
    option TEXT NOT NULL,
    promised_from TEXT,
    promised_to TEXT,
    promise_origin TEXT NOT NULL,
    revised_from TEXT,
    revised_to TEXT,
    dispatch_by TEXT,
    hold_reason TEXT NOT NULL,
    hold_until TEXT,
    cancellable INTEGER NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    postcode TEXT NOT NULL,
    country TEXT NOT NULL,
    locale TEXT NOT NULL,
    first_name TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX orders_by_key ON orders (shop, key);
CREATE INDEX orders_by_digits ON orders (shop, digits) WHERE digits <> key AND digits <> '';
CREATE INDEX orders_by_email ON orders (shop, email, placed_ms) WHERE email <> '';
CREATE INDEX orders_by_phone ON orders (shop, phone, placed_ms) WHERE phone <> '';

CREATE TABLE lines (
    order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    title TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    state TEXT NOT NULL,
    parcel INTEGER, -- position of the parcel
    available TEXT,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE parcels (
    order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
    position INTEGER NOT NULL,
    shop INTEGER NOT NULL REFERENCES shops,
    tracking_key TEXT NOT NULL,
    id TEXT NOT NULL,
    carrier TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    tracking_url TEXT NOT NULL,
    status TEXT NOT NULL,
    status_at TEXT,
    reason TEXT NOT NULL,
    estimated_from TEXT,
    estimated_to TEXT,
    first_estimated_from TEXT,
    first_estimated_to TEXT,
    next_attempt TEXT,
    pickup_name TEXT NOT NULL,
    pickup_address TEXT NOT NULL,
    pickup_hours TEXT NOT NULL,
    pickup_code TEXT NOT NULL,
    pickup_deadline TEXT,
    delivered_at TEXT,
    delivered_where TEXT NOT NULL,
    delivered_to TEXT NOT NULL,
    delivered_signed INTEGER NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX parcels_by_tracking ON parcels (shop, tracking_key) WHERE tracking_key <> '';

CREATE TABLE checkpoints (
    order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
    parcel INTEGER NOT NULL,
    position INTEGER NOT NULL,
    at TEXT,
    status TEXT NOT NULL,
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    place TEXT NOT NULL,
    source TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (order_id, parcel, position)
) STRICT, WITHOUT ROWID;

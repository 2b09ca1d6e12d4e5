/**
 * Tables shared by every network, and the containers of the Graph networks. Times are milliseconds; `*_business_ms`
 * follows the wound clock, `*_wall_ms` the real one. `seq` is the order of birth: cursors page over it.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS sequence (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS account (
  network TEXT NOT NULL, id TEXT NOT NULL, username TEXT NOT NULL, name TEXT NOT NULL, biography TEXT NOT NULL,
  followers INTEGER NOT NULL, seed INTEGER NOT NULL, zone TEXT NOT NULL, language TEXT NOT NULL,
  settings TEXT NOT NULL, created_business_ms INTEGER NOT NULL,
  PRIMARY KEY (network, id), UNIQUE (network, username)
) STRICT;

CREATE TABLE IF NOT EXISTS token (
  token TEXT PRIMARY KEY, network TEXT NOT NULL, account_id TEXT NOT NULL,
  issued_business_ms INTEGER NOT NULL, expires_business_ms INTEGER NOT NULL, death TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS token_account ON token (network, account_id);

CREATE TABLE IF NOT EXISTS container (
  seq INTEGER PRIMARY KEY, network TEXT NOT NULL, id TEXT NOT NULL, account_id TEXT NOT NULL,
  kind TEXT NOT NULL, is_child INTEGER NOT NULL, parameters TEXT NOT NULL, media TEXT NOT NULL,
  phase TEXT NOT NULL, file_size INTEGER, failure TEXT, source_url TEXT,
  created_business_ms INTEGER NOT NULL, processing_ms INTEGER NOT NULL,
  processing_business_ms INTEGER, processing_wall_ms INTEGER, published_business_ms INTEGER,
  UNIQUE (network, id)
) STRICT;
CREATE INDEX IF NOT EXISTS container_quota ON container (network, account_id, created_business_ms);
CREATE INDEX IF NOT EXISTS container_phase ON container (phase) WHERE phase = 'pulling';

CREATE TABLE IF NOT EXISTS publication (
  seq INTEGER PRIMARY KEY, network TEXT NOT NULL, id TEXT NOT NULL, account_id TEXT NOT NULL, container_id TEXT,
  kind TEXT NOT NULL, shortcode TEXT NOT NULL, caption TEXT NOT NULL, caption_hash TEXT NOT NULL, media TEXT NOT NULL,
  detail TEXT NOT NULL, seed INTEGER NOT NULL, comments_made INTEGER NOT NULL DEFAULT 0,
  is_comment_enabled INTEGER NOT NULL DEFAULT 1,
  created_business_ms INTEGER NOT NULL, created_wall_ms INTEGER NOT NULL,
  listed_after_ms INTEGER NOT NULL DEFAULT 0, removed_business_ms INTEGER,
  UNIQUE (network, id), UNIQUE (network, shortcode)
) STRICT;
CREATE INDEX IF NOT EXISTS publication_account ON publication (network, account_id, seq);
CREATE INDEX IF NOT EXISTS publication_quota ON publication (network, account_id, created_business_ms);

CREATE TABLE IF NOT EXISTS comment (
  seq INTEGER PRIMARY KEY, network TEXT NOT NULL, id TEXT NOT NULL, publication_seq INTEGER NOT NULL, parent_id TEXT,
  account_id TEXT, username TEXT NOT NULL, text TEXT NOT NULL, sentiment TEXT NOT NULL, likes INTEGER NOT NULL,
  is_hidden INTEGER NOT NULL DEFAULT 0, created_business_ms INTEGER NOT NULL, removed_business_ms INTEGER,
  UNIQUE (network, id)
) STRICT;
CREATE INDEX IF NOT EXISTS comment_thread ON comment (publication_seq, parent_id, created_business_ms, seq);

CREATE TABLE IF NOT EXISTS boost (
  id INTEGER PRIMARY KEY, publication_seq INTEGER NOT NULL, views INTEGER NOT NULL, likes INTEGER NOT NULL,
  comments INTEGER NOT NULL, sentiment TEXT NOT NULL, from_business_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
  comments_made INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS boost_publication ON boost (publication_seq);

CREATE TABLE IF NOT EXISTS fault (
  id INTEGER PRIMARY KEY, body TEXT NOT NULL, remaining INTEGER, matches INTEGER NOT NULL DEFAULT 0,
  fired INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE IF NOT EXISTS witness (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, network TEXT NOT NULL, account_id TEXT, container_id TEXT,
  media_id TEXT, caption_hash TEXT, request_id TEXT NOT NULL, business_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS witness_kind ON witness (kind, seq);
CREATE INDEX IF NOT EXISTS witness_account ON witness (network, account_id, seq);
`

"""The store's schema: one script per version, which upgrades a store of the version before."""

MIGRATIONS = (
    """
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, location TEXT NOT NULL UNIQUE
    );
    -- A size of -1: not read whole yet.
    CREATE TABLE items (
        id INTEGER PRIMARY KEY,
        source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        digest TEXT NOT NULL,
        UNIQUE (source_id, path)
    );
    CREATE TABLE versions (
        version INTEGER PRIMARY KEY,
        article_id TEXT NOT NULL,
        published INTEGER,
        recorded INTEGER NOT NULL,
        digest BLOB NOT NULL,
        content BLOB NOT NULL
    );
    CREATE INDEX versions_of_article ON versions (article_id);
    -- The state of each article ever held: its current version, NULL once it is gone.
    CREATE TABLE articles (
        id TEXT PRIMARY KEY,
        version INTEGER REFERENCES versions,
        change INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX articles_by_change ON articles (change);
    -- What each record of an item gave. While an item is read, a record that changed has
    -- both its old article here and its new one. An article is gone when nothing gives it.
    CREATE TABLE occurrences (
        item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
        path TEXT NOT NULL,
        article_id TEXT NOT NULL,
        version INTEGER NOT NULL REFERENCES versions,
        raw_digest BLOB NOT NULL,
        PRIMARY KEY (item_id, path, article_id)
    ) WITHOUT ROWID;
    CREATE INDEX occurrences_of_article ON occurrences (article_id, version);
    CREATE INDEX occurrences_by_digest ON occurrences (item_id, raw_digest);
    CREATE TABLE failures (
        source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
        item TEXT NOT NULL,
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (source_id, path)
    ) WITHOUT ROWID;
    CREATE TABLE indexes (name TEXT PRIMARY KEY, change INTEGER NOT NULL) WITHOUT ROWID;
    """,
    """
    -- What found the entities of articles. 0 stands for what is not known.
    CREATE TABLE extractors (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    INSERT INTO extractors VALUES (0, '');
    ALTER TABLE articles ADD COLUMN extractor INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX articles_by_extractor ON articles (extractor) WHERE version IS NOT NULL;
    -- The names of one thing that extractors knew, a JSON list a group.
    CREATE TABLE known_names (names TEXT PRIMARY KEY) WITHOUT ROWID;
    """,
    """
    -- What the documents of sources on the web can be asked with, to learn if they changed.
    CREATE TABLE documents (
        source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
        url TEXT NOT NULL,
        settings TEXT NOT NULL,
        etag TEXT NOT NULL,
        modified TEXT NOT NULL,
        PRIMARY KEY (source_id, url)
    ) WITHOUT ROWID;
    """,
    """
    -- What tells this store from others whose articles are in the same index.
    CREATE TABLE identity (id TEXT NOT NULL);
    INSERT INTO identity VALUES (lower(hex(randomblob(8))));
    """,
    """
    -- The dictionary that articles are compressed with, by the id that zstd gave it.
    CREATE TABLE dictionaries (
        id INTEGER NOT NULL,
        copy INTEGER NOT NULL,
        digest BLOB NOT NULL,
        content BLOB NOT NULL,
        PRIMARY KEY (id, copy)
    );
    """,
    """
    -- The sum of a version's other columns but its key, by which each reading is checked.
    ALTER TABLE versions ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
    UPDATE versions SET sum = row_sum(
        CAST(article_id AS BLOB), CAST(published AS BLOB), CAST(recorded AS BLOB), digest, content
    );
    """,
)

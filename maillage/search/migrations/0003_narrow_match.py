from django.db import migrations, models

# What SQLite has from the start: what is searched in a table apart, narrow and never wide by what is shown of a document. An
# index of PostgreSQL gives no ids without their rows: those of a common word are then a fourth of the pages.
# Django empties tables by TRUNCATE, which no trigger of a row sees. A restoration drops tables and leaves functions: they are replaced.
MATCH = [
    "CREATE TABLE search_match (id bigint PRIMARY KEY, vector tsvector NOT NULL)",
    r"""
    CREATE OR REPLACE FUNCTION search_vector(document search_document) RETURNS tsvector LANGUAGE sql STABLE AS $$
        SELECT setweight(to_tsvector('simple'::regconfig, document.title_stems), 'A')
        || setweight(to_tsvector('simple'::regconfig, document.subtitle_stems), 'B')
        || setweight(to_tsvector('simple'::regconfig, document.text_stems), 'C')
        || setweight(to_tsvector('simple'::regconfig, document.scope), 'D')
        || setweight(
            to_tsvector('simple'::regconfig, regexp_replace(document.title_stems, '([a-z0-9]+)', '0z\1', 'g')), 'D'
        )
    $$
    """,
    "INSERT INTO search_match (id, vector) SELECT id, search_vector(search_document) FROM search_document",
    "CREATE INDEX search_match_vector ON search_match USING gin (vector) WITH (fastupdate = off)",
    """
    CREATE OR REPLACE FUNCTION search_match_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO search_match (id, vector) VALUES (new.id, search_vector(new))
        ON CONFLICT (id) DO UPDATE SET vector = excluded.vector;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION search_match_forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM search_match WHERE id = old.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION search_match_empty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        TRUNCATE search_match;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER search_document_added AFTER INSERT ON search_document
    FOR EACH ROW EXECUTE FUNCTION search_match_write()
    """,
    """
    CREATE TRIGGER search_document_changed AFTER UPDATE ON search_document FOR EACH ROW
    WHEN (old.title_stems <> new.title_stems OR old.subtitle_stems <> new.subtitle_stems
        OR old.text_stems <> new.text_stems OR old.scope <> new.scope)
    EXECUTE FUNCTION search_match_write()
    """,
    """
    CREATE TRIGGER search_document_removed AFTER DELETE ON search_document
    FOR EACH ROW EXECUTE FUNCTION search_match_forget()
    """,
    """
    CREATE TRIGGER search_document_emptied AFTER TRUNCATE ON search_document
    FOR EACH STATEMENT EXECUTE FUNCTION search_match_empty()
    """,
    "ALTER TABLE search_document DROP COLUMN vector",
]

COLUMN = [
    *(
        f"DROP TRIGGER search_document_{trigger} ON search_document"
        for trigger in ("added", "changed", "removed", "emptied")
    ),
    *(f"DROP FUNCTION search_match_{name}" for name in ("write", "forget", "empty")),
    "DROP FUNCTION search_vector",
    "DROP TABLE search_match",
    r"""
    ALTER TABLE search_document ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, title_stems), 'A')
        || setweight(to_tsvector('simple'::regconfig, subtitle_stems), 'B')
        || setweight(to_tsvector('simple'::regconfig, text_stems), 'C')
        || setweight(to_tsvector('simple'::regconfig, scope), 'D')
        || setweight(to_tsvector('simple'::regconfig, regexp_replace(title_stems, '([a-z0-9]+)', '0z\1', 'g')), 'D')
    ) STORED
    """,
    "CREATE INDEX search_document_vector ON search_document USING gin (vector) WITH (fastupdate = off)",
]


def set_apart(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in MATCH:
            schema_editor.execute(statement)


def bring_back(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in COLUMN:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_facets")]

    operations = [
        migrations.RunPython(set_apart, bring_back),
        migrations.RemoveIndex(model_name="document", name="search_document_on"),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("on__isnull", False)), fields=["on", "id"], name="search_document_day"
            ),
        ),
    ]

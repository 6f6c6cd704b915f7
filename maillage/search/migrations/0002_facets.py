from django.db import migrations, models
from django.utils import timezone

# What a table made anew by SQLite loses.
SQLITE = [
    """
    CREATE TRIGGER search_document_added AFTER INSERT ON search_document BEGIN
        INSERT INTO search_match(rowid, title_stems, subtitle_stems, text_stems, scope)
        VALUES (new.id, new.title_stems, new.subtitle_stems, new.text_stems, new.scope);
    END
    """,
    """
    CREATE TRIGGER search_document_removed AFTER DELETE ON search_document BEGIN
        INSERT INTO search_match(search_match, rowid, title_stems, subtitle_stems, text_stems, scope)
        VALUES ('delete', old.id, old.title_stems, old.subtitle_stems, old.text_stems, old.scope);
    END
    """,
    """
    CREATE TRIGGER search_document_changed AFTER UPDATE ON search_document
    WHEN old.title_stems <> new.title_stems OR old.subtitle_stems <> new.subtitle_stems
        OR old.text_stems <> new.text_stems OR old.scope <> new.scope
    BEGIN
        INSERT INTO search_match(search_match, rowid, title_stems, subtitle_stems, text_stems, scope)
        VALUES ('delete', old.id, old.title_stems, old.subtitle_stems, old.text_stems, old.scope);
        INSERT INTO search_match(rowid, title_stems, subtitle_stems, text_stems, scope)
        VALUES (new.id, new.title_stems, new.subtitle_stems, new.text_stems, new.scope);
    END
    """,
    "CREATE INDEX search_document_title_key ON search_document (network_id, title_key)",
]

# What PostgreSQL must drop to change a column that another is made from: see the first migration.
POSTGRESQL = [
    """
    ALTER TABLE search_document ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, title_stems), 'A')
        || setweight(to_tsvector('simple'::regconfig, subtitle_stems), 'B')
        || setweight(to_tsvector('simple'::regconfig, text_stems), 'C')
        || setweight(to_tsvector('simple'::regconfig, scope), 'D')
        || setweight(to_tsvector('simple'::regconfig, regexp_replace(title_stems, '([a-z0-9]+)', '0z\\1', 'g')), 'D')
    ) STORED
    """,
    "CREATE INDEX search_document_vector ON search_document USING gin (vector) WITH (fastupdate = off)",
]




def unmake_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_document DROP COLUMN vector")


def make_index(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def ask_for_a_rebuild(apps, schema_editor):
    """The worker gives each document its themes and places: searches go on meanwhile, with fewer facets."""
    if apps.get_model("search", "Document").objects.exists():
        apps.get_model("core", "Job").objects.create(
            task="maillage.search.actions.rebuild_everything", unique_key="search:rebuild", run_at=timezone.now()
        )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_submission"),
        ("networks", "0001_initial"),
        ("search", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(unmake_index, make_index),
        migrations.AlterField(
            model_name="document",
            name="scope",
            field=models.TextField(editable=False),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("on__isnull", False)), fields=["on"], name="search_document_on"
            ),
        ),
        migrations.RunPython(make_index, unmake_index),
        migrations.RunPython(ask_for_a_rebuild, migrations.RunPython.noop),
    ]

"""Media and notes of a text, made from plain marks after sanitising."""

import time

from maillage.publications.queries.rendering import plain_text, reading_of

IMAGE = {
    "kind": "image",
    "name": "publications/a.webp",
    "alt": "Une luciole",
    "credit": "Inès",
    "licence": "cc0",
    "caption": "La nuit",
}
VIDEO = {"kind": "video", "url": "https://video.exemple.test/42", "title": "Le film", "caption": ""}


def test_a_medium_takes_the_place_that_the_text_gives_it_once():
    told = reading_of("<p>Avant</p><p>[média 1]</p><p>Après</p><p>[média 1]</p>", [IMAGE])
    assert told.body.index("Avant") < told.body.index('alt="Une luciole"') < told.body.index("Après")
    assert told.body.count("<figure") == 1
    assert told.rest == []
    assert "[média" not in told.body


def test_media_that_the_text_does_not_place_come_at_its_end():
    told = reading_of("<p>[media 2]</p>", [IMAGE, VIDEO])
    assert [each["rank"] for each in told.rest] == [1]
    assert told.rest[0]["name"] == "publications/a.webp"


def test_a_video_is_a_link_that_nothing_loads_before_the_reader_follows_it():
    told = reading_of("<p>[média 1]</p>", [VIDEO])
    assert 'href="https://video.exemple.test/42"' in told.body
    assert "<iframe" not in told.body
    assert "src=" not in told.body
    assert "video.exemple.test" in told.body


def test_a_note_is_called_where_it_is_written_and_told_at_the_foot():
    told = reading_of("<p>Il fait nuit [note : Selon Roux, 2024.] noire[note: Et &lt;froide&gt;.].</p>", [])
    assert told.notes == ["Selon Roux, 2024.", "Et &lt;froide&gt;."]
    assert '<a href="#note-1" id="appel-1">1</a>' in told.body
    assert "Selon Roux" not in told.body


def test_an_unknown_mark_and_a_hostile_note_leave_nothing_that_runs():
    told = reading_of('<p>[média 9]</p><p>[note : <img src=x onerror="alert(1)">]</p>', [])
    assert "<img" not in told.body
    assert all("<" not in note for note in told.notes)


def test_plain_text_keeps_the_words_of_notes_and_no_mark():
    assert plain_text("<p>Nuit [note : noire] ici.</p><p>[média 1]</p>") == "Nuit (noire) ici."


def test_marks_inside_an_address_are_no_marks_and_join_nothing():
    told = reading_of(
        '<p><a href="java[média 1]script:alert(1)">x</a> <a href="https://a.test/[note : b]">y</a></p>', []
    )
    assert "javascript:" not in told.body
    assert told.notes == []


def test_no_text_is_slow_to_read():
    begun = time.process_time()
    for body in (
        "a" + " " * 49_000 + "b",
        "[note :" + " " * 48_000,
        "[note : " * 6000,
        "<p>" + "[média " * 7000 + "</p>",
    ):
        reading_of(f"<p>{body}</p>", [])
        plain_text(body)
    assert time.process_time() - begun < 2

"""What a letter is made of: candidates, parts in their order, and the order of each reader."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.jobs import run_waiting
from maillage.core.seen import mark
from maillage.core.viewer import RoleKind
from maillage.newsletters.actions import composing, sending
from maillage.newsletters.queries.candidates import Asked, default_since, shelves
from maillage.newsletters.queries.reading import Item, Part, arranged
from tests.factories.agenda import make_event
from tests.factories.directory import make_commune, make_network, make_term
from tests.factories.newsletters import make_letter, make_subscription
from tests.factories.publications import make_person, make_publication
from tests.support.smtp import text_of


def test_candidates_are_recent_and_public_with_what_the_last_letter_told(world):
    gard = make_commune("30189", "Nîmes")
    theme = make_term("theme", "astronomie", label="Astronomie")
    told = make_publication(world.team, "Déjà dit")
    fresh = make_publication(world.team, "Tout frais", terms=[theme], places=[gard])
    make_publication(world.team, "Brouillon", state="draft")
    job = make_publication(world.team, "Un poste", kind="announcement")
    here, far = make_event(world.network, "Ici", commune=gard), make_event(world.network, "Là-bas")
    type(fresh).objects.filter(pk=fresh.pk).update(featured_at=timezone.now())
    first = make_letter(world.team, "Première", told)
    make_subscription(world.network)
    sending.send_letter_now(by=world.team, letter=first)
    letter = make_letter(world.team, "Seconde", here)
    today = timezone.localdate()
    assert default_since(letter) == today
    asked = Asked(since=today - timedelta(days=30), until=today + timedelta(days=30))
    front, agenda, announcements = shelves(letter, asked)
    assert [(each.title, each.is_featured, each.was_told) for each in front.candidates] == [
        ("Tout frais", True, False), ("Déjà dit", False, True),
    ]  # fmt: skip
    assert {(each.pk, each.is_there) for each in agenda.candidates} == {(here.pk, True), (far.pk, False)}
    assert [each.pk for each in announcements.candidates] == [job.pk]
    narrowed = shelves(letter, Asked(asked.since, asked.until, department="30"))
    assert [[each.title for each in shelf.candidates] for shelf in narrowed] == [["Tout frais"], ["Ici"], []]
    narrowed = shelves(letter, Asked(asked.since, asked.until, theme=theme.pk))
    assert [[each.title for each in shelf.candidates] for shelf in narrowed] == [["Tout frais"], [], []]


def test_contents_go_into_their_parts_once_and_are_moved_and_removed(world):
    texts = [make_publication(world.team, f"Texte {n}") for n in range(3)]
    event = make_event(world.network)
    letter = make_letter(world.team, "Lettre")
    chosen = [
        ("À la une", "publication", texts[0].pk),
        ("Agenda", "event", event.pk),
        ("À la une", "publication", texts[1].pk),
    ]
    assert composing.add_contents(by=world.team, letter=letter, chosen=chosen) == 3
    assert composing.add_contents(by=world.team, letter=letter, chosen=chosen) == 0
    foreign = make_publication(make_person(make_network("Ailleurs"), "Zoé Lenoir", RoleKind.ANIMATOR))
    assert composing.add_contents(by=world.team, letter=letter, chosen=[("Agenda", "publication", foreign.pk)]) == 0
    composing.add_contents(by=world.team, letter=letter, chosen=[("À la une", "publication", texts[2].pk)])
    names = [str(block) for block in letter.blocks.all()]
    assert names == ["À la une", "Texte 0", "Texte 1", "Texte 2", "Agenda", "Nuit des étoiles"]
    composing.move_block(by=world.team, block=letter.blocks.get(publication=texts[2]), up=True)
    composing.remove_block(by=world.team, block=letter.blocks.get(publication=texts[0]))
    assert [str(block) for block in letter.blocks.all()][:3] == ["À la une", "Texte 2", "Texte 1"]


def test_two_who_write_the_same_sentence_are_told_and_nothing_is_lost(world, client):
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    block = letter.blocks.get(kind="publication")
    seen = {block.pk: mark("")}
    composing.change_words(by=world.team, letter=letter, values={block.pk: "La première."}, seen=seen)
    client.force_login(world.admin.user)
    address = reverse("newsletters:letter_work", args=[letter.pk])
    sent = {f"mot-{block.pk}": "La seconde.", f"vu-{block.pk}": seen[block.pk], "acte": "enregistrer"}
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert "La seconde." in answer.content.decode()
    block.refresh_from_db()
    assert block.words == "La première."


@given(
    st.lists(st.one_of(st.none(), st.tuples(st.frozensets(st.integers(1, 3)), st.frozensets(st.sampled_from("ab"))))),
    st.frozensets(st.integers(1, 3)),
    st.frozensets(st.sampled_from("ab")),
)
def test_a_reader_receives_all_of_the_letter_their_choices_first(made, themes, departments):
    """Whatever was chosen, nothing is lost nor added; texts keep their rank; between two texts, what answers more comes before."""
    items = [
        Item(n, "text") if each is None else Item(n, "publication", terms=each[0], departments=each[1])
        for n, each in enumerate(made)
    ]
    [part] = arranged([Part("Partie", items)], themes, departments)
    assert sorted(item.block for item in part.items) == [item.block for item in items]
    assert [n for n, item in enumerate(part.items) if item.is_text] == [
        n for n, item in enumerate(items) if item.is_text
    ]
    for one, two in zip(part.items, part.items[1:], strict=False):
        if not (one.is_text or two.is_text):
            ranks = [bool(each.terms & themes) + bool(each.departments & departments) for each in (one, two)]
            assert ranks[0] > ranks[1] or (ranks[0] == ranks[1] and one.block < two.block)


def test_each_reader_has_their_order_in_the_message(world, smtp_server):
    theme = make_term("theme", "astronomie", label="Astronomie")
    plain, starry = (
        make_publication(world.team, "Des lucioles"),
        make_publication(world.team, "Des étoiles", terms=[theme]),
    )
    letter = make_letter(world.team, "Lettre", plain, starry)
    make_subscription(world.network, "a@exemple.test")
    make_subscription(world.network, "b@exemple.test").themes.add(theme)
    sending.send_letter_now(by=world.team, letter=letter)
    run_waiting()
    orders = {
        message["To"]: text_of(message).index("Des lucioles") < text_of(message).index("Des étoiles")
        for message in smtp_server.received
    }
    assert orders == {"a@exemple.test": True, "b@exemple.test": False}

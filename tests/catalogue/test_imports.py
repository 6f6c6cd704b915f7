"""Lists of resources read into the catalogue: what a line becomes, read again, undone; a real file of the State."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile

from maillage.accounts.queries import viewer_for
from maillage.catalogue import actions as catalogue
from maillage.catalogue.models import Booking, LendingTerms, Resource
from maillage.core.viewer import RoleKind
from maillage.directory.models import Actor
from maillage.exchange import actions
from maillage.exchange.registry import shipped_recipe
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.imports import ran

REAL = Path("/work/shared/data/resources/culture_chez_nous.csv")
HEAD = (
    'Identifiant (ID),Nom de l\'organisme,Lien vers la ressource,"si ""enfants"", merci de préciser le niveau scolaire",'
    'Titre de la ressource,"Activité proposée (apprendre, se divertir, s’informer,...)",Public cible,'
    "Types de ressources proposées,Thématiques,Contenus adaptés aux types de handicap"
)
ONE = '7,Planétarium du Lez,https://exemple.test/ciel,Primaire,Le ciel,Apprendre,Enfants,"Vidéo, flux","Astronomie,Histoire",Sous-titrage'
TWO = "8,Un organisme d'ailleurs,https://exemple.test/x,,Ailleurs,Lire,Tous publics,Images,Histoire,"


@pytest.fixture
def here(db):
    network = make_network(host="ici.test")
    user = make_person(network, RoleKind.ANIMATOR, name="Ana")
    return SimpleNamespace(
        network=network,
        by=viewer_for(user, network),
        theme=make_term("theme", "astronomie"),
        lender=make_actor(network, "Planétarium du Lez"),
    )


def imported(here, content, *, apply=True, **options):
    batch = actions.receive_file(by=here.by, file=ContentFile(content, name="liste.csv"), target="resources")
    spec = json.loads(json.dumps(shipped_recipe("culture-chez-nous").spec))
    fallback = options.pop("fallback", "")
    if fallback:
        spec["fields"]["fallback"] = {"constant": fallback}
    spec["options"] = {"state": "published", "licence": "etalab", **options}
    batch = actions.use_recipe(by=here.by, batch=batch, key="", spec=spec)
    return ran(here.by, batch, apply=apply)


def previewed(here, content):
    """Deposited and looked at, not applied."""
    return imported(here, content, apply=False)


def lines(*rows):
    return "\n".join([HEAD, *rows]).encode()


def test_a_line_becomes_a_resource_of_the_actor_that_it_names(here):
    imported(here, lines(ONE, TWO))
    made = Resource.objects.get()
    assert (made.title, made.actor, made.kind, made.state) == ("Le ciel", here.lender, "media", "published")
    assert (made.website, made.licence, made.source) == ("https://exemple.test/ciel", "etalab", "Culture chez nous")
    assert (made.cycles, made.place_access) == (["c2", "c3"], ["hi"])
    assert [term.slug for term in made.terms.all()] == ["astronomie"]


def test_the_importer_may_name_who_offers_the_rest(here):
    imported(here, lines(ONE, TWO), fallback="Planétarium du Lez")
    assert sorted(Resource.objects.values_list("title", flat=True)) == ["Ailleurs", "Le ciel"]


def test_read_again_nothing_changes(here):
    imported(here, lines(ONE))
    before = Resource.objects.values().get()
    batch = imported(here, lines(ONE))
    assert Resource.objects.values().get() == before
    assert batch.figures.get("updated", 0) == batch.figures.get("created", 0) == 0


def test_what_people_wrote_since_stays_and_what_they_left_follows_the_source(here):
    imported(here, lines(ONE))
    made = Resource.objects.get()
    catalogue.edit_resource(by=here.by, resource=made, fields={"title": "Le ciel du Lez"}, seen=None)
    imported(here, lines(ONE.replace("Le ciel", "Les cieux").replace("/ciel", "/cieux")))
    made.refresh_from_db()
    assert (made.title, made.website) == ("Le ciel du Lez", "https://exemple.test/cieux")


def test_undoing_takes_away_what_nobody_touched_and_keeps_the_rest(here):
    batch = imported(here, lines(ONE, ONE.replace("7,", "9,", 1).replace("Le ciel", "La lune")))
    moon = Resource.objects.get(title="La lune")
    catalogue.edit_resource(by=here.by, resource=moon, fields={"summary": "Écrit depuis"}, seen=None)
    actions.undo_batch(by=here.by, batch=batch)
    assert [each.title for each in Resource.objects.all()] == ["La lune"]


@pytest.mark.parametrize("added", ["link", "module", "consumable", "terms"])
def test_undoing_keeps_what_people_added_to(here, added):
    batch = imported(here, lines(ONE))
    made = Resource.objects.get()
    if added == "link":
        made.links.create(url="https://exemple.test/notice", title="Notice")
    elif added == "module":
        made.modules.create(title="Panneau 1")
    elif added == "consumable":
        made.consumables.create(title="Piles", stock=4)
    else:
        LendingTerms.objects.create(network=here.network, resource=made)
    actions.undo_batch(by=here.by, batch=batch)
    assert Resource.objects.get() == made


def test_what_was_booked_stays_with_who_lends_it(here):
    imported(here, lines(ONE))
    made = Resource.objects.get()
    Booking.objects.create(resource=made, kind="loan", first=10, last=12)
    make_actor(here.network, "Muséum de Foix")
    imported(here, lines(ONE.replace("Planétarium du Lez", "Muséum de Foix").replace("Le ciel", "Les cieux")))
    made.refresh_from_db()
    assert (made.actor, made.title) == (here.lender, "Le ciel")


def test_a_list_gives_nothing_to_an_actor_that_is_out_of_reach(here):
    gard, herault = make_commune("30189", "Nîmes", (43.84, 4.36)), make_commune("34172", "Montpellier", (43.61, 3.88))
    Actor.objects.filter(pk=here.lender.pk).update(commune=gard)
    far = make_actor(here.network, "Muséum de Foix", commune=herault)
    imported(here, lines(ONE))
    user = make_person(here.network, RoleKind.ANIMATOR, "30", email="gard@exemple.test", name="Inès")
    here.by = viewer_for(user, here.network)
    imported(here, lines(ONE.replace("Planétarium du Lez", far.name)))
    assert Resource.objects.get().actor == here.lender


def test_undoing_leaves_what_was_booked_with_who_lends_it_since(here):
    other = make_actor(here.network, "Muséum de Foix")
    imported(here, lines(ONE))
    batch = imported(here, lines(ONE.replace("Planétarium du Lez", "Muséum de Foix")))
    made = Resource.objects.get()
    assert made.actor == other
    Booking.objects.create(resource=made, kind="loan", first=10, last=12)
    actions.undo_batch(by=here.by, batch=batch)
    made.refresh_from_db()
    assert made.actor == other


def test_a_list_writes_nothing_of_what_reports_hide(here):
    imported(here, lines(ONE))
    Resource.objects.update(state="suspended")
    imported(here, lines(ONE.replace("Le ciel", "Les cieux")))
    assert Resource.objects.get().title == "Le ciel"


def test_two_lists_looked_at_before_either_is_applied_make_nothing_twice(here):
    first, second = previewed(here, lines(ONE)), previewed(here, lines(ONE.replace("/ciel", "/cieux")))
    assert [batch.lines.get().verdict for batch in (first, second)] == ["create", "create"]
    for batch in (first, second):
        ran(here.by, batch, preview=False)
    made = Resource.objects.get()
    assert made.website == "https://exemple.test/cieux"
    assert made.identifiers.get().value == "7"
    assert second.lines.get().outcome == "updated"


def test_what_people_wrote_between_the_preview_and_the_application_stays(here):
    imported(here, lines(ONE))
    batch = previewed(here, lines(ONE.replace("Le ciel", "Les cieux")))
    catalogue.edit_resource(by=here.by, resource=Resource.objects.get(), fields={"title": "Le ciel du Lez"}, seen=None)
    ran(here.by, batch, preview=False)
    assert Resource.objects.get().title == "Le ciel du Lez"


def test_a_line_that_someone_wrote_by_hand_meanwhile_is_left_with_a_sentence(here):
    batch = previewed(here, lines(ONE))
    fields = {"kind": "media", "title": "Le ciel", "actor": here.lender, "summary": "À la main."}
    catalogue.create_resource(by=here.by, fields=fields)
    ran(here.by, batch, preview=False)
    line = batch.lines.get()
    assert (Resource.objects.count(), line.outcome, "depuis l'aperçu" in line.outcome_note) == (1, "left", True)


def test_two_lines_of_one_source_with_one_title_are_two_resources(here):
    imported(here, lines(ONE, ONE.replace("7,", "9,", 1)))
    assert Resource.objects.count() == 2


@pytest.mark.skipif(not REAL.exists(), reason="the file is not on this machine")
def test_the_real_file_comes_twice_and_the_second_time_changes_nothing(here):
    """1,112 lines, all offered by one actor of the network."""
    content = REAL.read_bytes()
    imported(here, content, fallback="Planétarium du Lez")
    count = Resource.objects.count()
    assert count > 1000
    marks = sorted(Resource.objects.values_list("pk", "updated_at"))
    batch = imported(here, content, fallback="Planétarium du Lez")
    assert sorted(Resource.objects.values_list("pk", "updated_at")) == marks
    assert batch.figures.get("created", 0) == 0

"""What one takes away of the catalogue is read back whole."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.http import QueryDict

from maillage.catalogue import actions as catalogue
from maillage.catalogue import kit
from maillage.catalogue.enums import Kind
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.rows import COLUMNS, public_rows
from maillage.exchange import actions
from maillage.exchange.kit import csv_lines
from maillage.topics.models import Term
from tests.factories.catalogue import make_catalogue_world, make_person, make_resource
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.imports import ran

FIELDS = [
    "kind", "title", "summary", "description", "languages", "age_min", "age_max", "cycles", "licence", "duration", "group_min",
    "group_max", "surface", "height", "power", "connection", "volume", "transport", "setup_minutes", "people", "place_access",
    "access_notes", "safety", "price", "fee", "deposit", "conditions", "website", "pickup", "commune__code", "actor__name",
]  # fmt: skip
WHOLE = {
    "description": "<p>De l'eau, <strong>du sable</strong> ; et l'été.</p>", "languages": ["fr", "oc"], "age_min": 6, "age_max": 12,
    "cycles": ["c2", "c3"], "licence": "cc-by", "duration": 90, "group_min": 4, "group_max": 15, "surface": 40,
    "height": Decimal("2.40"), "power": "sockets", "connection": "useful", "volume": Decimal("1.25"), "transport": "estate",
    "setup_minutes": 45, "people": 2, "place_access": ["mi", "sl"], "access_notes": "Rampe à l'entrée", "safety": "Lunettes ;\ngants.",
    "price": "paid", "fee": Decimal("120.50"), "deposit": Decimal(300), "conditions": "À rendre propre, le lundi",
    "website": "https://exemple.test/malle", "pickup": "=Quai 3, « au fond »",
}  # fmt: skip


def exported(network):
    asked = kit.ask(QueryDict(), network)
    rows = public_rows(network, asked.selection, "https://ici.test")
    names = [column.name for column in COLUMNS]
    return b"".join(csv_lines([column.title for column in COLUMNS], ([row[name] for name in names] for row in rows)))


def read(by, content, name="ressources.csv"):
    """Deposited, its columns mapped by nobody; published."""
    batch = actions.receive_file(by=by, file=ContentFile(content, name=name), target="resources")
    spec = {**batch.options["recipe"], "options": {"state": "published"}}
    return ran(by, actions.use_recipe(by=by, batch=batch, key="", spec=spec))


def told(network):
    rows = {row["title"]: row for row in Resource.objects.filter(network=network).values(*FIELDS)}
    for each in Resource.objects.filter(network=network):
        rows[each.title]["terms"] = sorted(each.terms.values_list("slug", flat=True))
        rows[each.title]["zone"] = sorted(each.zone.values_list("code", flat=True))
    return rows


@pytest.fixture
def world(db):
    world = make_catalogue_world()
    far = make_commune("30189", "Nîmes", (43.84, 4.36))
    make_term("theme", "eau", label="Eau, mer et rivières")
    make_term("audience", "familles")
    fields = {**WHOLE, "commune": far, "zone": [far.department]}
    fields |= {"themes": list(Term.objects.filter(vocabulary="theme")), "audiences": list(Term.objects.filter(vocabulary="audience"))}  # fmt: skip
    for kind in Kind:
        make_resource(world.team, world.lender, f"Entière : {kind.label}", kind=kind, **fields)
        make_resource(world.team, world.other, f"Nue : {kind.label}", kind=kind)
    world.there = make_network("Réseau voisin")
    for actor in (world.lender, world.other):
        make_actor(world.there, actor.name, commune=actor.commune)
    world.reader = make_person(world.there, "Ana Roux", "animator")
    return world


def test_an_export_read_in_another_network_makes_the_same_resources_and_read_again_nothing(world):
    content = exported(world.network)
    batch = read(world.reader, content)
    assert [list(line.faults) for line in batch.lines.all() if line.faults] == []
    there, here = told(world.there), told(world.network)
    assert there == here, [(n, there[t][n], here[t][n]) for t in here for n in here[t] if there[t][n] != here[t][n]]
    marks = sorted(Resource.objects.values_list("pk", "updated_at"))
    again = read(world.reader, content, "autre nom.csv")
    assert {line.verdict for line in again.lines.all()} == {"identical"}
    assert sorted(Resource.objects.values_list("pk", "updated_at")) == marks


def test_an_export_read_at_home_finds_what_it_names(world):
    resource = Resource.objects.filter(network=world.network).first()
    catalogue.edit_resource(by=world.team, resource=resource, fields={"title": "Autrement"}, seen=None)
    batch = read(world.team, exported(world.network))
    assert {line.verdict for line in batch.lines.all()} == {"identical"}


def test_what_a_line_says_wrongly_is_left_and_said_beside_its_column(world):
    head = "Identifiant;Comment en profiter;Titre;Proposée par;Hauteur (m);Âge minimum;Âge maximum;Prix;Zone desservie;Code INSEE"
    row = "x1;à emprunter;Malle à vent;Planétarium du Lez;haute;12;8;cher;Loire;99999"
    batch = read(world.reader, f"{head}\n{row}\n".encode())
    line = batch.lines.get()
    assert sorted(fault["field"] for fault in line.faults) == ["age_max", "height", "insee", "price", "zone"]
    made = Resource.objects.get(network=world.there)
    assert (made.title, made.height, made.age_min, made.age_max, made.price) == ("Malle à vent", None, 12, None, "")

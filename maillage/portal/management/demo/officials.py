"""Elected officials of the demonstration: fictitious persons, real territories; meetings, promises, two letters."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import F

from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.outreach.actions.contacts import finish_step, log_contact
from maillage.outreach.actions.letters import mail_letter, post_letter, write_letter
from maillage.outreach.actions.officials import add_mandate, add_official, object_to_be_kept, stop_letters
from maillage.outreach.actions.promises import settle_promise
from maillage.outreach.models import Contact, Letter, Mandate, Official, Promise, Recipient
from maillage.outreach.queries.letters import addressed_by, writable
from maillage.outreach.queries.officials import OfficialFilters
from maillage.portal.management.demo.world import World
from maillage.territories.models import Territory

_WOMEN = ["Apolline", "Berthe", "Colombe", "Delphine", "Edmée", "Flore", "Garance", "Hortense", "Isaure", "Jeanne"]
_MEN = ["Anselme", "Baptistin", "Célestin", "Damien", "Eugène", "Fulcran", "Gaspard", "Hilaire", "Isidore", "Joachim"]
_NAMES = [
    "Aussillous", "Bastidon", "Cabrespine", "Delsouc", "Escandel", "Fabrègues", "Galinier", "Hérans", "Issanchou",
    "Jalabère", "Lacombrade", "Malaval", "Nougarède", "Olmières", "Pradelhan", "Quérol", "Rascalou", "Sénégas",
    "Tournemire", "Ussel", "Valcroze",
]  # fmt: skip
_SAID = [  # Days ago, rank of the official, channel, what was said, next step and in how many days, promise and its fate.
    (310, 0, "meeting", "Présentation du réseau : la commune cherche de quoi occuper la halle hors saison.", None,
     ("official", "Prêter la halle pour une fête de la science", "kept", 200)),
    (290, 1, "meeting", "Le Propulseur pourrait venir le jour du marché.", None,
     ("us", "Proposer trois dates pour le Propulseur", "kept", 260)),
    (270, 12, "event", "Rencontrée à la journée des bibliothèques.", None, None),
    (255, 13, "phone", "La subvention baisse de moitié, l'équipe de la médiathèque reste.", None,
     ("official", "Maintenir l'aide au club d'astronomie", "broken", 120)),
    (240, 2, "visit", "Visite de l'école : aucune sortie scientifique depuis trois ans.", None,
     ("us", "Trouver une intervenante pour la classe de CM2", "kept", 180)),
    (221, 24, "meeting", "Le contrat de ville peut financer des ateliers.", None, None),
    (208, 25, "letter", "Réponse à notre courrier : intéressée, mais pas avant le budget.", None, None),
    (190, 3, "meeting", "Un local vide près de la gare, 80 m², à visiter.", None,
     ("official", "Faire visiter le local de la gare", "broken", 60)),
    (176, 36, "meeting", "Relais possible auprès des autres adjoints à la culture.", None, None),
    (160, 4, "phone", "Demande les chiffres du département.", None,
     ("us", "Envoyer la fiche du territoire", "kept", 150)),
    (148, 48, "meeting", "Le schéma culturel du département sera révisé cette année.", None,
     ("official", "Nous entendre en commission culture", "waiting", -20)),
    (131, 14, "meeting", "Les centres de loisirs manquent de matériel.", None,
     ("us", "Prêter deux mallettes pour l'été", "kept", 90)),
    (117, 5, "event", "Présent au forum, a découvert six structures de sa commune.", None, None),
    (104, 54, "meeting", "La Région écrit les conditions du prochain appel à projets.", None,
     ("official", "Relire nos propositions sur la ruralité", "waiting", -2)),
    (92, 15, "video", "Partage de l'agenda avec l'office de tourisme.", None, None),
    (80, 58, "meeting", "L'intercommunalité gère les médiathèques : neuf sites.", None,
     ("official", "Inscrire la culture scientifique au projet de territoire", "waiting", 5)),
    (71, 6, "meeting", "La maire veut un festival ; le budget n'existe pas encore.", ("Envoyer trois exemples", 9), None),
    (60, 26, "phone", "Le conseil a voté l'aide.", None, ("official", "Verser l'aide avant l'été", "kept", 20)),
    (52, 62, "meeting", "Prêt à porter une question écrite.", ("Envoyer une note d'une page", 20),
     ("us", "Envoyer une note d'une page", "waiting", 3)),
    (41, 37, "meeting", "Une nuit des étoiles dans le parc.", None,
     ("official", "Éteindre l'éclairage public ce soir-là", "waiting", -1)),
    (30, 7, "visit", "Le pigeonnier pourrait devenir un observatoire.", ("Mettre en relation avec le club voisin", -2), None),
    (22, 16, "meeting", "Première rencontre, très attentif aux chiffres.", ("Proposer une date de visite", 1), None),
    (15, 49, "phone", "Elle viendra au comité.", None, None),
    (8, 38, "meeting", "Demande une intervention au conseil municipal des jeunes.", ("Trouver une date en mars", -4),
     ("us", "Venir au conseil municipal des jeunes", "waiting", -30)),
    (3, 0, "phone", "La fête a eu lieu, 340 personnes.", ("Remercier par écrit", 0), None),
]  # fmt: skip
_FUTURE = (
    "<p>{civilité} {nom},</p><p>Votre territoire ({territoire}) en deux chiffres : {acteurs} des sciences dans notre "
    "annuaire ; population : {habitants}. Votre délégation ({délégation}) est celle qui peut rapprocher les sciences et "
    "les habitants.</p><p>Pourrions-nous nous rencontrer avant l'été ?</p><p>L'équipe d'animation</p>"
)
_SENT = (
    "<p>{civilité} {nom},</p><p>Vous êtes {fonction} ({territoire}). Votre commune en deux chiffres : {acteurs} de la "
    "culture scientifique dans notre annuaire ; population : {habitants}.</p><p>Nous vous proposons trois choses :</p>"
    "<ul><li>une étape du Propulseur, gratuite, sur la place du village ;</li><li>le prêt d'une exposition à votre "
    "médiathèque ;</li><li>une rencontre avec les structures voisines.</li></ul><p>Un mot de votre part suffit.</p>"
    "<p>L'équipe d'animation</p>"
)
_PLACES = [("48", 12), ("30", 12), ("31", 4), ("34", 4), ("12", 4)]  # Mayors, then their deputies.


def tell_officials(world: World) -> None:
    admin, add, ago = world.viewer("admin"), world.chronicle.add, world.chronicle.ago
    met: list[Official] = []
    add(ago(330, 9), lambda at: _enter(admin, met, at))
    for days, rank, channel, about, step, promise in _SAID:
        values = {"channel": channel, "about": about}
        at = ago(days, 9 + rank % 8, rank * 7 % 60)
        add(at, partial(_meet, world, met, rank, values, step, promise))
        if promise is not None and promise[2] != "waiting":
            add(ago(promise[3], 17), partial(_settle, admin, promise[1], promise[2]))
    add(ago(200, 11), lambda at: _write(world, OfficialFilters(department="48", function="maire"), at))
    add(ago(45, 10), lambda at: stop_letters(by=admin, official=met[9]))
    add(ago(44, 10), lambda at: object_to_be_kept(by=admin, official=met[10]))
    add(ago(2, 16), lambda at: _prepare(world, at))


def _communes() -> list[Territory]:
    found: list[Territory] = []
    for code, count in _PLACES:
        there = (
            Territory.objects.communes().filter(department__code=code).select_related("department", "region", "epci")
        )
        found += there.order_by(F("population").desc(nulls_last=True), "code")[:count]
    return found


def _enter(by: Viewer, met: list[Official], at: datetime) -> None:
    """Mayors of thirty-six communes, deputies of twelve, then the département, the région, the intercommunalities, Paris."""
    communes = _communes()
    chosen: list[tuple[str, str, Territory]] = [("maire", "", place) for place in communes]
    deputies = ["Culture", "Éducation", "Culture et patrimoine", "Jeunesse"]
    chosen += [("adjoint", deputies[rank % 4], place) for rank, place in enumerate(communes[::3])]
    departments = list({place.department.pk: place.department for place in communes}.values())
    chosen += [("departemental", "Culture", place) for place in departments]
    chosen += [("departemental", "", departments[0])]
    chosen += [("regional", each, communes[0].region) for each in ("Culture", "Recherche", "Ruralité", "")]
    heads = {place.epci.pk: place.epci for place in communes if place.epci is not None}
    chosen += [("epci", "", place) for place in list(heads.values())[:4]]
    chosen += [("depute", "", departments[0]), ("depute", "", departments[-1]), ("senateur", "", departments[1])]
    for rank, (function, delegation, place) in enumerate(chosen):
        met.append(_one(by, rank, function, delegation, place, at))
    # Two held a mandate before; one lost theirs since.
    before = {"since": at.date() - timedelta(days=3000), "until": at.date() - timedelta(days=700)}
    for rank in (2, 48):
        add_mandate(by=by, official=met[rank], function="municipal", territory=communes[rank % 12], **before)
    held = met[-1].mandates.get()
    Mandate.objects.filter(pk=held.pk).update(until=at.date() + timedelta(days=200))


def _one(by: Viewer, rank: int, function: str, delegation: str, place: Territory, at: datetime) -> Official:
    is_woman = rank % 2 == 0
    name = _NAMES[rank * 8 % 21]
    is_town = function in {"maire", "adjoint"}
    town = (
        place
        if is_town
        else Territory.objects.communes().filter(**_seat(place)).order_by("-population", "code").first()
    )
    code = town.postal_codes.order_by("code").values_list("code", flat=True).first() if town else ""
    office = "Mairie" if is_town else "Hôtel de l'assemblée"
    official = add_official(
        by=by,
        civility="mme" if is_woman else "m",
        first_name=(_WOMEN if is_woman else _MEN)[rank * 3 % 10],
        last_name=name,
        email="" if rank % 7 == 3 else f"{slugged(name)}.{rank}@{slugged(place.name, 30)}.example",
        phone="" if rank % 3 else f"05 36 49 {40 + rank // 10:02} {rank % 100:02}",
        address="" if rank % 11 == 5 else f"{office}\n1 place de la République\n{code} {town or place}",
        source="Répertoire national des élus",
        sourced_on=at.date(),
        mandate={
            "function": function,
            "delegation": delegation,
            "territory": place,
            "since": at.date() - timedelta(days=600 + rank),
        },
    )
    Official.objects.filter(pk=official.pk).update(created_at=at, updated_at=at)
    return _whole(official)


def _seat(place: Territory) -> dict[str, Any]:
    """The communes among which the largest is the seat."""
    return {place.kind: place, "population__isnull": False}


def _whole(official: Official) -> Official:
    return Official.objects.with_mandates().get(pk=official.pk)


def _meet(
    world: World, met: list[Official], rank: int, values: dict[str, Any], step: Any, promise: Any, at: datetime
) -> None:
    official = _whole(met[rank % len(met)])
    solene, noe = world.viewer("animation-gard"), world.viewer("animation")
    actors = world.actors("library", 1) if rank in {12, 58} else []
    by = solene if "30" in official.departments and not actors else noe
    today = world.chronicle.now.date()
    if step is not None:
        values = values | {"next_step": step[0], "next_on": today - timedelta(days=step[1])}
    noted = None
    if promise is not None:
        who, text, state, days = promise
        noted = {"promiser": who, "text": text, "due_on": today - timedelta(days=days)}
        if state == "waiting" and days < -10:
            noted["follow_on"] = today + timedelta(days=4)
    contact = log_contact(by=by, actors=actors, officials=[official], promise=noted, on=at.date(), minutes=45, **values)
    Contact.objects.filter(pk=contact.pk).update(created_at=at, updated_at=at)
    Promise.objects.filter(contact=contact).update(created_at=at, updated_at=at)
    if step is not None and step[1] == 20:
        finish_step(by=by, contact=contact)


def _settle(by: Viewer, text: str, state: str, at: datetime) -> None:
    for promise in Promise.objects.filter(text=text, state="waiting").select_related("official"):
        settle_promise(by=by, promise=promise, state=state)
        Promise.objects.filter(pk=promise.pk).update(settled_on=at.date(), updated_at=at)


def _write(world: World, asked: OfficialFilters, at: datetime) -> None:
    noe = world.viewer("animation")
    to = [(each, addressed_by(each, asked)) for each in writable(noe, asked)]
    letter = write_letter(by=noe, subject="Les sciences sur votre territoire ({territoire})", body=_SENT, to=to)
    Letter.objects.filter(pk=letter.pk).update(created_at=at, updated_at=at)
    mail_letter(by=noe, letter=letter)
    post_letter(by=noe, letter=letter)
    lines = Recipient.objects.filter(letter=letter)
    lines.exclude(mailed_at=None).update(mailed_at=at + timedelta(hours=1))
    lines.exclude(posted_at=None).update(posted_at=at + timedelta(days=1))


def _prepare(world: World, at: datetime) -> None:
    noe, asked = world.viewer("animation"), OfficialFilters(function="adjoint", delegation="culture")
    to = [(each, addressed_by(each, asked)) for each in writable(noe, asked)]
    letter = write_letter(by=noe, subject="Se rencontrer avant l'été", body=_FUTURE, to=to)
    Letter.objects.filter(pk=letter.pk).update(created_at=at, updated_at=at)

"""Eighteen months of contacts of the demonstration's team: calls, visits, what they lead to."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.outreach.actions.contacts import finish_step, log_contact
from maillage.outreach.enums import Channel
from maillage.outreach.models import Contact
from maillage.portal.management.demo.plan import Planned
from maillage.portal.management.demo.world import World
from maillage.topics.models import Term

_DAYS = 540
_EVERY = 2  # Days between two contacts, on average.
# Mission, what was said, minutes, what follows.
_SAID: list[tuple[str, str, int, str]] = [
    ("valoriser-les-acteurs", "Programme de la saison, à reprendre dans l'agenda du réseau.", 15, "Relire leur annonce"),
    ("centre-de-ressources", "Cherche une exposition sur l'eau pour deux semaines au printemps.", 15, "Envoyer la liste des expositions"),
    ("centre-de-ressources", "Retour de la mallette d'astronomie : une lampe à changer.", 5, ""),
    ("accompagner-les-projets", "Une idée de sentier des étoiles avec la commune ; ne sait pas par où commencer.", 60, "Proposer un atelier de créativité"),
    ("accompagner-les-projets", "Point sur le dossier de financement, il manque deux partenaires.", 30, "Chercher un partenaire universitaire"),
    ("structurer-et-animer-le-reseau", "Présentation du réseau et de la charte.", 30, "Envoyer le guide d'accueil"),
    ("structurer-et-animer-le-reseau", "Changement de responsable à la rentrée.", 5, "Rappeler en septembre"),
    ("former", "Deux personnes intéressées par la formation à la médiation.", 15, "Envoyer le programme"),
    ("former", "Bilan de la journée professionnelle : très utile, trop loin.", 15, ""),
    ("partenariats", "L'office de tourisme voudrait une visite nocturne cet été.", 30, "Mettre en contact avec un club d'astronomie"),
    ("evaluer", "Rappel de l'enquête : la recevra de nouveau.", 5, ""),
    ("recherche-et-developpement", "Essai d'un jeu de rôle sur le climat, deux classes volontaires.", 60, "Convenir d'une date d'essai"),
    ("animer-le-pole", "Prêt à siéger au Pôle, demande l'ordre du jour.", 15, "Envoyer l'ordre du jour"),
    ("", "Ne se sent pas concerné, mais accueille déjà un club de sciences le samedi.", 15, "Rappeler avec un exemple proche"),
]  # fmt: skip
_WHO = ["la direction", "l'accueil", "Odette Vernhes", "Basile Combettes", "Maïwenn Alric", "le secrétariat", ""]


def tell_contacts(world: World) -> None:
    """The same each time. Recent ones leave something to do: late, today, next week, some day."""
    random = Random(7)  # noqa: S311  (a demonstration, the same each time)
    shown = [one for one in world.planned if one.is_shown and one.months_known > 1]
    if not shown:
        return
    team = [world.viewer("animation"), world.viewer("animation"), world.viewer("admin"), world.viewer("animation-gard")]
    reached = {by: [one for one in shown if _reaches(by, one)] for by in team}
    for days in range(_DAYS, -1, -_EVERY):
        by = random.choice(team)
        reachable = [one for one in reached[by] if one.months_known * 30 > days] or shown[:1]
        one = random.choice(reachable)
        said = random.choice(_SAID)
        channel = random.choice([*Channel.values[:4], "phone", "mail", "phone"])
        at = world.chronicle.ago(days + random.random(), 9 + random.randrange(8), random.randrange(60))
        world.chronicle.add(
            at, partial(_logs, by=by, one=one, said=said, channel=channel, person=random.choice(_WHO), rank=days)
        )


def _reaches(by: Viewer, one: Planned) -> bool:
    commune = one.values.get("commune")
    return by.animates(commune.department.code if commune is not None and commune.department is not None else "")


def _logs(
    at: datetime, *, by: Viewer, one: Planned, said: tuple[str, str, int, str], channel: str, person: str, rank: int
) -> None:
    mission, about, minutes, step = said
    if one.actor is None:
        return
    actor = Actor.objects.select_related("commune__department").get(pk=one.actor.pk)
    contact = log_contact(
        by=by,
        actors=[actor],
        on=at.date(),
        channel=channel,
        person=person,
        about=about,
        mission=Term.objects.of("mission").filter(slug=mission).first(),
        minutes=minutes if channel != Channel.VISIT else 120,
        next_step=step,
        next_on=(at + timedelta(days=7 + rank % 9)).date() if step and rank % 5 else None,
    )
    if step and rank > 12:
        finish_step(by=by, contact=contact)
        Contact.objects.filter(pk=contact.pk).update(next_done_at=at + timedelta(days=3 + rank % 9))
    Contact.objects.filter(pk=contact.pk).update(created_at=at)

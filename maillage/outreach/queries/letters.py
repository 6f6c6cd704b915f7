"""Reads of letters: for whom, who cannot get it and why, what each one reads, the document of them all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.accounts.queries import suppressed_among
from maillage.core.dates import date_format
from maillage.core.pdf import render, tree
from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.directory.queries.todo import departments_of
from maillage.outreach.enums import Civility
from maillage.outreach.models import Letter, Mandate, Official, Recipient
from maillage.outreach.queries.officials import OfficialFilters, actors_in, officials
from maillage.outreach.registry.letters import filled

TEMPLATE = "outreach/pdf/letters.typ"
AT_MOST = 1000


def letters(viewer: Viewer) -> "QuerySet[Letter]":
    posted, mailed = ~Q(recipients__posted_at=None), ~Q(recipients__mailed_at=None)
    found: Any = Letter.objects.visible_to(viewer).select_related("author")
    return found.annotate(
        count=Count("recipients"),
        posted=Count("recipients", filter=posted),
        mailed=Count("recipients", filter=mailed),
    ).order_by("-created_at", "-pk")


def writable(viewer: Viewer, asked: OfficialFilters) -> list[Official]:
    """Those of the filtered list that the viewer may write to, whether or not an address is known yet."""
    found = officials(viewer, asked).filter(stopped_at=None, objected_at=None)
    if bound := departments_of(viewer):
        found = found.filter(Exists(Mandate.objects.current().within(bound).filter(official=OuterRef("pk"))))
    return list(found[:AT_MOST])


def refusing(viewer: Viewer, asked: OfficialFilters) -> list[Official]:
    """Those of the filtered list who do not want to be written to."""
    return list(officials(viewer, asked).exclude(stopped_at=None, objected_at=None)[:AT_MOST])


def addressed_by(official: Official, asked: OfficialFilters) -> Mandate | None:
    """The mandate that the list was filtered by, else the first one in force."""
    held = official.present_mandates
    for mandate in held:
        there = mandate.territory
        if asked.function and mandate.function != asked.function:
            continue
        if asked.department and mandate.department != asked.department:
            continue
        if asked.territory and (there is None or f"{there.kind}-{there.code}" != asked.territory):
            continue
        if asked.delegation and asked.delegation.casefold() not in mandate.delegation.casefold():
            continue
        return mandate
    return held[0] if held else None


@dataclass(frozen=True)
class Addressed:
    """A recipient, and why the letter cannot reach them, by post and by e-mail ("" when it can)."""

    recipient: Recipient
    no_post: str
    no_mail: str

    @property
    def official(self) -> Official:
        return self.recipient.official

    @property
    def awaits_post(self) -> bool:
        return not self.no_post and self.recipient.posted_at is None

    @property
    def awaits_mail(self) -> bool:
        return not self.no_mail and self.recipient.mailed_at is None


def last_posted(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Those that were noted as posted together, the last time."""
    posted = [each for each in recipients if each.posted_at is not None]
    last = max((each.posted_at for each in posted if each.posted_at), default=None)
    return [each for each in posted if each.posted_at == last]


def recipients_of(letter: Letter) -> list[Recipient]:
    found = letter.recipients.select_related(
        "official", "mandate__official", "mandate__territory__department", "letter"
    )
    return list(found.order_by("official__name_key", "pk"))


def addressed(recipients: list[Recipient]) -> list[Addressed]:
    """Two queries at most, however many they are."""
    forbidden = suppressed_among([each.official.email for each in recipients])
    return [
        Addressed(each, _why_no_post(each.official), _why_no_mail(each.official, each.official.email in forbidden))
        for each in recipients
    ]


def _why_no_post(official: Official) -> str:
    return _refusal(official) or ("" if official.address else _("pas d'adresse postale"))


def _why_no_mail(official: Official, is_forbidden: bool) -> str:
    if sentence := _refusal(official):
        return sentence
    if not official.email:
        return _("pas d'adresse e-mail")
    return _("cette adresse ne veut plus rien recevoir") if is_forbidden else ""


def _refusal(official: Official) -> str:
    if official.objected_at is not None:
        return _("s'oppose")
    return _("ne veut plus de courrier") if official.stopped_at is not None else ""


# --- what each one reads -------------------------------------------------------------------------------------------------


def values_of(viewer: Viewer, recipients: list[Recipient]) -> dict[int, dict[str, str]]:
    """What stands in the place of each name, by recipient. One query."""
    places = [each.mandate.territory for each in recipients if each.mandate and each.mandate.territory]
    counts = actors_in(viewer, places)
    return {each.pk: _values(viewer, each, counts) for each in recipients}


def _values(viewer: Viewer, recipient: Recipient, counts: Mapping[int, int]) -> dict[str, str]:
    official, mandate = recipient.official, recipient.mandate
    territory = mandate.territory if mandate else None
    people = territory.population if territory else None
    return {
        "civilité": official.get_civility_display() or _("Madame, Monsieur"),
        "prénom": official.first_name,
        "nom": official.last_name,
        "fonction": mandate.function_held if mandate else _elected(official),
        "délégation": mandate.delegation if mandate else "",
        "territoire": mandate.place if mandate else "",
        "acteurs": _actors(counts.get(territory.pk, 0) if territory else 0),
        "habitants": number_format(people, use_l10n=True) if people is not None else _("nombre inconnu"),
        "réseau": viewer.network.name,
        "date": date_format(timezone.localdate(), "j F Y"),
    }


def _actors(count: int) -> str:
    """A whole phrase: what stands around it has no plural to choose."""
    if not count:
        return _("aucun acteur")
    return ngettext("%(count)s acteur", "%(count)s acteurs", count) % {"count": number_format(count, use_l10n=True)}


def without_actors(viewer: Viewer, letter: Letter, recipients: list[Recipient]) -> list[Official]:
    """Those who would read that there is no actor where they are, when the letter speaks of it. One query."""
    if "{acteurs}" not in letter.subject + letter.body:
        return []
    there = {each.pk: each.mandate.territory for each in recipients if each.mandate and each.mandate.territory}
    counts = actors_in(viewer, there.values())
    return [each.official for each in recipients if each.pk not in there or not counts[there[each.pk].pk]]


def _elected(official: Official) -> str:
    agreed = {Civility.MADAME: _("élue"), Civility.MONSIEUR: _("élu")}
    return agreed[Civility(official.civility)] if official.civility else _("élu ou élue")


@dataclass(frozen=True)
class Written:
    subject: str
    body: str


def written(letter: Letter, values: Mapping[str, str]) -> Written:
    return Written(filled(letter.subject, values, rich=False), filled(letter.body, values, rich=True))


def address_lines(recipient: Recipient) -> list[str]:
    """Name, function, then the address: what the window of the envelope shows, six lines at most."""
    official, mandate = recipient.official, recipient.mandate
    name = f"{official.get_civility_display()} {official}".strip()
    held = f"{mandate.function_held}, {mandate.place}" if mandate else ""
    lines = [name, held[:1].upper() + held[1:], *official.address.splitlines()]
    return [line.strip() for line in lines if line.strip()][:7]


def document_of(viewer: Viewer, letter: Letter, recipients: list[Recipient]) -> bytes:
    """One PDF, a letter a page or more, in the order of names. The same letter gives the same bytes within a day."""
    values, network = values_of(viewer, recipients), viewer.network
    pages: list[dict[str, Any]] = []
    for each in recipients:
        said = written(letter, values[each.pk])
        pages.append({"to": address_lines(each), "subject": said.subject, "body": tree(said.body)})
    data = {
        "title": letter.title,
        "sender": [network.name, *filter(None, [network.contact_email])],
        "network": network.name,
        "day": date_format(timezone.localdate(), "j F Y"),
        "subject_word": _("Objet :"),
        "letters": pages,
    }
    return render(TEMPLATE, data)


def document_name(letter: Letter) -> str:
    return f"lettre-{letter.pk}-{slugged(letter.title, 50)}.pdf"


def opened_by(network: Any, pk: int, token: str) -> Recipient | None:
    found = Recipient.objects.filter(pk=pk, letter__network=network).select_related("official", "letter__network")
    recipient = found.first()
    return recipient if recipient is not None and recipient.is_opened_by(token) else None

"""What the journal says of each verb, what can be told to people, and how background tasks are called.

Apps register theirs from their `notices.py` (kinds) and `registry.py` (verbs, tasks).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField, declare, declared, follow
from maillage.core.following import Relation, Values
from maillage.core.viewer import Viewer
from maillage.networks.registry import Setting
from maillage.networks.registry import declare as declare_setting

_sentences: dict[str, Any] = {}
_tasks: dict[str, Any] = {}
_by_anyone: set[str] = set()


def say(**verbs: Any) -> None:
    """`say(role__granted=_("a donné le rôle « %(role)s » à %(label)s"))`: the double underscore is the verb's dot.

    A sentence follows the name of the person; it may use %(label)s (the object) and the keys of the details.
    """
    for name, sentence in verbs.items():
        _sentences[name.replace("__", ".")] = sentence


def anyone_does(*verbs: str) -> None:
    """Acts of visitors: one without a name is theirs, as long as the journal has forgotten none."""
    _by_anyone.update(verbs)


def done_by_anyone(verb: str) -> bool:
    return verb in _by_anyone


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence_of(verb: str, values: Mapping[str, Any]) -> str:
    """What was done, in words; an unknown verb is shown as it is written."""
    template = _sentences.get(verb)
    if template is None:
        label = values.get("label", "")
        return f"{verb} · {label}" if label else verb
    return str(template) % _Known(values)


def verbs() -> list[tuple[str, str]]:
    """Every registered verb with its bare sentence, for the filter of the journal."""
    blank = _Known(label="…")
    return sorted(((verb, str(sentence) % blank) for verb, sentence in _sentences.items()), key=lambda pair: pair[1])


# What the journal keeps under a name that is no field of its object.
LABELS: dict[str, Any] = {"hidden": gettext_lazy("Masqué")}
_readers: dict[str, Any] = {}


def read_changes_with(model: str, reader: Any) -> None:
    """`reader` puts in words what changed of objects of `model` ("app.Model"): for each set of changes (field → [before,
    after]), a list of `queries.Difference`."""
    _readers[model.lower()] = reader


def reader_of(model: type[Model] | None) -> Any:
    return _readers.get(model._meta.label_lower) if model is not None else None


Links = Callable[[Viewer, Iterable[int]], Mapping[int, str]]
_links: dict[str, Links] = {}


def lead_to(model: str, links: Links) -> None:
    """`links` gives the addresses of the pages of objects of `model` ("app.Model"), those that a viewer may open alone."""
    _links[model.lower()] = links


def links_to(model: type[Model] | None, viewer: Viewer, keys: Iterable[int]) -> Mapping[int, str]:
    links = _links.get(model._meta.label_lower) if model is not None else None
    return links(viewer, keys) if links is not None else {}


def name_task(task: str, label: Any) -> None:
    """`task` is the dotted name of a `core.jobs` task."""
    _tasks[task] = label


def task_label(task: str) -> str:
    return str(_tasks[task]) if task in _tasks else task.rpartition(".")[2].replace("_", " ")


TERM = declare_setting(
    Setting("journal_months", 12, gettext_lazy("Durée pendant laquelle le journal garde les noms (mois)"), 6, 36)
)
_named: dict[str, Q | None] = {"accounts.User": None}
_free_texts = {"message"}


def name_after_people(model: str, where: Q | None = None) -> None:
    """Objects of `model` ("app.Model"; those of `where`) are persons: at term the journal forgets their name and all that
    changed of them."""
    _named[model] = where


def named_after_people() -> Mapping[str, Q | None]:
    return _named


def forgotten_keys(model: type[Model] | None) -> set[str]:
    """The changes and details of an object of `model` that the journal forgets at term: its declared personal fields, and
    what someone wrote freely."""
    label = model._meta.label.lower() if model is not None else ""
    return {field.field for field in declared() if field.model.lower() == label} | _free_texts


@dataclass(frozen=True)
class NoticeKind:
    """Something people may be told. `template` extends core/mail.html; `channels` are those of someone who chose
    nothing; a kind that is not `optional` (invitation, security) cannot be turned off. `rhythm` (`enums.Rhythm`) is that of its
    messages for someone who chose nothing (NTF-3): what waits for an act of its reader leaves at once, and so does all that is
    not optional."""

    name: str
    label: Any
    template: str
    channels: tuple[str, ...] = ("site", "mail")
    optional: bool = True
    rhythm: str = "weekly"

    @property
    def own_rhythm(self) -> str:
        return self.rhythm if self.optional else "now"


_kinds: dict[str, NoticeKind] = {}


def declare_kind(kind: NoticeKind) -> NoticeKind:
    _kinds[kind.name] = kind
    return kind


def kind_named(name: str) -> NoticeKind:
    """KeyError when no app declared it: nothing is told by mistake."""
    return _kinds[name]


def known_kinds() -> Mapping[str, NoticeKind]:
    """What apps declared: rows of the ledger may name a kind that exists no more."""
    return _kinds


def optional_kinds() -> list[NoticeKind]:
    return sorted((kind for kind in _kinds.values() if kind.optional), key=lambda kind: str(kind.label))


def is_default(kind: str, channel: str) -> bool:
    """Whether someone who chose nothing is told of a kind by a channel; a kind that exists no more is told to nobody."""
    return kind in _kinds and channel in _kinds[kind].channels


_OFTEN_FIRST = ("now", "daily", "weekly")  # `enums.Rhythm`


def rarest(kind: str, *rhythms: str) -> str:
    """Of rhythms ("" for that of the kind), the one that writes least often; "" when that is the kind's own."""
    default = _kinds[kind].own_rhythm if kind in _kinds else "weekly"
    found = max((rhythm or default for rhythm in rhythms), key=_OFTEN_FIRST.index)
    return "" if found == default else found


def _unwanted_wins(row: Any, held: Any) -> Values:
    wanted = row.wanted and held.wanted
    return {"wanted": wanted, "rhythm": rarest(row.kind, row.rhythm, held.rhythm) if wanted else ""}


def _not_beyond_the_default(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """Where the kept account chose nothing, its default is its choice: the other one does not widen it."""
    if QuerySet(type(row)).filter(user=kept, kind=row.kind, channel=row.channel).exists() or not row.wanted:
        return {"user_id": kept}
    if not is_default(row.kind, row.channel):
        return None
    return {"user_id": kept, "rhythm": rarest(row.kind, row.rhythm, "")}


# The journal is sealed: what an account did stays written as its own, and is read with what the kept one did.
follow(Relation("activity.Entry.user", gettext_lazy("lignes du journal"), stays=True))
follow(
    Relation(
        "activity.Preference.user",
        gettext_lazy("choix des avis"),
        gettext_lazy("Un avis refusé avec l'un des deux comptes reste refusé."),
        settle=_unwanted_wins,
        rewrite=_not_beyond_the_default,
    )
)
follow(
    Relation(
        "activity.LetterHabit.user",
        gettext_lazy("jour de la lettre personnelle"),
        gettext_lazy("Celui du compte gardé reste."),
    )
)
follow(
    Relation(
        "activity.RefusedAddress.user",
        gettext_lazy("adresses qui refusent les messages"),
        gettext_lazy("Une adresse refusée l'est une fois."),
        is_told=False,
    )
)

say(
    network__created=gettext_lazy("a créé le réseau %(label)s"),
    network__changed=gettext_lazy("a changé l'identité du réseau"),
    network__settings_changed=gettext_lazy("a changé les réglages du réseau"),
    network__logo_changed=gettext_lazy("a changé le logo du réseau"),
    network__perimeter_changed=gettext_lazy("a changé le périmètre du réseau"),
    network__legal_text_changed=gettext_lazy("a changé un texte légal (%(kind)s)"),
    term__changed=gettext_lazy("a réglé le terme « %(label)s »"),
    term__added=gettext_lazy("a ajouté le terme « %(label)s »"),
    terms__ordered=gettext_lazy("a reclassé un vocabulaire"),
    consortium__added=gettext_lazy("a ajouté %(label)s au consortium"),
    consortium__changed=gettext_lazy("a changé la fiche de %(label)s dans le consortium"),
    consortium__removed=gettext_lazy("a retiré %(name)s du consortium"),
    role__granted=gettext_lazy("a donné le rôle « %(role)s » à %(label)s"),
    role__revoked=gettext_lazy("a retiré le rôle « %(role)s » à %(label)s"),
    invitation__sent=gettext_lazy("a envoyé une invitation (%(role)s)"),
    invitation__resent=gettext_lazy("a renvoyé une invitation (%(role)s)"),
    invitation__cancelled=gettext_lazy("a annulé une invitation (%(role)s)"),
    invitation__accepted=gettext_lazy("a accepté une invitation (%(role)s)"),
    profile__changed=gettext_lazy("a changé son profil"),
    token__created=gettext_lazy("a créé le jeton « %(label)s »"),
    token__revoked=gettext_lazy("a révoqué le jeton « %(label)s »"),
    data__exported=gettext_lazy("a demandé une copie de ses données"),
    account__merged=gettext_lazy("a réuni un autre compte au sien"),
    account__merge_suggested=gettext_lazy("a invité %(label)s à réunir ses deux comptes"),
    account__erased=gettext_lazy("a supprimé son compte"),
    account__erased_again=gettext_lazy("a refait la suppression d'un compte"),
    account__expired=gettext_lazy("a supprimé un compte resté sans connexion"),
    job__retried=gettext_lazy("a relancé la tâche « %(task)s »"),
    job__stopped=gettext_lazy("a arrêté la tâche « %(task)s »"),
)
name_task("maillage.core.mail.deliver", gettext_lazy("Envoi d'un message"))
name_task("maillage.core.jobs.forget_old_jobs", gettext_lazy("Oubli des tâches finies"))
name_task("maillage.accounts.actions.privacy.prepare_export", gettext_lazy("Copie des données d'une personne"))
name_task("maillage.accounts.actions.privacy.purge_expired", gettext_lazy("Oubli de ce qui est périmé"))
name_task("maillage.accounts.actions.absences.mind_absences", gettext_lazy("Avis et suppression des comptes inactifs"))
name_task("maillage.activity.actions.sealing.seal_entries", gettext_lazy("Scellement du journal"))
name_task("maillage.activity.actions.sealing.forget_names", gettext_lazy("Oubli des noms du journal à leur terme"))
name_task("maillage.activity.actions.notices.forget_old", gettext_lazy("Oubli des anciens avis"))

declare(
    PersonalField(
        "activity.Entry",
        "user",
        gettext_lazy("Savoir qui a fait quoi, et pouvoir le défaire"),
        LegalBasis.LEGITIMATE,
        gettext_lazy("Un an (ou le délai réglé par le réseau), puis sans le nom"),
        Erasure.PSEUDONYM,
        also=("network", "verb", "label", "at"),
        label=gettext_lazy("Ce que vous avez fait (journal)"),
    ),
    PersonalField(
        "activity.Notice",
        "user",
        gettext_lazy("Vous prévenir de ce qui vous concerne"),
        LegalBasis.CONTRACT,
        gettext_lazy("Un an, ou quatre-vingt-dix jours après lecture"),
        Erasure.DELETE_ROW,
        also=("kind", "title", "channel", "created_at", "read_at"),
        label=gettext_lazy("Avis reçus"),
    ),
    PersonalField(
        "activity.Notice",
        "address",
        gettext_lazy("Inviter une personne à tenir un rôle"),
        LegalBasis.LEGITIMATE,
        gettext_lazy("Un an après l'envoi"),
        Erasure.EMPTY,
        export=False,
        owner="",
        label=gettext_lazy("Adresse à laquelle une invitation est partie"),
    ),
    PersonalField(
        "activity.Preference",
        "user",
        gettext_lazy("Vous prévenir de ce qui vous concerne"),
        LegalBasis.CONTRACT,
        gettext_lazy("Jusqu'à la fermeture du compte"),
        Erasure.DELETE_ROW,
        also=("kind", "channel", "wanted", "rhythm"),
        label=gettext_lazy("Choix des avis"),
    ),
    PersonalField(
        "activity.LetterHabit",
        "user",
        gettext_lazy("Vous prévenir de ce qui vous concerne"),
        LegalBasis.CONTRACT,
        gettext_lazy("Jusqu'à la fermeture du compte"),
        Erasure.DELETE_ROW,
        also=("weekday", "hour"),
        label=gettext_lazy("Jour et heure de votre lettre personnelle"),
    ),
    PersonalField(
        "activity.RefusedAddress",
        "user",
        gettext_lazy("Savoir à qui dire que son adresse ne reçoit pas"),
        LegalBasis.LEGITIMATE,
        gettext_lazy("Jusqu'à ce que vous demandiez d'essayer de nouveau, ou changiez d'adresse"),
        Erasure.DELETE_ROW,
        export=False,
    ),
    PersonalField(
        "activity.RefusedAddress",
        "address",
        gettext_lazy("Ne plus écrire à une adresse qui ne reçoit pas, et vous le dire"),
        LegalBasis.LEGITIMATE,
        gettext_lazy("Jusqu'à ce que vous demandiez d'essayer de nouveau, ou changiez d'adresse"),
        Erasure.DELETE_ROW,
        owner="user",
        also=("detail", "at"),
        label=gettext_lazy("Adresse qui refuse les messages"),
    ),
)

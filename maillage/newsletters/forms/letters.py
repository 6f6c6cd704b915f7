"""Forms of the team: the words of a letter, what to choose from, a trial, the moment it leaves, a list brought in."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.models import User
from maillage.agenda.kit.fields import DayField, HourField
from maillage.agenda.models import Event
from maillage.core.forms import RichTextField, SeenForm
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.networks.queries import departments_of, terms_of
from maillage.newsletters.enums import BlockKind
from maillage.newsletters.models import Letter
from maillage.newsletters.queries.candidates import AHEAD, Asked, default_since
from maillage.newsletters.validators import validate_line
from maillage.publications.models import Publication
from maillage.topics.enums import Vocabulary

_LONGEST = timedelta(days=400)


class LetterForm(SeenForm, forms.Form):
    subject = forms.CharField(
        label=gettext_lazy("Objet"),
        max_length=150,
        validators=[validate_line],
        help_text=gettext_lazy("Ce que l'on lit dans la liste des messages : court, avec ce qui donne envie."),
    )
    intro = RichTextField(
        label=gettext_lazy("Mot de la rédaction"), trusted=True, rows=8, max_length=20_000,
        help_text=gettext_lazy("En tête de la lettre, deux ou trois phrases."),
    )  # fmt: skip
    closing = RichTextField(label=gettext_lazy("Mot de la fin"), trusted=True, rows=4, max_length=10_000)

    def __init__(self, data: Any = None, *, letter: Letter | None = None) -> None:
        self.held = {name: getattr(letter, name) for name in ("subject", "intro", "closing")} if letter else {}
        super().__init__(data, initial=dict(self.held))


class TextBlockForm(SeenForm, forms.Form):
    text = RichTextField(label=gettext_lazy("Texte"), trusted=True, rows=8, max_length=10_000)

    def __init__(self, data: Any = None, *, text: str = "") -> None:
        self.held = {"text": text}
        super().__init__(data, initial=dict(self.held))

    def clean_text(self) -> str:
        if not (text := self.cleaned_data["text"]):
            raise forms.ValidationError(_("Écrivez un texte."))
        return str(text)


class SectionForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Titre de la partie"), max_length=120, validators=[validate_line])


class PageForm(forms.Form):
    """A content by the address of its page: a publication, an event, an actor of the site."""

    address = forms.CharField(
        label=gettext_lazy("Adresse d'une page du site"),
        max_length=500,
        help_text=gettext_lazy("Un article, une annonce, un événement ou un acteur."),
    )

    def __init__(self, data: Any = None, *, network: Network) -> None:
        super().__init__(data)
        self.network = network

    def clean_address(self) -> tuple[str, int]:
        path = self.cleaned_data["address"].strip().split("?")[0].split("#")[0]
        parts = [part for part in path.split("/") if part]
        first, slug = (parts[-2], parts[-1][:100]) if len(parts) >= 2 else ("", "")
        reader = Viewer(network=self.network)
        found: Any = {
            "agenda": (BlockKind.EVENT, Event.objects.visible_to(reader).shown),
            "acteurs": (BlockKind.ACTOR, lambda: Actor.objects.visible_to(reader)),
            **dict.fromkeys(
                ("articles", "annonces", "dossiers"),
                (BlockKind.PUBLICATION, Publication.objects.visible_to(reader).shown),
            ),
        }.get(first)
        key = found[1]().filter(slug=slug).values_list("pk", flat=True).first() if found else None
        if key is None:
            raise forms.ValidationError(_("Cette page n'est pas un contenu public de ce site."))
        return str(found[0].value), int(key)


class ChoosingForm(forms.Form):
    """What is proposed: read from the address, any value that cannot be read being as if it were not there."""

    du = DayField(label=gettext_lazy("Publié depuis le"), required=False)
    au = DayField(label=gettext_lazy("Événements jusqu'au"), required=False)
    departement = forms.ChoiceField(label=gettext_lazy("Département"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Thématique"), required=False)

    def __init__(self, params: Any, *, letter: Letter) -> None:
        self.since, self.until = default_since(letter), timezone.localdate() + AHEAD
        given = {name: params.get(name, "") for name in ("departement", "theme")}
        given["du"] = params.get("du") or self.since.isoformat()
        given["au"] = params.get("au") or self.until.isoformat()
        super().__init__(given)
        places = [(place.code, place.name) for place in departments_of(letter.network)]
        themes = [(str(term.pk), term.label) for term in terms_of(letter.network, Vocabulary.THEME)]
        self.fields["departement"].choices = [("", _("Tout le réseau")), *places]  # type: ignore[attr-defined]
        self.fields["theme"].choices = [("", _("Toutes")), *themes]  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        self.is_valid()
        found, today = self.cleaned_data, timezone.localdate()
        theme = found.get("theme")
        return Asked(
            since=max(found.get("du") or self.since, today - _LONGEST),
            until=min(found.get("au") or self.until, today + _LONGEST),
            department=found.get("departement") or "",
            theme=int(theme) if theme else None,
        )


class TrialForm(forms.Form):
    to = forms.ModelMultipleChoiceField(
        label=gettext_lazy("À qui"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, team: Any, viewer: Viewer) -> None:
        super().__init__(data, initial={"to": [viewer.user_id]})
        field: Any = self.fields["to"]
        field.queryset = team


class MomentForm(forms.Form):
    """When a letter leaves; empty: at once."""

    day = DayField(label=gettext_lazy("Envoyer le"), required=False, help_text=gettext_lazy("Vide : tout de suite."))
    hour = HourField(label=gettext_lazy("À"), required=False, help_text=gettext_lazy("Sans heure : à 9 h."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        day, hour = cleaned.get("day"), cleaned.get("hour")
        if day is None and hour is not None:
            self.add_error("day", _("Donnez aussi le jour."))
        cleaned["at"] = None
        if day is not None:
            cleaned["at"] = timezone.make_aware(datetime.combine(day, hour or time(9))).astimezone(UTC)
            if cleaned["at"] <= timezone.now():
                self.add_error("day", _("Ce moment est déjà passé."))
        return cleaned


class ImportForm(forms.Form):
    addresses = forms.CharField(
        label=gettext_lazy("Adresses"),
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy("Une par ligne. Celles qui se sont désabonnées ou effacées ne sont jamais reprises."),
    )
    source = forms.CharField(
        label=gettext_lazy("D'où vient cette liste"),
        max_length=200,
        help_text=gettext_lazy("Gardé comme preuve et dit aux personnes : « inscriptions au forum régional 2026 »."),
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("Ces personnes"),
        choices=[
            ("ask", gettext_lazy("n'ont pas encore dit oui : un message leur demande de confirmer")),
            ("stated", gettext_lazy("ont déjà donné leur accord pour cette lettre, et j'en ai la preuve")),
        ],
        initial="ask",
        widget=forms.RadioSelect,
    )
    consented_on = DayField(
        label=gettext_lazy("Accord donné le"), required=False, help_text=gettext_lazy("S'il a déjà été donné.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stated, day = cleaned.get("consent") == "stated", cleaned.get("consented_on")
        if stated and day is None and "consented_on" not in self.errors:
            self.add_error("consented_on", _("Dites quand ces personnes ont donné leur accord."))
        if day is not None and day > timezone.localdate():
            self.add_error("consented_on", _("Cette date est à venir."))
        if not stated:
            cleaned["consented_on"] = None
        return cleaned

"""Forms of an episode, of an item of its running order, of its sound."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.audio import ACCEPT, Sound, received
from maillage.core.forms import RichTextField, SeenForm
from maillage.core.viewer import Viewer
from maillage.directory.kit.choosing import ActorField
from maillage.networks.queries import departments_of
from maillage.radio.engine.reading import clock, typed_length
from maillage.radio.enums import ItemKind
from maillage.radio.models import Episode, Item, Show
from maillage.radio.queries.fields import episode_fields, item_fields
from maillage.radio.registry import AUDIO_SIZE, TRANSCRIPT

_YEARS = range(2000, 2101)


class MomentField(forms.DateTimeField):
    """The browser's own calendar and clock, or « 05/12/2026 14:30 » typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        kwargs.setdefault("error_messages", {"invalid": gettext_lazy("Écrivez le moment ainsi : 05/12/2026 14:30.")})
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%Y-%m-%d %H:%M"]
        super().__init__(input_formats=formats, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        moment = super().to_python(value)
        if moment is not None and moment.year not in _YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return timezone.localtime(moment) if moment is not None else None


class LengthField(forms.Field):
    """« 4 », « 4:30 », « 45 s », cleaned to seconds or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("Par exemple « 4 », « 4:30 » ou « 45 s »."))
        super().__init__(required=False, widget=forms.TextInput(attrs={"size": 8, "maxlength": 20}), **kwargs)

    def to_python(self, value: Any) -> int | None:
        try:
            seconds = typed_length(str(value or ""))
        except ValueError:
            raise ValidationError(_("Écrivez la durée ainsi : 4:30, ou 45 s."), code="invalid") from None
        if seconds is not None and seconds > 14_400:
            raise ValidationError(_("Quatre heures au plus."), code="long")
        return seconds

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int) else value


class NewEpisodeForm(forms.Form):
    """What an episode begins with; the rest comes later."""

    show = forms.ModelChoiceField(label=gettext_lazy("Émission"), queryset=Show.objects.none(), empty_label=None)
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=140)
    planned_at = MomentField(label=gettext_lazy("Diffusion prévue"), required=False)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["show"].queryset = Show.objects.visible_to(viewer)  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())


class CopyForm(NewEpisodeForm):
    """The same programme."""

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        del self.fields["show"]


class EpisodeForm(SeenForm, forms.Form):
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=140)
    planned_at = MomentField(label=gettext_lazy("Diffusion prévue"), required=False)
    season = forms.IntegerField(label=gettext_lazy("Saison"), min_value=1, max_value=999, required=False)
    number = forms.IntegerField(label=gettext_lazy("Numéro"), min_value=1, max_value=9999, required=False)
    summary = forms.CharField(
        label=gettext_lazy("En deux phrases"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Montré dans les listes et dans les applications de podcasts."),
    )

    def __init__(self, data: Any = None, *, episode: Episode) -> None:
        super().__init__(data)
        self.fields["notes"] = RichTextField(
            label=_("Notes d'émission"),
            trusted=True,
            rows=10,
            help_text=_("Liens, références, remerciements : lus sous l'épisode et dans les applications."),
        )
        self.fields["transcript"] = forms.CharField(
            label=_("Transcription"),
            required=False,
            max_length=200_000,
            widget=forms.Textarea(attrs={"rows": 16}),
            help_text=_("Tout ce qui se dit, avec qui parle, pour qui n'entend pas.")
            + (" " + _("Sans elle, l'épisode ne se publie pas.") if episode.network.setting(TRANSCRIPT.name) else ""),
        )
        self.held = episode_fields(episode)
        self.initial = dict(self.held)


class ItemForm(SeenForm, forms.Form):
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=140)
    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=ItemKind.choices)
    words = forms.CharField(
        label=gettext_lazy("Lancement : ce qui se lit à l'antenne"),
        max_length=12_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    questions = forms.CharField(
        label=gettext_lazy("Questions, une par ligne"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    planned = LengthField(
        label=gettext_lazy("Durée prévue en tout"),
        help_text=gettext_lazy("« 4:30 », « 45 s ». Sans elle, la durée est le temps de lecture du lancement."),
    )
    contact = forms.CharField(
        label=gettext_lazy("Autre personne à joindre"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Nom et téléphone, pour l'équipe seule : oublié de lui-même un an après l'antenne. "
            "Les contacts des fiches sont repris sans les écrire ici."
        ),
    )

    def __init__(self, data: Any = None, *, item: Item, viewer: Viewer) -> None:
        super().__init__(data)
        known = {place.pk: place.name for place in departments_of(viewer.network)}
        known |= {place.pk: place.name for place in item.departments.all()}
        self.fields["departments"] = forms.TypedMultipleChoiceField(
            label=_("Départements dont il est question"),
            choices=list(known.items()),
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "Pour le partage de l'antenne : une séquence de deux départements compte pour moitié dans chacun."
            ),
        )
        self.fields["words"].widget.attrs["data-rate"] = str(item.episode.show.rate)
        self.held = item_fields(item)
        self.initial = dict(self.held)


class WordsForm(SeenForm, forms.Form):
    """The words of an item alone, in the running order."""

    words = forms.CharField(max_length=12_000, required=False, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, data: Any = None, *, item: Item) -> None:
        super().__init__(data, auto_id=f"lancement-{item.pk}")
        self.held = {"words": item.words}
        self.initial = dict(self.held)


class FreeItemForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=ItemKind.choices)
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=140)
    planned = LengthField(label=gettext_lazy("Durée prévue"))


class HeardForm(forms.Form):
    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.fields["actor"] = ActorField(viewer=viewer, label=_("Ajouter un acteur"))


class SoundForm(forms.Form):
    """Read before it is kept; the sentence of what is refused stands beside the field."""

    audio = forms.FileField(label=gettext_lazy("Fichier audio"), widget=forms.FileInput(attrs={"accept": ACCEPT}))

    def __init__(self, data: Any = None, files: Any = None, *, episode: Episode) -> None:
        super().__init__(data, files)
        self.limit = int(episode.network.setting(AUDIO_SIZE.name))
        self.fields["audio"].help_text = (
            _("MP3, M4A (AAC) ou Ogg (Opus), %d Mo au plus. La durée est lue dans le fichier.") % self.limit
        )

    def clean_audio(self) -> Sound:
        return received(self.cleaned_data["audio"], most_megabytes=self.limit)


class CancelForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Pourquoi"), max_length=300, required=False)

"""The short form: a photo and three fields make a publication, from a phone."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import linebreaks
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.kit.fields import DayField
from maillage.agenda.kit.pictures import ShortPictureForm
from maillage.core.forms import EITHER
from maillage.core.viewer import Viewer
from maillage.directory.kit.terms import TermsField
from maillage.directory.models import Actor
from maillage.networks.queries import vocabularies
from maillage.publications.actions.editing import is_used, keep_picture
from maillage.publications.enums import AnnouncementType, Kind
from maillage.topics.enums import Vocabulary


class ContributionForm(ShortPictureForm):
    """`is_draft`: a title is enough. `fields_of()` are those of `actions.create_publication`."""

    keep = staticmethod(keep_picture)
    is_taken = staticmethod(is_used)

    title = forms.CharField(label=gettext_lazy("Titre"), max_length=140)
    summary = forms.CharField(
        template_name=EITHER,
        label=gettext_lazy("En deux phrases"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("L'essentiel, montré dans les listes."),
    )
    text = forms.CharField(
        template_name=EITHER,
        label=gettext_lazy("Texte"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "Une ligne vide sépare les paragraphes. La mise en forme vient ensuite, si vous voulez."
        ),
    )
    # What a draft kept of it holds, with the marks that its page sends back (`core.seen`).
    written = (
        "title", "summary", "body", "announcement", "closes_on", "contact", "themes", "image", "image_role", "image_alt",
        "image_credit", "image_licence",
    )  # fmt: skip
    field_order = ("title", "announcement", "summary", "text", "closes_on", "contact")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        viewer: Viewer,
        kind: str,
        own: list[Actor],
        is_draft: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.own, self.is_draft, self.kind = own, is_draft, kind
        if kind == Kind.ANNOUNCEMENT:
            self.fields["announcement"] = forms.ChoiceField(
                label=_("Type d'annonce"), choices=AnnouncementType.choices, widget=forms.RadioSelect
            )
            self.fields["closes_on"] = DayField(
                label=_("Valable jusqu'au"), required=False, help_text=_("Ensuite, elle quitte les listes d'elle-même.")
            )
            self.fields["contact"] = forms.CharField(
                label=_("Répondre à"),
                max_length=200,
                required=False,
                help_text=_("Une adresse, un téléphone : tout le monde les lira."),
            )
        self.fields["themes"] = TermsField(vocabularies(viewer.network)[Vocabulary.THEME], label=_("Thématiques"))
        if own:
            names = [(str(actor.pk), actor.name) for actor in own]
            self.fields["signed_by"] = forms.ChoiceField(
                label=_("Au nom de"), required=False, choices=[("", _("moi seul")), *names]
            )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (
            self.is_draft or cleaned.get("text") or cleaned.get("summary") or self.errors.keys() & {"text", "summary"}
        ):
            self.add_error("text", _("Écrivez au moins quelques mots."))
        return cleaned

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        fields: dict[str, Any] = {"title": given["title"], "summary": given.get("summary", "")}
        fields["body"] = linebreaks(given.get("text", ""), autoescape=True)
        fields |= {name: given[name] for name in ("announcement", "closes_on", "contact", "themes") if name in given}
        return fields | self.picture_values()

    def signer(self) -> Actor | None:
        key = self.cleaned_data.get("signed_by")
        return next((actor for actor in self.own if str(actor.pk) == key), None)


def as_typed(data: QueryDict) -> QueryDict | None:
    """What is kept of a form that is not over: called by its first words while it has no title, without the photo, which the last
    sending brings; None when nothing is written yet."""
    kept = data.copy()
    kept.pop("kept_picture", None)
    if not kept.get("title", "").strip():
        words = " ".join(f"{kept.get('summary', '')} {kept.get('text', '')}".split())
        kept["title"] = Truncator(words).chars(60)
    return kept if kept["title"].strip() else None

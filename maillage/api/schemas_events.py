"""Shapes of the agenda in the API. Nothing of who wrote or reviewed is in them."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from maillage.api.schemas import ActorRef, TermRef, TerritoryRef, Text


class TimingOut(Schema):
    uid: str = Field(
        description="Le nom de cette date dans les calendriers : il ne change pas quand elle est déplacée."
    )
    starts_at: datetime = Field(description="À l'heure du lieu, avec son décalage.")
    ends_at: datetime = Field(description="À l'heure du lieu ; des journées entières finissent à minuit.")
    all_day: bool
    cancelled: bool
    note: str


class Point(Schema):
    latitude: float
    longitude: float


class BookingOut(Schema):
    public: Literal["public", "school"] = Field(description="Tout public ou groupes scolaires.")
    by: Literal["link", "email", "phone"]
    value: str


class ImageOut(Schema):
    url: str
    alternative: str
    credit: str
    licence: str = Field(description="« reserved » : ne se reprend pas sans accord.")


class EventRef(Schema):
    id: int
    title: str


class RegistrationOut(Schema):
    state: Literal["open", "full", "soon", "closed"] = Field(description="« full » mène à une liste d'attente.")
    places_left: int = Field(description="De toutes les dates à venir.")
    url: str


class EventOut(Schema):
    id: int
    url: str
    title: str
    summary: str
    description: str = Field(description="Texte riche (HTML nettoyé).")
    status: Literal["scheduled", "rescheduled", "moved_online", "postponed", "full", "cancelled"]
    status_note: str
    previous_start: datetime | None = Field(description="La date d'abord annoncée d'un événement reporté.")
    timings: list[TimingOut]
    timezone: str
    by_appointment: bool
    available_from: date | None
    available_until: date | None
    kinds: list[TermRef]
    themes: list[TermRef]
    audiences: list[TermRef]
    attendance: Literal["onsite", "online", "mixed"]
    online_url: str
    venue: ActorRef | None = Field(description="L'acteur chez qui il a lieu, quand sa fiche est publique.")
    place_name: str
    address: str
    postal_code: str
    commune: TerritoryRef | None
    department: TerritoryRef | None
    position: Point | None
    place_access: list[str]
    access_notes: str
    organisers: list[ActorRef] = Field(description="Les acteurs qui l'organisent ; le premier le porte.")
    organiser_name: str = Field(description="Qui l'organise sans être dans l'annuaire.")
    age_min: int | None
    age_max: int | None
    cycles: list[str]
    languages: list[str]
    price: Literal["free", "paid", ""] = Field(description="Vide quand personne ne l'a dit.")
    conditions: str
    bookings: list[BookingOut]
    registration: RegistrationOut | None = Field(
        description="Quand on s'inscrit sur ce site. Les places changent sans que l'événement soit dit modifié."
    )
    website: str
    image: ImageOut | None
    parent: EventRef | None = Field(description="L'événement dont il fait partie.")
    source: str
    source_url: str
    updated_at: datetime


class EventTombstoneOut(Schema):
    id: int
    deleted: Literal[True] = True
    at: datetime


class EventPage(Schema):
    items: list[EventOut]
    tombstones: list[EventTombstoneOut] = Field(
        description="Événements sortis de l'agenda, avec `updated_since` ou `since`."
    )
    next: str | None = Field(description="À redonner dans `cursor` ; absent à la dernière page.")
    marker: str = Field(description="À redonner plus tard dans `since` pour n'avoir que ce qui a changé depuis.")


class EventFilters(Schema):
    """Filters of the page /agenda/; `agenda.queries.filters` reads them."""

    q: str = Field("", max_length=200, description="Mots cherchés.")
    quand: Literal["", "aujourdhui", "demain", "week-end", "semaine", "passes"] = ""
    du: str = Field("", max_length=10, description="Premier jour, comme 2026-03-05.")
    au: str = Field("", max_length=10, description="Dernier jour, compris.")
    theme: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de thématiques.")
    public: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de publics.")
    action: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de types d'action.")
    departement: list[Text] = Field(default_factory=list, max_length=50, description="Codes de départements.")
    acces: list[Text] = Field(
        default_factory=list, max_length=50, description="Accessibilité : mi, vi, hi, ii, pi, sl."
    )
    lieu: list[Text] = Field(default_factory=list, max_length=50, description="« onsite », « online » ou « mixed ».")
    gratuit: Literal["", "oui"] = ""
    pres: str = Field("", max_length=60, description="Code INSEE d'une commune, ou « latitude,longitude ».")
    rayon: int = Field(20, description="Kilomètres : 5, 10, 20, 50 ou 100.")

"""Pictures that came with a form and wait for its end."""

from maillage.agenda.models import Event, EventRevision


def is_taken(name: str) -> bool:
    """Whether an event has this stored picture, or words that wait for the team: a file is of one alone."""
    return Event.objects.filter(image=name).exists() or EventRevision.objects.filter(values__image=name).exists()

"""What forms of the activity send."""

from maillage.activity.queries import choices_of


def wishes(person, **changes):
    """What the form of preferences sends, after `changes`."""
    data = {"weekday": "4", "hour": "9"}
    for choice in choices_of(person.pk):
        data[f"mail-{choice.kind}"] = choice.rhythm
        if choice.on_site:
            data[f"site-{choice.kind}"] = "on"
    return {**data, **changes}

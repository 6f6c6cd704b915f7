"""The API: reading is open, writing asks for a token (the session's cookie counts for nothing)."""

from tests.access.table import line


def actor(world):
    return {"actor_id": world.actor.pk}


JSON = {"Content-Type": "application/json"}

LINES = [
    line("api_documentation", everyone=200),
    line("api:openapi-json", everyone=200),
    line("api:api-root", everyone=404),
    line("api_not_found", path="/api/autre", everyone=404),
    line("api:list_topics", everyone=200),
    line("api:list_territories", everyone=200),
    line("api:read_territory", args={"kind": "commune", "code": "00000"}, everyone=404),
    line("api:list_actors", everyone=200),
    line("api:create_actor", method="post", everyone=401, elsewhere=None),
    line("api:read_actor", args=actor, everyone=200),
    line("api:list_events", everyone=200),
    line("api:list_events", query="departement=34&quand=semaine", everyone=200),
    line("api:read_event", args=lambda world: {"event_id": world.outgoing.pk}, everyone=200),
    line("api:read_event", args=lambda world: {"event_id": world.outgoing_draft.pk}, everyone=404),
    line("api:change_actor", args=actor, method="patch", everyone=401, elsewhere=None),
]

"""What the agenda brings to the exchange: events as a target, and the recipes of the agendas known so far."""

from maillage.agenda.exchange.recipes import shipped
from maillage.agenda.exchange.target import EventTarget
from maillage.exchange.registry import register_recipes, register_target

register_target(EventTarget())
register_recipes(shipped())

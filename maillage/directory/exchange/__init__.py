"""What the directory brings to the exchange: actors as a target, and the recipes of the lists known so far."""

from maillage.directory.exchange.recipes import shipped
from maillage.directory.exchange.target import ActorTarget
from maillage.exchange.registry import register_recipes, register_target

register_target(ActorTarget())
register_recipes(shipped())

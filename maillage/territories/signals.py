"""What the territories tell the apps above."""

from django.dispatch import Signal

# `old` and `new` are Territory rows: the commune `old` was merged into `new`. Receivers move what they keep on `old`;
# it is deleted afterwards when nothing refers to it any more.
commune_merged = Signal()
# Reference data changed: what was computed from territories is outdated.
territories_changed = Signal()

"""Seasons of a mobile resource: what hosts ask for, the tour that is proposed, changed by hand and published."""

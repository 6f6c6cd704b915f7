"""Writes docs/exploitation/variables.md from `config.env`; a test compares them."""

from pathlib import Path

from config.env import ROOT, VARIABLES

PAGE = ROOT / "docs" / "exploitation" / "variables.md"
_KINDS = {"str": "texte", "_integer": "nombre", "_boolean": "oui ou non", "_words": "liste", "Path": "dossier"}
_HEAD = """# Les réglages

Tout ce qui change d'une instance à l'autre vient de l'environnement : variables du service, de `/etc/maillage.env` ou de
`.env` pour `compose.yaml`. Les réglages d'un réseau (nom, couleurs, expéditeur, délais) se font dans ses pages.
`python3 run.py doctor` dit ce qui ne va pas. Cette page est tirée de `config/env.py` (`python -m tools.variables`).

| Variable | Nature | Par défaut | Rôle |
|---|---|---|---|
"""


def shown(default: object) -> str:
    if default in ("", None, []):
        return "vide"
    if isinstance(default, bool):
        return "oui" if default else "non"
    if isinstance(default, Path):
        return f"`{default.relative_to(ROOT)}/`"
    return f"`{default}`"


def page() -> str:
    """The page as it must be."""
    rows = [
        f"| `{one.name}` | {_KINDS[one.convert.__name__]}{', secret' if one.secret else ''} | {shown(one.default)} | {one.sentence} |"
        for one in VARIABLES
    ]
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())

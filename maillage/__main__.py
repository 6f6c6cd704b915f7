"""`python -m maillage VERB`: what `run.py` hands over to, and what service units and containers call.

Without a verb it is the demonstration. Any other command of Django (`migrate`, `shell`…) is passed on as it is.
"""

import os
import runpy
import sys

from config.env import SettingError
from maillage.core.operations import supervise

USAGE = """Usage : python3 run.py [VERBE]

  (aucun)            prépare tout et sert le réseau de démonstration
  start              prépare tout et sert, sans démonstration
  prepare            migrations, cache, fichiers statiques, territoires ; puis rend la main
  web | worker       le serveur web seul | les tâches de fond seules
  createnetwork      crée un réseau régional et son administrateur
  backup FICHIER     archive de la base et des fichiers, prise en marche
  restore FICHIER    remet une archive dans un dossier vide
  replay             refait les effacements de comptes, si la base a été remise autrement
  doctor             dit ce qui ne va pas dans les réglages
  receivebounce      lit un message revenu et cesse d'écrire à l'adresse refusée
  dev                sert avec rechargement automatique
  test | check       tous les tests | ce que vérifie l'intégration continue
  fix | bench        remet en forme | mesure les vitesses
"""
# Work on the code: modules that stand outside the package.
TOOLS = {"test": "tools.suite", "check": "tools.check", "fix": "tools.fix", "bench": "benchmarks"}


def main() -> None:
    arguments = sys.argv[1:]
    verb = arguments[0] if arguments else ""
    if verb in {"-h", "--help", "help"}:
        sys.stdout.write(USAGE)
        return
    if verb in TOOLS:
        sys.argv = arguments
        runpy.run_module(TOOLS[verb], run_name="__main__", alter_sys=True)
        return
    if verb in {"", "dev"}:
        os.environ.setdefault("MAILLAGE_DEMO", "oui")
    if verb == "dev":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    try:
        if verb in {"", "start", "dev"}:
            web = supervise.reloading_command() if verb == "dev" else supervise.web_command()
            sys.exit(supervise.Supervisor(web, say).run())
        if verb == "web":
            supervise.replace_with(supervise.web_command())
        from django.core.management import execute_from_command_line

        execute_from_command_line(["maillage", *arguments])
    except SettingError as error:
        sys.exit(f"Réglage à corriger : {error}")


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Import contracts of our own, run by `lint-imports` beside the layers of pyproject.toml."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AppBoundary(Contract):
    """Other apps see only the domain half: a module of an app that is not `public` is imported by that app alone."""

    root = fields.StringField()
    public = fields.ListField(subfield=fields.StringField())
    open_apps = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = []
        for imported in sorted(graph.modules):
            _, *path = imported.split(".")
            if not imported.startswith(f"{self.root}.") or len(path) < 2 or path[0] in (self.open_apps or []):
                continue
            if path[1] in self.public:
                continue
            broken += [
                f"{importer} -> {imported}"
                for importer in sorted(graph.find_modules_that_directly_import(imported))
                if importer.split(".")[1:2] != path[:1]
            ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line)


class InsideApps(Contract):
    """Within each app, a module imports only modules of the floors below its own; a name that has no floor is refused.

    `floors` go from top to bottom; names of one floor, separated by `|`, do not import one another. `free` names have no
    floor, and nothing that has one may import them.
    """

    root = fields.StringField()
    floors = fields.ListField(subfield=fields.StringField())
    free = fields.ListField(subfield=fields.StringField(), required=False)
    open_apps = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        height = {
            name.strip(): level for level, names in enumerate(reversed(list(self.floors))) for name in names.split("|")
        }
        free = set(self.free or [])
        broken: list[str] = []
        for app in sorted(graph.find_children(self.root)):
            if app.split(".")[1] in (self.open_apps or []):
                continue
            for child in sorted(graph.find_children(app)):
                part = child.split(".")[2]
                if part in free:
                    continue
                if part not in height:
                    broken.append(f"{child}: no floor has this name")
                    continue
                for importer in sorted({child, *graph.find_descendants(child)}):
                    broken += self._upwards(graph, importer, app, part, height)
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _upwards(self, graph: ImportGraph, importer: str, app: str, part: str, height: dict[str, int]) -> list[str]:
        found = []
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            if not imported.startswith(f"{app}."):
                continue
            other = imported.split(".")[2]
            if other != part and height.get(other, len(height)) >= height[part]:
                found.append(f"{importer} -> {imported}")
        return found

    def render_broken_contract(self, check: ContractCheck) -> None:
        lines: Any = check.metadata["broken"]
        for line in lines:
            output.print_error(line)

"""The rules of docs/architecture.md, checked: who may import whom, and what DVC must know."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE = CHECKOUT / "pipeline"
STAGES: dict[str, Any] = yaml.safe_load((CHECKOUT / "dvc.yaml").read_text("utf-8"))["stages"]
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "manager", "misc"}


def module_name(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(module: str) -> set[str]:
    """Modules that a module imports anywhere, also inside functions; ours by full name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if not name.startswith("pipeline") or name in MODULES}


def import_closure(module: str) -> set[str]:
    """`module` and all of our modules that it reaches."""
    seen: set[str] = set()
    todo = [module]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo += [name for name in imports_of(current) if name in MODULES]
    return seen


def layer(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "pipeline"


def test_core_imports_neither_edge_nor_wiring() -> None:
    wrong = [
        (module, name)
        for module in MODULES
        if layer(module) == "core"
        for name in imports_of(module)
        if name in MODULES and layer(name) not in {"core", "records", "errors", "pipeline"}
    ]
    assert wrong == []


def test_the_edge_never_imports_core_or_stages() -> None:
    wrong = [
        (module, name)
        for module in MODULES
        if layer(module) == "io"
        for name in imports_of(module)
        if name in MODULES and layer(name) not in {"io", "records", "errors", "pipeline"}
    ]
    assert wrong == []


def test_no_stage_imports_a_stage() -> None:
    wrong = [
        (module, name)
        for module in MODULES
        if layer(module) == "stages"
        for name in imports_of(module)
        if layer(name) == "stages" and name not in {module, "pipeline.stages"}
    ]
    assert wrong == []


def test_nothing_below_the_commands_imports_them() -> None:
    above = {"commands": {"cli", "commands"}, "desks": {"cli", "commands", "desks", "serving"}}
    wrong = [
        (module, name)
        for module in MODULES
        for name in imports_of(module)
        if name in MODULES and layer(name) in above and layer(module) not in above[layer(name)]
    ]
    assert wrong == []


def test_only_tracking_imports_mlflow() -> None:
    importers = {
        module
        for module in MODULES
        if any(name.split(".")[0] == "mlflow" for name in imports_of(module))
    }
    # The file that MLflow itself runs when it loads a model has to name it too.
    assert {layer(module) for module in importers} == {"tracking", "pyfunc_model"}


def test_core_opens_no_files_and_reads_no_clock() -> None:
    forbidden = {"os.environ", "pathlib", "subprocess", "socket", "time", "logging", "shutil"}
    wrong = [
        (module, name)
        for module in MODULES
        if layer(module) == "core"
        for name in imports_of(module)
        if name in forbidden
    ]
    assert wrong == []


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [m for m in MODULES if m.split(".")[-1] in FORBIDDEN_NAMES] == []


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_the_module_of_its_name(stage: str) -> None:
    assert STAGES[stage]["cmd"] == f"python -m pipeline.stages.{stage}"
    assert f"pipeline.stages.{stage}" in MODULES
    assert STAGES[stage]["desc"]


def as_dep(module: str) -> str:
    """What dvc.yaml has to list for a module: its file, or the folder of its family.

    Families are `io`, `tracking` and the folders of `core`: listing each of their files would
    make DVC's lock so long that reading it takes most of a no-op `dvc repro`.
    """
    path = MODULES[module].relative_to(CHECKOUT)
    if layer(module) in {"io", "tracking"}:
        return f"pipeline/{layer(module)}"
    is_in_family = layer(module) == "core" and len(path.parts) > 3
    return (path.parent if is_in_family else path).as_posix()


@pytest.mark.parametrize("stage", STAGES)
def test_the_deps_of_a_stage_are_what_it_imports(stage: str) -> None:
    packages = {"pipeline", "pipeline.core", "pipeline.io", "pipeline.stages"}
    needed = {as_dep(m) for m in import_closure(f"pipeline.stages.{stage}") - packages}
    declared = {dep for dep in STAGES[stage]["deps"] if dep.startswith("pipeline/")}
    assert declared == needed


def test_every_output_has_one_owner() -> None:
    outs = [
        next(iter(out)) if isinstance(out, dict) else out
        for stage in STAGES.values()
        for kind in ("outs", "metrics", "plots")
        for out in stage.get(kind, [])
    ]
    assert len(outs) == len(set(outs))

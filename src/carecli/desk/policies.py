"""Policies by name or file: read, completed from the default, checked whole, and kept in the record (SLA-8)."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from carecli.domain.policy_check import merged, problems
from carecli.errors import Invalid

SHIPPED = ("default", "guide", "process-2025")


def load(name: str) -> dict[str, Any]:
    """A complete, checked policy document; raises Invalid that lists everything wrong with a file."""
    default = _shipped("default")
    changes = _shipped(name) if name in SHIPPED else _read(Path(name).expanduser())
    wrong = list(problems(changes, default))
    if wrong:
        raise Invalid(
            f"policy {name}: {'; '.join(wrong)}",
            hint="the shipped policies/default.toml names and explains every setting",
            rule="SLA-8",
        )
    return merged(default, changes)


def _shipped(name: str) -> dict[str, Any]:
    return _parse((files("carecli") / "policies" / f"{name}.toml").read_text("utf-8"), name)


def _read(path: Path) -> dict[str, Any]:
    try:
        return _parse(path.read_text("utf-8"), str(path))
    except OSError as error:
        shipped = ", ".join(SHIPPED)
        raise Invalid(
            f"cannot read the policy {path}: {error.strerror}", hint=f"a file, or one of: {shipped}"
        ) from error
    except UnicodeDecodeError as error:
        raise Invalid(f"the policy {path} is not UTF-8 text", hint="save it as UTF-8") from error


def _parse(text: str, name: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"policy {name}: {error}", hint="mend the line that is named") from error

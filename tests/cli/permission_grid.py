"""Reading the permission matrix (`permissions.txt`), which says itself how it is to be read."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

GRID: Final = Path(__file__).with_name("permissions.txt")
COLUMNS: Final = "brocpqsfamdyn"
NO_CASE: Final = "-"
ACT: Final = "care "
MARKS: Final = frozenset("+vi.2345TU")


class Act(NamedTuple):
    """Something that somebody may want to do, with a mark for each person on each case that it is tried on."""

    line: str
    words: tuple[str, ...]
    """The command as a shell reads it."""
    kinds: dict[str, str | None] | None
    """The events that it leads to, and by whom, where that is somebody else; None: it only reads."""
    shown: str | None
    stdin: str | None
    done: frozenset[int]
    rows: dict[str, str]

    @property
    def of_case(self) -> bool:
        """Whether the command names the row's case, so that each row is a run of its own."""
        return bool({"CASE", "MAIL"} & {*self.words})


class Unreadable(Exception):
    """A line of the grid that says nothing."""


def acts(lines: Sequence[str] | None = None) -> list[Act]:
    """Every act of the grid; raises Unreadable for a row that lacks a cell, or says something unknown."""
    told = GRID.read_text(encoding="utf-8").splitlines() if lines is None else lines
    found: list[Act] = []
    for line in told:
        if line.startswith(ACT):
            found.append(_act(line.removeprefix(ACT)))
        elif line.strip() and not line.startswith("#"):
            name, marks = _row(line)
            if not found or name in found[-1].rows:
                raise Unreadable(line)
            found[-1].rows[name] = marks
    return found


def _act(text: str) -> Act:
    """`open {FORM}  -> opened by {OWN}  < ALERT`: what stands behind two blanks says what comes of it."""
    line, *rest = text.split("  ")
    told = dict(_told(part.split() for part in rest if part.strip()))
    if unknown := told.keys() - {"->", "~", "<", "="}:
        raise Unreadable(f"{text}: {unknown}")
    return Act(
        line=line,
        words=tuple(shlex.split(line)),
        kinds=_kinds(told["->"]) if "->" in told else None,
        shown=" ".join(told["~"]) if "~" in told else None,
        stdin=told["<"][0] if "<" in told else None,
        done=frozenset(map(int, told.get("=", ["0"]))),
        rows={},
    )


def _kinds(words: Sequence[str]) -> dict[str, str | None]:
    """`opened by {OWN} linked`: of what stands before a `by`, somebody else is the actor."""
    kinds: dict[str, str | None] = {}
    if list(words) == ["nothing"]:
        return kinds
    rest = iter(words)
    for word in rest:
        if word == "by":
            by = next(rest)
            kinds = {kind: by if actor is None else actor for kind, actor in kinds.items()}
        else:
            kinds[word] = None
    return kinds


def _told(parts: Iterator[list[str]]) -> Iterator[tuple[str, list[str]]]:
    for sign, *words in parts:
        yield sign, words


def _row(line: str) -> tuple[str, str]:
    name, *columns = line.split()
    marks = "".join(columns)
    if len(marks) != len(COLUMNS) or not MARKS.issuperset(marks):
        raise Unreadable(f"a cell is missing, or unknown: {line.strip()}")
    return name, marks


def filled(words: Sequence[str], known: Mapping[str, str], case: str) -> list[str]:
    """The words of an act with what they stand for, on one case."""
    here = {**known, "CASE": known.get(case, ""), "MAIL": known.get(f"MAIL_{case.upper().replace('-', '_')}", "")}
    for name in ("SEQ", "NOTED"):
        here[name] = known.get(f"{name}_{case.upper().replace('-', '_')}", "")
    said: list[str] = []
    for word in words:
        if word in {"CASE", "MAIL"}:
            said.append(here[word])
        elif word in {"{FORM}", "{PRIVACY}"}:
            said += shlex.split(here[word[1:-1]])
        else:
            said.append(word.format_map(here))
    return said

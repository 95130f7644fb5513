"""A verdict on something that was checked: what is wrong with it, or what looks like a slip."""

from collections.abc import Sequence

from carecli.domain.counting import counted
from carecli.render.sheet import Prose, Tone


def verdict(name: str, problems: Sequence[str], warnings: Sequence[str]) -> Prose:
    """The verdict under the name of what was checked, a line for each finding."""
    if problems:
        title, tone = f"{name}: {counted(len(problems), 'problem')}", Tone.ALARM
    elif warnings:
        title, tone = f"{name}: valid, with {counted(len(warnings), 'warning')}", Tone.WARNING
    else:
        return Prose(f"{name}: valid", "nothing is wrong with it", Tone.GOOD)
    return Prose(title, "\n".join([*problems, *(f"warning: {text}" for text in warnings)]), tone)

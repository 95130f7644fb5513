"""What a name may be: 1 to 200 printable characters, whoever or whatever bears it (ACC-1, ACC-2)."""

from collections.abc import Iterable

from carecli.errors import Invalid

LONGEST = 200
HINT = f"1 to {LONGEST} printable characters"


def account_name(text: str) -> str:
    """An account's name as it is kept, single-spaced; raises Invalid for what is no name."""
    return _checked(" ".join(text.split()), "this is no name for an account", "ACC-1")


def person_name(text: str) -> str:
    """A person's name as it is kept; raises Invalid for what is no name."""
    return _checked(text.strip(), "this is no name for a person", "ACC-1")


def product_name(text: str) -> str:
    """The name of a deployment, service, group or component, single-spaced; raises Invalid for what is none."""
    return _checked(" ".join(text.split()), f"{text[:80]!r} is no name", "ACC-2")


def near(name: str, known: Iterable[str]) -> list[str]:
    """The names that `name` may be a slip of, the nearest first, three at most; letter case aside."""
    from difflib import get_close_matches

    spelt = {one.casefold(): one for one in known}
    wanted = " ".join(name.split()).casefold()[:LONGEST]
    begun = [one for folded, one in spelt.items() if wanted and folded.startswith(wanted)]
    alike = [spelt[folded] for folded in get_close_matches(wanted, spelt, cutoff=0.5)]
    return [one for one in dict.fromkeys([*begun, *alike]) if one.casefold() != wanted][:3]


def _checked(name: str, refusal: str, rule: str) -> str:
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Invalid(refusal, hint=HINT, rule=rule)
    return name

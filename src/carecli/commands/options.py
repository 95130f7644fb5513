"""Options and arguments that several commands share, and the reading of words that are chosen from a list."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

from carecli.commands.declared import Argument, Option
from carecli.domain.vocabulary import Priority, Substatus, Via
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.commands.invocation import Invocation
    from carecli.desk.desk import Desk

Word = TypeVar("Word", bound=StrEnum)
Many = list[str] | None

Number = Annotated[str, Argument(metavar="NUMBER", help="The case: 0000000042, 42 or '#42'.", completes="case")]
OfCase = Annotated[str | None, Argument(metavar="[NUMBER]", help="Of this case; else of all.", completes="case")]
AtMost = Annotated[int, Option("--limit", "-n", metavar="COUNT", min=1, help="At most so many.")]
Message = Annotated[
    str | None, Option("--message", "-m", metavar="TEXT", help="The text; - reads standard input.")
]
Reason = Annotated[
    str | None, Option("--reason", "--message", "-m", metavar="TEXT", help="Why; - reads standard input.")
]
TextFile = Annotated[
    str | None,
    Option(
        "--file",
        "-F",
        metavar="FILE",
        help="Read the text from a file, - for standard input.",
        completes="file",
    ),
]
ViaText = Annotated[
    str | None,
    Option("--via", metavar="CHANNEL", help="phone: staff log a caller's act.", completes=(Via.PHONE,)),
]
Caller = Annotated[
    str | None,
    Option("--contact", metavar="EMAIL", help="The caller; by default the case's contact.", completes="contact"),
]
Pin = Annotated[
    str | None, Option("--pin", metavar="PIN", help="The caller's PIN; - prompts or reads standard input.")
]
SubstatusText = Annotated[
    str | None,
    Option("--substatus", metavar="NAME", help="The sub-status to choose.", completes=Substatus),
]
Yes = Annotated[bool, Option("--yes", "-y", help="Answer yes to confirmations.")]

At = Annotated[
    str | None, Option("--at", metavar="INSTANT", help="As it stood then; 'fri 17:00' is the last one.")
]

PRIORITY_CHOICES = "critical, high, medium, low, or 1 to 4"


def chosen(text: str | None, words: type[Word], option: str) -> Word | None:
    """One of the desk's words, letter case, spaces and underscores aside; raises Invalid that lists them."""
    if text is None:
        return None
    try:
        return words(text.strip().lower().replace("_", "-").replace(" ", "-"))
    except ValueError:
        known = ", ".join(words)
        raise Invalid(f"{option} {text[:40]!r} is not known", hint=f"choose from: {known}") from None


def all_chosen(texts: Sequence[str] | None, words: type[Word], option: str) -> list[Word]:
    """Each of the words of an option that repeats; raises Invalid that lists those there are."""
    return [word for word in (chosen(text, words, option) for text in texts or ()) if word]


def priority(text: str | None, option: str = "--priority") -> Priority | None:
    """`high`, `2` or `2-High`; raises Invalid that lists the choices."""
    if text is None:
        return None
    number, _, name = text.strip().lower().rpartition("-")
    for known in Priority:
        if name in {known.value, str(known.severity)} and number in {"", str(known.severity)}:
            return known
    raise Invalid(f"{option} {text[:40]!r} is not known", hint=f"choose from: {PRIORITY_CHOICES}", rule="SEV-1")


def channel(text: str | None) -> Via | None:
    """The channel that --via names."""
    return chosen(text, Via, "--via")


def pairs(items: list[str] | None, option: str) -> dict[str, str]:
    """`KEY=VALUE` options as a mapping."""
    read: dict[str, str] = {}
    for item in items or []:
        key, equals, value = item.partition("=")
        if not (equals and key.strip()):
            raise Invalid(f"{option} {item[:40]!r} has no value", hint=f"write {option} KEY=VALUE")
        read[key.strip()] = value.strip()
    return read


def moment(desk: "Desk", at: str | None) -> datetime | None:
    """The instant that --at names, in the present or before it; raises Invalid (TICK-3)."""
    if at is None:
        return None
    # Imported here, and below: the present needs no folding of the past.
    from carecli.commands.instants import parse
    from carecli.desk import retrospect

    return retrospect.past(desk, parse(at, zone=desk.zone, now=desk.now, past=True))


def stood(desk: "Desk", at: str | None) -> str:
    """What a page of the past says behind its title, so that nobody takes it for the present."""
    if at is None:
        return ""
    from carecli.render.words import zoned_time

    return f", as of {zoned_time(desk.now, desk.zone)}"


@contextmanager
def as_of(invocation: "Invocation", desk: "Desk", at: str | None) -> Iterator["Desk"]:
    """The desk, or with --at the whole of it as it stood then (TICK-3)."""
    then = moment(desk, at)
    if then is None:
        yield desk
        return
    from carecli.commands.progress import progress
    from carecli.desk import retrospect

    with ExitStack() as looking:
        with progress(invocation, "Looking back") as reached:
            past = looking.enter_context(retrospect.whole(desk, then, reached))
        yield past

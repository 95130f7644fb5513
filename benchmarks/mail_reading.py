"""What the mail room makes of real messages, beside what its libraries reach alone, and how long it takes.

Reads ../shared/data/eml. Run with: python benchmarks/mail_reading.py [RUNS]
"""

import email
import email.policy
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple
from zlib import crc32

from flufl.bounce import all_failures
from mailparser_reply import EmailReplyParser

from carecli.domain.inbox import Incoming
from carecli.mail.incoming import reading, replies

FOLDER: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "eml"
LANGUAGES: Final = ("en", "de", "cs", "da", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh", "david")
TARGETS: Final = {"replies": 85, "bounces": 80, "robots": 100, "people": 100}
EXACT: Final = ("reply_text", "reply_contains", "hidden_contains")


class Sample(NamedTuple):
    """A message with what its source says of it."""

    path: str
    kind: str
    expect: dict[str, Any]
    raw: bytes

    @property
    def half(self) -> int:
        """Which half of the messages it belongs to, drawn by its path."""
        return crc32(self.path.encode()) % 2


def samples(folder: Path = FOLDER) -> list[Sample]:
    """Every message of the manifest."""
    rows = json.loads((folder / "manifest.json").read_text())
    return [Sample(r["path"], r["kind"], r.get("expect") or {}, (folder / r["path"]).read_bytes()) for r in rows]


def main(runs: int) -> None:
    """Print the shares and the time, or why there are none."""
    if not FOLDER.is_dir():
        print("skipped: ../shared/data/eml is missing")
        return
    found = samples()
    print(f"{'share right, %':<46}{'all':>8}{'half 1':>8}{'half 2':>8}{'count':>7}{'alone':>8}{'target':>8}")
    for name, kept, ours, alone, target in measures():
        print(row(name, [sample for sample in found if kept(sample)], ours, alone, target))
    print(
        f"{'reading a message, ratio to parsing it':<46}{ratio(found, lambda raw: reading.read(raw), runs):>8.2f}"
    )
    print(f"{'... and its new text':<46}{ratio(found, whole, runs):>8.2f}{'':>31}{'3':>8}")


Judge = Callable[[Sample], bool]


def measures() -> Iterable[tuple[str, Judge, Judge, Judge | None, int]]:
    """Each measure: of which messages, when care is right, when the library alone is, and the target."""
    yield "replies: the new text alone is shown", replied, reply_right, reply_right_alone, TARGETS["replies"]
    yield "bounces: a failed recipient is named", failed, bounce_right, bounce_right_alone, TARGETS["bounces"]
    yield "bounces: and the status is the source's", stated, status_right, None, 0
    yield "robots: all of loop_cases that are", looping, robot_right, None, TARGETS["robots"]
    yield "people: replies and loop_cases' person", personal, person_right, None, TARGETS["people"]


def row(name: str, kept: list[Sample], ours: Judge, alone: Judge | None, target: int) -> str:
    """A measure's line: all messages, each half, and the library alone."""
    halves = [share(ours, [sample for sample in kept if sample.half == half]) for half in (0, 1)]
    beside = f"{share(alone, kept):>8.1f}" if alone else f"{'-':>8}"
    shares = "".join(f"{each:>8.1f}" for each in (share(ours, kept), *halves))
    return f"{name:<46}{shares}{len(kept):>7}{beside}{target or '-':>8}"


def share(judge: Judge, kept: list[Sample]) -> float:
    """How many of the messages are judged right, in percent."""
    return 100 * sum(map(judge, kept)) / max(len(kept), 1)


def replied(sample: Sample) -> bool:
    """Whether the source says what a reader should see of the reply."""
    return sample.kind == "reply"


def reply_right(sample: Sample) -> bool:
    """Whether the visible text is right: see `right`."""
    return right(sample.expect, replies.new_text(read(sample).text))


def reply_right_alone(sample: Sample) -> bool:
    """The same by the library alone, with all of its languages."""
    first = EmailReplyParser(languages=list(LANGUAGES)).read(read(sample).text).replies[0]
    return right(sample.expect, first.body)


def right(expect: dict[str, Any], text: str) -> bool:
    """Whether a visible text is what the source wants, white space aside.

    `reply_text` must be equal, all of `reply_contains` and none of `hidden_contains` within it. Where the source
    has none of these, the text must equal `reference_visible`, which another parser shows.
    """
    shown = plain(text)
    if "reply_text" in expect and shown != plain(expect["reply_text"]):
        return False
    if any(plain(part) not in shown for part in expect.get("reply_contains", ())):
        return False
    if any(plain(part) in shown for part in expect.get("hidden_contains", ())):
        return False
    return any(key in expect for key in EXACT) or shown == plain(expect["reference_visible"])


def plain(text: str) -> str:
    """The words of a text with single blanks."""
    return " ".join(text.split())


def failed(sample: Sample) -> bool:
    """Whether the source knows of a recipient who was not reached."""
    return any(each["reason"] not in {"feedback", "delivered"} for each in sample.expect.get("recipients", ()))


def bounce_right(sample: Sample) -> bool:
    """Whether a recipient is named who is plausible: the sources give no addresses, so see `plausible`."""
    bounce = read(sample).bounce
    return bounce is not None and bounce.recipient is not None and plausible(sample, bounce.recipient)


def bounce_right_alone(sample: Sample) -> bool:
    """The same by the library alone."""
    try:
        delayed, gone = all_failures(email.message_from_bytes(sample.raw))
    except Exception:  # noqa: BLE001  # the library raises on odd messages; that is a miss
        return False
    return any(plausible(sample, each.decode(errors="replace")) for each in delayed | gone)


def plausible(sample: Sample, recipient: str) -> bool:
    """An address that is neither the bounce's own sender nor its recipient."""
    incoming = read(sample)
    ours = {address.lower() for address in (incoming.sender, *incoming.to) if address}
    return "@" in recipient and recipient.lower() not in ours


def stated(sample: Sample) -> bool:
    """Whether the source gives a status that stands in the message; its `x.0.9xx` are its own inventions."""
    codes = [each["status"] for each in sample.expect.get("recipients", ())]
    return failed(sample) and any(code and not code[1:].startswith(".0.9") for code in codes)


def status_right(sample: Sample) -> bool:
    """Whether the status is that of one of the source's recipients."""
    bounce = read(sample).bounce
    return bounce is not None and bounce.status in {each["status"] for each in sample.expect["recipients"]}


def looping(sample: Sample) -> bool:
    """Whether it is one of the loop cases that a machine wrote."""
    written = sample.expect.get("must_not_autorespond") or sample.expect.get("is_bounce")
    return sample.path.startswith("loop_cases/") and bool(written)


def personal(sample: Sample) -> bool:
    """Whether a person surely wrote it."""
    return sample.kind == "reply" or (sample.path.startswith("loop_cases/") and not looping(sample))


def robot_right(sample: Sample) -> bool:
    """Whether it is known as a machine's."""
    return read(sample).robot is not None


def person_right(sample: Sample) -> bool:
    """Whether it is known as a person's."""
    return read(sample).robot is None


def read(sample: Sample) -> Incoming:
    """The message as care understands it."""
    return reading.read(sample.raw)


def whole(raw: bytes) -> None:
    """Everything that the mail room does with a reply."""
    replies.new_text(reading.read(raw).text)


def ratio(found: list[Sample], work: Callable[[bytes], object], runs: int) -> float:
    """The time of the work on all messages to that of parsing them, the median of pairs taken in turn."""
    pairs = [(seconds(found, work), seconds(found, parsed)) for _ in range(runs)]
    return statistics.median(ours / bare for ours, bare in pairs)


def parsed(raw: bytes) -> object:
    """What the ratio is to: the email package alone."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def seconds(found: list[Sample], work: Callable[[bytes], object]) -> float:
    """Processor time of the work on all messages."""
    start = time.process_time()
    for sample in found:
        work(sample.raw)
    return time.process_time() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

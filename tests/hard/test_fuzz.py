"""A short coverage-guided fuzzing of `receive`, and the oracle that judges it held against what it must see."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
from hard.fuzz_desk import Fuzzed
from hard.fuzz_oracle import Truth
from hard.fuzz_seeds import seeds

from carecli.domain import answering, matching
from carecli.domain.inbox import Outcome
from carecli.mail import reference
from carecli.mail.incoming import robots

SECONDS: Final = int(os.environ.get("CARE_FUZZ_S", "0"))
"""How long it fuzzes; CARE_FUZZ_S=600 is for whoever changed the mail room, and goes other ways each time."""

SHORT: Final = ("-max_total_time=300", "-runs=1200", "-seed=1")
"""What everybody can wait for; it is the same each time, and no machine is so slow that it is cut short."""

LEAST: Final = 600
"""So many runs there must be: it tells of them once a second, and not at its end."""

HARNESS: Final = Path(__file__).with_name("fuzz_receive.py")

DANA, EVE, SAM = "dana@abc.example", "eve@evil.example", "sam@desk.example"
TRUTH: Final = Truth(
    secrets={1: frozenset({"ref:0000000001-k7q2m4xdrt5wphna", "0000000001.2.abcdefghijklmnop"})},
    message_ids={1: frozenset({"0000000001.2.abcdefghijklmnop"})},
    writers={1: frozenset({DANA})},
    staff=frozenset({SAM}),
    server="mx.desk.example",
)
PASSED: Final = "dmarc=pass header.from=desk.example"
SUBJECT: Final = "Subject: Re: [ref:0000000001-k7q2m4xdrt5wphna]"


@pytest.mark.skipif(find_spec("atheris") is None, reason="no atheris for this machine")
def test_fuzzed_mail_breaks_nothing(tmp_path: Path) -> None:
    """MAIL-2..5: no crash, no lost message, and no case that changes but by mail that may change it."""
    options = [f"-max_total_time={SECONDS}"] if SECONDS else SHORT
    ran = subprocess.run(
        [sys.executable, HARNESS, tmp_path, "-rss_limit_mb=1024", *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": "1"},
    )
    assert ran.returncode == 0, ran.stdout[-6_000:] + ran.stderr[-3_000:]
    coverage, features = re.findall(r"cov: (\d+) ft: (\d+)", ran.stderr)[-1]
    tally = json.loads((tmp_path / "tally.json").read_text())
    print(f"\n{tally['runs']:,} runs, coverage {coverage}, features {features}: {tally}")
    assert tally["runs"] >= LEAST
    assert tally["verified"]
    # Every kind of end was met, or what was fuzzed was not the mail room.
    met = {told.partition(" ")[0] for told in tally}
    assert met >= {outcome.value for outcome in Outcome}


def run_seeds(folder: Path) -> Counter[str]:
    """What became of all that fuzzing starts from; raises AssertionError where something must not be."""
    with closing(Fuzzed(folder / "tally.json")) as fuzzed:
        for seed in seeds(fuzzed.scene):
            fuzzed.run(seed)
        return fuzzed.tally


def test_what_fuzzing_starts_from_breaks_nothing(tmp_path: Path) -> None:
    """MAIL-2..5: the seeds alone keep the rules; among them is what fuzzing found once."""
    met = {told.partition(" ")[0] for told in run_seeds(tmp_path)}
    assert met >= {outcome.value for outcome in Outcome}


FAULTS: Final = (
    (matching, "_unfit", "may not write into the case"),
    (matching, "_untrusted", "nothing vouches for a member of staff"),
    (robots, "robot", "a program wrote it"),
    (answering, "silence", "which is a guess|who wrote nothing"),
)
"""Rules without which something happens that must not."""


@pytest.mark.parametrize(("module", "rule", "told"), FAULTS, ids=[rule for _, rule, _ in FAULTS])
def test_a_rule_that_is_left_out_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, rule: str, told: str
) -> None:
    """MAIL-2..5: where a rule never objects, the seeds alone show it."""
    monkeypatch.setattr(module, rule, lambda *_: None)
    with pytest.raises(AssertionError, match=told):
        run_seeds(tmp_path)


def test_a_hash_that_anybody_can_make_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-2a: a desk that took every reference for its own would be found out."""
    monkeypatch.setattr(reference, "_same", lambda *_: True)
    with pytest.raises(AssertionError, match="it holds no reference of the case"):
        run_seeds(tmp_path)


@pytest.mark.parametrize(
    ("head", "sender", "against"),
    [
        ("From: dana@abc.example", DANA, None),
        ("From: Dana <DANA@abc.example>", DANA, None),
        ("From: eve@evil.example", EVE, "may not write"),
        ("From: eve@evil.example", DANA, "does not name"),
        ('From: "dana@abc.example" <eve@evil.example>', DANA, "does not name"),
        ("From: dana@abc.example\nAuto-Submitted: auto-replied", DANA, "a program"),
        ("From: dana@abc.example\nAuto-Submitted: no", DANA, None),
        ("Return-Path: <>\nFrom: dana@abc.example", DANA, "a program"),
        ("From: sam@desk.example", SAM, "vouches"),
        (f"Authentication-Results: mx.desk.example; {PASSED}\nFrom: sam@desk.example", SAM, None),
        (f"Authentication-Results: mx.d\x07esk.example; {PASSED}\nFrom: sam@desk.example", SAM, "vouches"),
        ("Authentication-Results: mx.desk.example; dmarc=pass\nFrom: sam@desk.example", SAM, "vouches"),
    ],
)
def test_the_oracle_sees_who_may_write(head: str, sender: str, against: str | None) -> None:
    """MAIL-2, MAIL-5: a judge that finds nothing wrong would let everything pass."""
    told = TRUTH.against_update(f"{head}\n{SUBJECT}\n\nYes.".encode(), 1, sender)
    assert (against in told) if against and told else told is against


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (b"\n\nref:0000000001-k7q2m4xdrt5wphna", True),
        (b"Content-Transfer-Encoding: base64\n\ncmVmOjAwMDAwMDAwMDEtazdxMm00eGRydDV3cGhuYQ==", True),
        (b"Content-Transfer-Encoding: quoted-printable\n\nref:00000=\n00001-k7q2m4xdrt5wphna", True),
        (b"Subject: =?utf-8?q?ref=3A0000000001-k7q2m4xdrt5wphna?=\n\n", True),
        (b"In-Reply-To: <0000000001.2.abcdefghijklmnop@x.example>\n\n", True),
        (b"\n\nref:0000000001-k7q2m4xdrt5wphnb", False),
        (b"\n\nref:0000000002-k7q2m4xdrt5wphna", False),
        (b"Subject: Case # 0000000001\n\n", False),
    ],
)
def test_the_oracle_sees_what_names_a_case(text: bytes, *, holds: bool) -> None:
    """MAIL-2a: a true reference in any code that mail knows, and nothing but a true one."""
    raw = b"From: dana@abc.example\n" + text
    assert (TRUTH.against_update(raw, 1, DANA) is None) == holds

"""The doctor's look at the gate: keys of people who are gone, what was refused, how sshd is set (DC-3, AUD-2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from carecli.desk.doctor_words import few, fine, quoted
from carecli.desk.gate import active
from carecli.domain.counting import counted
from carecli.domain.gate import BEGIN, END, harmless_variable
from carecli.domain.health import OF_LATE, Finding, State

if TYPE_CHECKING:
    from carecli.desk.desk import Desk

CHECK: Final = "gate"
SSHD: Final = Path("/etc/ssh/sshd_config")
KEYS: Final = Path("~/.ssh/authorized_keys")
"""Where the keys lie of whom the doctor is asked by, unless sshd is told otherwise."""
TEXT_MAX: Final = 1 << 24


def findings(desk: Desk, *, sshd: Path = SSHD, keys: Path = KEYS) -> Iterator[Finding]:
    """What is worth a look at the gate; nothing at a desk where nobody has a key."""
    with desk.machinery() as reading:
        held = any(who.ssh_keys for who in reading.contacts()) or any(who.ssh_keys for who in reading.staff())
        known = {key: who.email for who in active(reading) for key in who.ssh_keys}
        count, clients = reading.refused_since(desk.now - OF_LATE)
    if not held:
        return
    if count:
        what = f"refused at the gate in the last day: {counted(count, 'command')} of {counted(clients, 'client')}"
        yield Finding(CHECK, State.ADVICE, what, "care gate log")
    yield from _written(known, keys.expanduser())
    yield from _settings(sshd)


def _written(known: dict[str, str], file: Path) -> Iterator[Finding]:
    """Whether the file of authorized keys lets in whom the desk knows, as whom it knows them."""
    _, begin, rest = _text(file).partition(f"{BEGIN}\n")
    if not begin:
        yield fine(CHECK, f"keys of people who may come by SSH: {len(known):,}")
        return
    lines = rest.partition(END)[0].splitlines()
    stale = [
        line for line in lines if not any(key in line and line.endswith(f" {who}") for key, who in known.items())
    ]
    missing = sorted({who for key, who in known.items() if not any(key in line for line in lines)})
    fix = f"care gate keys --output {quoted(str(file))}"
    if stale:
        who = few([line.rpartition(" ")[2] for line in stale])
        yield Finding(CHECK, State.WRONG, f"{file} still lets in {who}, or by a key of before", fix)
    if missing:
        yield Finding(CHECK, State.ADVICE, f"{file} does not let in yet: {few(missing)}", fix)
    if not (stale or missing):
        yield fine(CHECK, f"{file} lets in who has a key, and nobody else: {len(known):,}")


def _settings(sshd: Path) -> Iterator[Finding]:
    """Settings of the server by which a client could say more than its command."""
    folder = sshd.with_name(f"{sshd.name}.d")
    texts = [_text(file) for file in (sshd, *sorted(folder.glob("*.conf")))] if sshd.exists() else []
    words = [line.split() for text in texts for line in text.splitlines() if not line.lstrip().startswith("#")]
    accepted = [name for first, *names in filter(None, words) if first.lower() == "acceptenv" for name in names]
    odd = sorted({name for name in accepted if not harmless_variable(name)})
    if odd:
        what = f"sshd takes variables from its clients: {few(odd)}"
        yield Finding(
            CHECK, State.WRONG, what, f"AcceptEnv LANG LC_* in {quoted(str(sshd))}: others choose programs"
        )
    if any(line[0].lower() == "permituserenvironment" and line[-1].lower() != "no" for line in words if line):
        fix = f"PermitUserEnvironment no in {quoted(str(sshd))}"
        yield Finding(CHECK, State.WRONG, "sshd lets keys and users set variables", fix)


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as text:
            return text.read(TEXT_MAX)
    except OSError:
        return ""

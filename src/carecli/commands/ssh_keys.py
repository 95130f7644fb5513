"""The SSH keys of people as a command takes them: as they are, from a file, from standard input."""

import sys
from collections.abc import Sequence
from typing import Annotated

from carecli.commands.declared import Option
from carecli.errors import Invalid

Keys = Annotated[
    list[str] | None,
    Option(
        "--ssh-key",
        metavar="KEY",
        help="A public SSH key, its .pub file, or -: for the gate; repeatable.",
        completes="file",
    ),
]
NoKeys = Annotated[bool, Option("--no-ssh-keys", help="Take away the SSH keys of before.")]


def read(given: Sequence[str] | None) -> tuple[str, ...]:
    """The keys of --ssh-key, one from each line; raises Invalid."""
    if not given:
        return ()
    # Imported here: people are mostly added without keys.
    from carecli.commands import texts
    from carecli.domain import ssh_key

    lines: list[str] = []
    for one in given:
        if ssh_key.is_key(one):
            lines.append(one)
        elif one == "-":
            lines += _lines(texts.read(sys.stdin.buffer, "standard input"))
        else:
            lines += _lines(texts.read_file(one, "--ssh-key"))
    return tuple(ssh_key.parsed(line) for line in lines)


def refuse_two(pin: str | None, given: Sequence[str] | None) -> None:
    """Raise Invalid where a PIN and a key, or two keys, would both come from standard input."""
    if [pin, *(given or ())].count("-") > 1:
        raise Invalid("standard input is one thing", hint="name the key's file")


def _lines(text: str) -> list[str]:
    # The lines of a private key are none of their own.
    return [text] if "PRIVATE KEY" in text else [line for line in text.splitlines() if line.strip()] or [text]


def told(keys: Sequence[str]) -> str:
    """What an answer says of somebody's keys behind all else; empty where there are none."""
    if not keys:
        return ""
    from carecli.domain.ssh_key import fingerprint

    return "; SSH keys: " + ", ".join(map(fingerprint, keys))

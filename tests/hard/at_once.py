"""Processes that start together."""

import subprocess
from collections.abc import Sequence
from typing import Final

PATIENCE_S: Final = 240


def run_at_once(commands: Sequence[Sequence[str]], *, well: bool = True) -> list[tuple[int, str, str]]:
    """Start processes together: the status, the output and the complaints of each, if any are allowed."""
    running = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for words in commands
    ]
    written = [process.communicate(timeout=PATIENCE_S) for process in running]
    ended = [(process.returncode, *streams) for process, streams in zip(running, written, strict=True)]
    wrong = [(status, err) for status, _, err in ended if status or err]
    assert not (well and wrong), wrong
    return ended

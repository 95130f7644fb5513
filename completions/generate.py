"""Write the completion scripts here and the manual pages in docs/man: run it after a change of commands."""

from collections.abc import Mapping
from pathlib import Path

from carecli.commands import manual
from carecli.commands.completion import SHELLS, script

HERE = Path(__file__).parent
MAN = HERE.parent / "docs" / "man"
NAMES: Mapping[str, str] = {"bash": "care.bash", "zsh": "_care", "fish": "care.fish"}


def scripts() -> dict[str, str]:
    """The completion scripts by the names of their files."""
    return {NAMES[shell]: script(shell) for shell in SHELLS}


def main() -> None:
    """Write what is made, and remove what is made no more."""
    pages = manual.pages()
    MAN.mkdir(exist_ok=True)
    for stale in {path.name for path in MAN.iterdir()} - pages.keys():
        (MAN / stale).unlink()
    for folder, texts in ((HERE, scripts()), (MAN, pages)):
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()

"""The completion scripts of the shells."""

import sys
from typing import Annotated

from carecli.commands.declared import Argument, command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid
from carecli.render import json_text

SHELLS = ("bash", "zsh", "fish")


@command
def completion(
    invocation: Invocation,
    shell: Annotated[str, Argument(metavar="SHELL", help="bash, zsh or fish.", completes=SHELLS)],
) -> None:
    """Print the script with which a shell completes commands, options, case numbers and names.

    Write it where the shell looks for it, as below; shells that are opened from then on have it. For zsh
    ~/.zfunc must be in $fpath before compinit runs in ~/.zshrc.

    care completion bash > ~/.local/share/bash-completion/completions/care

    care completion zsh > ~/.zfunc/_care

    care completion fish > ~/.config/fish/completions/care.fish
    """
    text = script(shell)
    if invocation.json:
        json_text.write_json({"shell": shell, "script": text}, sys.stdout)
    else:
        sys.stdout.write(text)


def script(shell: str) -> str:
    """The script of a shell; raises Invalid for one that we have none for."""
    # Imported here: the tree imports every command.
    if shell == "bash":
        from carecli.commands import complete_bash

        return complete_bash.script()
    if shell == "zsh":
        from carecli.commands import complete_zsh

        return complete_zsh.script()
    if shell == "fish":
        from carecli.commands import complete_fish

        return complete_fish.script()
    raise Invalid(f"there is no completion for {shell[:40]!r}", hint=f"choose from: {', '.join(SHELLS)}")

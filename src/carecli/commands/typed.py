"""Typer's reading of a command line, with its help and its errors: for all that is not everyday."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import typer

from carecli.commands.declared import NUMBER_MAX, Argument, Call, Command, Family, Option, Parameter
from carecli.commands.everywhere import OPTIONS, PREFIX, Given
from carecli.errors import Invalid


def call(target: Command | Family, name: str, args: Sequence[str]) -> Call | int:
    """The command with its arguments read, or the status after help was shown; raises Invalid."""
    try:
        # Typer only reads: what goes wrong while the command runs is met in one place, outside of Typer.
        called = app(target, name)(list(args), prog_name="care", standalone_mode=False)
    except typer.TyperException as error:
        # The command of a family where it is one's: its family's help tells nothing of its options.
        path = getattr(getattr(error, "ctx", None), "command_path", f"care {name}")
        raise Invalid(_sentence(error), hint=f"`{path} --help` shows its use") from error
    except SystemExit:  # Typer's answer to a reader that is gone
        raise BrokenPipeError from None
    return called if isinstance(called, Call) else int(called or 0)


def app(target: Command | Family, name: str) -> typer.Typer:
    """The app with this command alone."""
    care = _root()
    if isinstance(target, Family):
        care.add_typer(_family(target), name=name)
    else:
        care.command(name)(_function(target))
    return care


def _sentence(error: Exception) -> str:
    text = str(getattr(error, "format_message", error.__str__)())
    return (text[:1].lower() + text[1:]).strip().rstrip(".")


def _root() -> typer.Typer:
    """The app without its commands."""
    care = typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    care.callback()(_everywhere(hidden=False))
    return care


def _family(family: Family) -> typer.Typer:
    care = typer.Typer(help=family.summary, rich_markup_mode=None, add_completion=False)
    care.callback()(_everywhere(hidden=True))
    for name, member in family.commands.items():
        if isinstance(member, Family):
            care.add_typer(_family(member), name=name)
        else:
            # Typer would cut the summary of a list after some 45 characters.
            care.command(name, short_help=_first_sentence(member))(_function(member))
    return care


def _first_sentence(command: Command) -> str:
    paragraph = inspect.cleandoc(command.run.__doc__ or "").split("\n\n")[0]
    return " ".join(paragraph.split()).partition(". ")[0].rstrip(".") + "."


def _function(command: Command) -> Callable[..., Call]:
    """A function that Typer can read as it reads any other: it answers the call instead of making it."""

    def called(**values: Any) -> Call:
        earlier: Given = values.pop("context").obj
        return Call(command, earlier.then(Given.taken(values)), values)

    called.__name__ = command.run.__name__
    called.__doc__ = _help(inspect.cleandoc(command.run.__doc__ or ""))
    _sign(called, [*map(_own, command.parameters()), *_parameters(hidden=True)])
    return called


def _help(text: str) -> str:
    """The docstring as help: its examples keep their lines, and the options left out are named."""
    # Typer leaves a paragraph after a \\b as it is.
    paragraphs = [
        "\b\n  " + part.replace("\n", "\n  ") if part.startswith("care ") else part for part in text.split("\n\n")
    ]
    flags = " ".join(option.flags[0] for option in OPTIONS.values())
    return "\n\n".join([*paragraphs, f"Every command also takes {flags}: see care --help."])


def _everywhere(*, hidden: bool) -> Callable[..., None]:
    def kept(**values: Any) -> None:
        context = values.pop("context")
        context.obj = (context.obj or Given()).then(Given.taken(values))

    _sign(kept, [*_parameters(hidden=hidden)])
    return kept


def _parameters(*, hidden: bool) -> Iterator[inspect.Parameter]:
    yield inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    for name, option in OPTIONS.items():
        told = typer.Option(*option.flags, metavar=option.metavar, help=option.help, hidden=hidden)
        type_, empty = (str | None, None) if option.metavar else (bool, False)
        yield _parameter(PREFIX + name, Annotated[type_, told], empty)


def _own(parameter: Parameter) -> inspect.Parameter:
    declared = parameter.declared
    told = (
        typer.Argument(metavar=declared.metavar, help=declared.help)
        if isinstance(declared, Argument)
        else _option(parameter, declared)
    )
    default = inspect.Parameter.empty if parameter.required else parameter.default
    return _parameter(parameter.name, Annotated[parameter.type, told], default)


def _option(parameter: Parameter, option: Option) -> Any:
    most = NUMBER_MAX if parameter.type in (int, int | None) else None
    return typer.Option(*parameter.flags, metavar=option.metavar, help=option.help, min=option.min, max=most)


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _sign(function: Any, parameters: Sequence[inspect.Parameter]) -> None:
    """Give a function that takes any keywords the parameters that Typer shall read off it."""
    function.__signature__ = inspect.Signature(list(parameters))
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}

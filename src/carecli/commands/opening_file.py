"""A form in a file: JSON with the keys of a case, or TOML as `care open --template` writes it (OPEN-4)."""

from collections.abc import Mapping
from typing import Any, Final

from carecli.commands import options, texts
from carecli.domain import details
from carecli.domain.opening import ANSWERS, Form
from carecli.domain.vocabulary import CaseType, Stage
from carecli.errors import Invalid

PLACE: Final = (
    "type",
    "subtype",
    "account",
    "deployment",
    "service",
    "component",
    "contact",
    "stage",
    "priority",
)
TEXTS: Final = ("subject", "description", "impact", *PLACE, *ANSWERS)
"""The keys whose values are texts."""
OTHERS: Final[Mapping[str, type]] = {"fields": dict, "checklist": dict, "attach": list, "draft": dict}
"""The keys whose values are not; `draft` is what `care open` itself keeps beside a form."""

SAID: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "": None}
"""The answers of the checklist in words."""


def read(name: str) -> dict[str, Any]:
    """A form as JSON or TOML, its keys as in the JSON of a case or as the options; raises Invalid otherwise.

    A text left blank is no answer.
    """
    text = texts.given(None, name, option="--form") or ""
    return checked(name, parsed(text, toml=name.endswith(".toml")))


def checked(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """The form that a document holds; raises Invalid that names each key that is not understood."""
    read = [(key.replace("-", "_"), _texted(value)) for key, value in document.items() if value is not None]
    keys = [key for key, _ in read]
    wrong = [key for key in keys if key not in (*TEXTS, *OTHERS) or keys.count(key) > 1]
    wrong += [part for key, value in read for part in _misread(key, value)]
    # JSON can spell half a surrogate pair, which no file can hold.
    wrong += [key for key, value in read if any("\ud800" <= c <= "\udfff" for c in _letters(value))]
    if wrong:
        known = ", ".join((*TEXTS, *(key for key in OTHERS if key != "draft")))
        raise Invalid(
            f"{name}: not understood: {', '.join(dict.fromkeys(wrong))}", hint=f"texts named {known}, each once"
        )
    answers: dict[str, Any] = {key: value for key, value in read if not isinstance(value, str) or value.strip()}
    if "checklist" in answers:
        said = {name: _answer(said) for name, said in answers["checklist"].items()}
        answers["checklist"] = {name: answer for name, answer in said.items() if answer is not None}
    return answers


def _answer(said: bool | str | None) -> bool | None:
    """An answer of the checklist; left blank it is none (OPEN-5)."""
    return SAID[said.strip().lower()] if isinstance(said, str) else said


def _letters(value: object) -> str:
    """All that a value spells, within tables too: `str` would escape what is to be found."""
    import json

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _misread(key: str, value: object) -> list[str]:
    """What of a value is of the wrong kind, by its place."""
    if not isinstance(value, OTHERS.get(key, str)):
        return [key]
    if key == "checklist" and isinstance(value, dict):
        return [f"checklist.{name}" for name, said in value.items() if not _answers(said)]
    if key == "attach" and isinstance(value, list):
        return [f"attach.{place}" for place, path in enumerate(value) if not isinstance(path, str)]
    return []


def _answers(said: object) -> bool:
    """Whether this can be said to a question of the checklist."""
    return said is None or isinstance(said, bool) or (isinstance(said, str) and said.strip().lower() in SAID)


def _texted(value: object) -> object:
    """A number as the text that it stands for, and so with the moments of TOML; within a table too."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, str):
        # In TOML a text of many lines ends with the end of its last line.
        return value.rstrip("\n")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _plain(value)


def _plain(value: object) -> object:
    """A value that JSON knows: TOML's moments are none."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if hasattr(value, "isoformat") else value


def parsed(text: str, *, toml: bool) -> dict[str, Any]:
    """The table or object that a text holds; raises Invalid for any other text."""
    import json
    import tomllib

    try:
        read = tomllib.loads(text) if toml else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(
            f"the form is no valid {'TOML' if toml else 'JSON'}: {error}", hint="care open --form FILE"
        ) from None
    if not isinstance(read, dict):
        raise Invalid("the form is no JSON object", hint='{"subject": "...", "description": "..."}')
    return read


def form(answers: Mapping[str, Any], extra: Mapping[str, str]) -> Form:
    """The form that answers make, as far as they are given; raises Invalid for a word that is not known.

    Moments are left as they were written.
    """
    stage = options.chosen(answers.get("stage"), Stage, "--stage")
    named = answers.get("subtype")
    subtype = named.strip().lower().replace("_", "-").replace(" ", "-") if named else None
    fields = {key: answers[key] for key in ANSWERS if key in answers}
    return Form(
        type=options.chosen(answers.get("type"), CaseType, "--type") or CaseType.SUPPORT,
        subtype=subtype,
        stage=stage.value if stage else None,
        priority=options.priority(answers.get("priority")),
        fields=details.answered(subtype, {**fields, **answers.get("fields", {}), **extra}),
        checklist=answers.get("checklist", {}),
        subject=answers.get("subject"),
        description=answers.get("description"),
        impact=answers.get("impact"),
        account=answers.get("account"),
        deployment=answers.get("deployment"),
        service=answers.get("service"),
        component=answers.get("component") or None,
        contact=answers.get("contact"),
    )

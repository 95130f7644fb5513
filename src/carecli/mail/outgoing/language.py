"""What a template may say: a small part of Jinja, which always comes to an end, with a text of bounded size.

Jinja's own sandbox keeps templates away from Python, but not from loops within loops or texts that double and
double. So a template has no calls, variables of its own, arithmetic or includes; its loops go over `ways` alone.
"""

from collections.abc import Iterator
from typing import Final

from jinja2 import TemplateSyntaxError, nodes

LONGEST_SOURCE: Final = 100_000
"""Of a template, in characters."""

SHIPPED: Final = "care/"
"""What stands before the name of a template that `care` ships, for one to extend it."""

FILTERS: Final = frozenset(
    {
        "capitalize",
        "count",
        "d",
        "default",
        "e",
        "escape",
        "first",
        "last",
        "length",
        "lines",
        "lower",
        "title",
        "trim",
        "truncate",
        "upper",
        "urlencode",
        "words",
        "wrap",
    }
)
"""None makes a text much longer, however they are strung together; `safe` would let customers write HTML."""

_PLAIN: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.Block,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Keyword,
)
_LARGEST: Final = 1_000


def check(tree: nodes.Template, name: str, filename: str) -> None:
    """Hold a template against the language; raises TemplateSyntaxError with the line of what is outside it."""
    for problem, node in _problems(tree, looping=False):
        raise TemplateSyntaxError(problem, node.lineno, name, filename)


def _problems(node: nodes.Node, *, looping: bool) -> Iterator[tuple[str, nodes.Node]]:
    problem = _problem(node, looping=looping)
    if problem:
        yield problem, node
    looping = looping or isinstance(node, nodes.For)
    for child in node.iter_child_nodes():
        yield from _problems(child, looping=looping)


def _problem(node: nodes.Node, *, looping: bool) -> str | None:
    if isinstance(node, nodes.For):
        return _of_loop(node, looping=looping)
    if isinstance(node, nodes.Block):
        return _of_block(node, looping=looping)
    if isinstance(node, nodes.Filter):
        return None if node.name in FILTERS else f"no filter {node.name!r} here, only {', '.join(sorted(FILTERS))}"
    if isinstance(node, nodes.Const):
        return _of_constant(node.value)
    if isinstance(node, nodes.Extends):
        shipped = isinstance(node.template, nodes.Const) and str(node.template.value).startswith(SHIPPED)
        return None if shipped else f"only templates that `care` ships are extended: {SHIPPED}notice.html.j2"
    if isinstance(node, nodes.Call):
        return None if _is_super(node) else "nothing is called here"
    if isinstance(node, nodes.List | nodes.Tuple):
        constant = all(isinstance(item, nodes.Const) for item in node.items)
        return None if constant else "a list holds only plain texts and numbers here"
    return None if isinstance(node, _PLAIN) else f"no {type(node).__name__.lower()} here"


def _of_loop(node: nodes.For, *, looping: bool) -> str | None:
    over_ways = isinstance(node.iter, nodes.Name) and node.iter.name == "ways"
    if looping or node.recursive or not over_ways:
        return "the one loop is over `ways`, and not within another"
    return None


def _of_block(node: nodes.Block, *, looping: bool) -> str | None:
    if looping:
        return "no block within a loop"
    many = sum(map(_is_super, node.find_all(nodes.Call))) > 1
    return "only one super() in a block" if many else None


def _of_constant(value: object) -> str | None:
    too_large = isinstance(value, int | float) and not -_LARGEST <= value <= _LARGEST
    return f"a number beyond {_LARGEST:,}" if too_large else None


def _is_super(call: nodes.Call) -> bool:
    bare = not (call.args or call.kwargs or call.dyn_args or call.dyn_kwargs)
    return bare and isinstance(call.node, nodes.Name) and call.node.name == "super"

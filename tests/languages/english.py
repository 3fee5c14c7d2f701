"""Every English sentence of our own that a client may read, found in the code itself.

A sentence with values in it is a template here: each value is a blank, `{}`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LAYERS: Final = ("domain", "projections", "schema", "app")
SAYING: Final = {
    # callable -> which of its arguments is the sentence
    "InvalidInput": 1,
    "refuse": 1,
    "_well_formed": 1,
    "_too_much": 1,
    "_invalid": 0,
    "_method_not_allowed": 0,
}


def sentences() -> dict[str, str]:
    """Template -> where it stands."""
    return {text: place for path in _modules() for text, place in _in_module(path)}


def _modules() -> Iterator[Path]:
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            if not {"cli", "exchange", "packs"} & set(path.parts):  # they speak English
                yield path


def _in_module(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SAYING:
            place = SAYING[_name(node.func)]
            said = node.args[place] if len(node.args) > place else _keyword(node)
            for text in _texts(said, tree):
                yield text, f"{path.relative_to(ROOT)}:{node.lineno}"


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _keyword(node: ast.Call) -> ast.expr | None:
    return next((each.value for each in node.keywords if each.arg == "problem"), None)


def _texts(said: ast.expr | None, tree: ast.Module) -> Iterator[str]:
    """The templates that an expression may be; a variable is every text it is given here."""
    match said:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts
            )
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            ends = [list(_texts(end, tree)) or ["{}"] for end in (left, right)]
            yield ends[0][0] + ends[1][0]
        case ast.Name(id=name):
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and name in {_name(each) for each in node.targets}:
                    yield from _texts(node.value, tree)

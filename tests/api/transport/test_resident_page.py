"""The page of residents as files: its headers, its words, its documents."""

import json
import re
from importlib import resources
from typing import Final

import pytest
from graphql import OperationDefinitionNode, parse, validate
from graphql.utilities import build_schema as from_sdl

from domain.case.lifecycle import Stage
from domain.permissions import PERMISSIONS
from schema.build import build_schema
from tests.api.transport.conftest import Service
from tests.api.transport.pages import Links, outside_addresses

FOLDER: Final = resources.files("app.web") / "static" / "resident"
FILES: Final = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}
WORDS: Final[dict[str, dict[str, str]]] = {
    language: json.loads(FILES[f"words.{language}.json"]) for language in ("en", "zh")
}
BUILT: Final = {
    *(f"stage.{stage}" for stage in Stage),
    *(f"rating.{rating}" for rating in range(1, 6)),
    *(f"step.{state}" for state in ("done", "now", "ahead")),
    *(f"form.{answer}" for answer in ("yes", "no")),
}
"""Keys that scripts put together."""

PATHS: Final = ["/resident", "/public"]


@pytest.mark.parametrize("path", PATHS)
async def test_the_page_allows_itself_nothing_but_its_own_files(
    service: Service, path: str
) -> None:
    page = await service.client.get(path)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "form-action 'none'"} <= set(policy)
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_everything_it_loads_is_ours(service: Service) -> None:
    links = Links()
    links.feed((await service.client.get("/resident")).text)
    assert links.inline == 0
    for link in links.found:
        assert link.startswith(("/static/", "/resident", "/public", "#"))
        if not link.startswith("#"):
            assert (await service.client.get(link)).status_code == 200
    for name, text in FILES.items():
        assert outside_addresses(text) == [], name
        if name != "page.html":
            file = await service.client.get(f"/static/resident/{name}")
            assert (file.status_code, file.text) == (200, text)


@pytest.mark.parametrize(
    ("accepted", "tag", "title"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.5", "zh-Hans", "提交诉求"),
        ("en-GB", "en", "Bring a request"),
        ("fr", "en", "Bring a request"),
    ],
)
async def test_it_comes_in_the_language_of_the_browser(
    service: Service, accepted: str, tag: str, title: str
) -> None:
    page = await service.client.get("/resident", headers={"Accept-Language": accepted})
    assert page.headers["content-language"] == tag
    assert page.headers["vary"] == "Accept-Language"
    assert f'<html lang="{tag}">' in page.text
    assert f'data-word="file.title">{title}</h1>' in page.text


def test_both_languages_say_the_same_things() -> None:
    english, chinese = WORDS["en"], WORDS["zh"]
    assert english.keys() == chinese.keys()
    for key, said in english.items():
        assert re.findall(r"\{\w+\}", said) == re.findall(r"\{\w+\}", chinese[key]), key


def test_no_word_is_missing_and_none_is_idle() -> None:
    named = set(re.findall(r'data-word="([\w.]+)"', FILES["page.html"]))
    scripts = "\n".join(text for name, text in FILES.items() if name.endswith(".js"))
    used = named | set(re.findall(r'"([a-z]+\.[a-zA-Z.]+)"', scripts)) | BUILT
    known = WORDS["en"].keys()
    assert used - known == set()
    # A script puts together what an action is called, and what its button says.
    actions = {key for key in known - used if key.startswith("do.")}
    assert known - used == actions
    assert {key.split(".")[1] for key in actions} <= PERMISSIONS.keys()


def test_every_label_of_a_control_has_its_control() -> None:
    page = FILES["page.html"]
    assert set(re.findall(r'\bfor="([\w-]+)"', page)) <= set(re.findall(r'\bid="([\w-]+)"', page))
    for control in re.findall(r"<(?:input|select|textarea) id=\"([\w-]+)\"", page):
        assert f'for="{control}"' in page


def test_every_document_of_it_fits_the_schema() -> None:
    schema = from_sdl(build_schema().as_str())
    documents = re.findall(r"`([^`]+)`", FILES["documents.js"].split("*/", 1)[1])
    assert len(documents) >= FILES["documents.js"].count("mutation (")
    kinds = set()
    for text in documents:
        document = parse(text)
        assert validate(schema, document) == [], text
        kinds |= {
            node.operation.value
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        }
    assert kinds == {"query", "mutation", "subscription"}

"""Logs: JSON, one object a line, without secrets and without what a person wrote."""

import json
import logging

import asyncpg
import pytest
import structlog

from app.logging import configure_logging
from app.settings import InvalidSettings, LogLevel


def logged(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    return dict(json.loads(line))


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogLevel.INFO)
    structlog.get_logger("app.x").info("started", port=8000, place="街道")
    line = logged(capsys)
    assert line.pop("timestamp")
    assert line == {
        "event": "started", "level": "info", "logger": "app.x", "port": 8000, "place": "街道",
    }  # fmt: skip


def test_libraries_log_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogLevel.INFO)
    logging.getLogger("some.library").warning("slow: %s", "x")
    assert logged(capsys)["event"] == "slow: x"


def test_less_than_the_level_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogLevel.WARNING)
    structlog.get_logger("app.x").info("started")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["token", "Authorization", "database_url", "variables"])
def test_values_under_telling_names_are_cut_out(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    configure_logging(LogLevel.INFO)
    structlog.get_logger("app.x").info("request", **{name: "geheim"}, nested={name: "geheim"})
    line = logged(capsys)
    assert line[name] == "[cut]"
    assert line["nested"] == {name: "[cut]"}


def test_a_foreign_exceptions_message_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogLevel.INFO)
    try:
        raise asyncpg.UniqueViolationError("Key (name)=(Zhang San) already exists")
    except asyncpg.UniqueViolationError:
        structlog.get_logger("app.x").exception("failed")
    line = logged(capsys)
    assert "Zhang" not in json.dumps(line, ensure_ascii=False)
    exception = line["exception"]
    assert isinstance(exception, dict)
    assert exception["type"] == "asyncpg.exceptions.UniqueViolationError"
    assert exception["sqlstate"] == "23505"
    assert exception["frames"][0].startswith("test_logging.py:")


def test_our_own_exceptions_are_quoted_with_their_cause(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(LogLevel.INFO)
    try:
        try:
            raise ValueError("Zhang San")
        except ValueError as error:
            raise InvalidSettings(["WARDBOOK_PORT: must be 1-65535"]) from error
    except InvalidSettings:
        logging.getLogger("app.y").exception("failed")
    exception = logged(capsys)["exception"]
    assert isinstance(exception, dict)
    assert exception["message"] == "WARDBOOK_PORT: must be 1-65535"
    assert exception["cause"]["type"] == "builtins.ValueError"
    assert "message" not in exception["cause"]

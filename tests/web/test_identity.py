"""Tokens: only what the local issuer signed, for a known role, in time, speaks for anybody."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from app.identity import (
    LEEWAY_SECONDS,
    ExpiredToken,
    InvalidToken,
    TokenKeysUnusable,
    Tokens,
    issue_token,
)
from domain.identity import ANONYMOUS, THE_SERVICE, ActorKind, Caller, Role

SECRET = b"k" * 32
NOW = 1_800_000_000
HOUR = timedelta(hours=1)
OFFICER = Caller("li.na", ActorKind.PERSON, frozenset({Role.OFFICER}), "U1", "P7")

HEADER = {"alg": "HS256", "typ": "at+jwt", "kid": "one"}
CLAIMS = {
    "iss": "wardbook",
    "aud": "wardbook",
    "sub": "li.na",
    "iat": NOW,
    "exp": NOW + 3600,
    "kind": "PERSON",
    "roles": ["OFFICER"],
}


def tokens_at(now: float, keys: list[tuple[str, bytes]] | None = None) -> Tokens:
    return Tokens(keys or [("one", SECRET)], clock=lambda: now)


def signed(header: dict[str, Any], claims: dict[str, Any], secret: bytes = SECRET) -> str:
    return jwt.encode(
        {**HEADER, **header},
        {**CLAIMS, **claims},
        OctKey.import_key(secret),
        algorithms=["HS256", "HS512", "none"],
        default_type=None,
    )


def unsigned(header: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in ({**HEADER, **header}, CLAIMS)]
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def test_a_token_speaks_for_the_caller_it_was_issued_for() -> None:
    identity = tokens_at(NOW).verify(tokens_at(NOW).issue(OFFICER, HOUR))
    assert identity.caller == OFFICER
    assert identity.expires_at == NOW + 3600


def test_a_token_issued_by_hand_in_the_same_form_is_accepted() -> None:
    assert tokens_at(NOW).verify(signed({}, {})).caller.principal == "li.na"


@pytest.mark.parametrize("late", [LEEWAY_SECONDS, LEEWAY_SECONDS + 1, 10_000_000])
def test_an_expired_token_is_named_as_such(late: int) -> None:
    token = tokens_at(NOW).issue(OFFICER, HOUR)
    with pytest.raises(ExpiredToken):
        tokens_at(NOW + 3600 + late).verify(token)


def test_a_clock_a_moment_behind_does_not_matter() -> None:
    token = tokens_at(NOW).issue(OFFICER, HOUR)
    assert tokens_at(NOW + 3600 + LEEWAY_SECONDS - 1).verify(token).caller == OFFICER
    assert tokens_at(NOW - LEEWAY_SECONDS).verify(token).caller == OFFICER


@pytest.mark.parametrize(
    "forge",
    [
        lambda: unsigned({"alg": "none"}),
        lambda: unsigned({"alg": "HS256"}),
        lambda: signed({"alg": "HS512"}, {}),
        lambda: signed({}, {}, b"another secret of thirty-two byte"),
        lambda: signed({"typ": "JWT"}, {}),
        lambda: signed({"kid": "two"}, {}),
        lambda: signed({}, {"iss": "elsewhere"}),
        lambda: signed({}, {"aud": "elsewhere"}),
        lambda: signed({}, {"aud": ["wardbook", "elsewhere"]}),
        lambda: signed({}, {"iat": NOW + 600}),
        lambda: signed({}, {"exp": None}),
        lambda: signed({}, {"exp": "2030"}),
        lambda: signed({}, {"roles": ["EMPEROR"]}),
        lambda: signed({}, {"roles": []}),
        lambda: signed({}, {"roles": ["SERVICE"]}),
        lambda: signed({}, {"roles": ["OFFICER", "SERVICE"]}),
        lambda: signed({}, {"sub": THE_SERVICE.principal}),
        lambda: signed({}, {"roles": "OFFICER"}),
        lambda: signed({}, {"kind": "ANONYMOUS"}),
        lambda: signed({}, {"sub": ""}),
        lambda: signed({}, {"sub": ANONYMOUS.principal}),
        lambda: signed({}, {"sub": "two\nlines"}),
        lambda: signed({}, {"sub": "x" * 201}),
        lambda: signed({}, {"note": "x" * 8000}),
        lambda: signed({}, {}) + "x",
        lambda: signed({}, {})[:-20],
        lambda: "",
        lambda: "a.b.c",
        lambda: "令牌",
        lambda: "." * 5000,
    ],
)
def test_anything_else_is_invalid(forge: Callable[[], str]) -> None:
    with pytest.raises(InvalidToken) as refused:
        tokens_at(NOW).verify(forge())
    assert refused.type is InvalidToken


@given(st.text(max_size=300))
def test_no_text_makes_verification_fail_in_another_way(text: str) -> None:
    with pytest.raises(InvalidToken):
        tokens_at(NOW).verify(text)


@given(st.integers(0, 10_000), st.characters(codec="ascii"))
def test_no_changed_character_leaves_a_token_valid(place: int, character: str) -> None:
    token = tokens_at(NOW).issue(OFFICER, HOUR)
    place %= len(token) - 1  # the last character has bits that base64 ignores
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(InvalidToken):
            tokens_at(NOW).verify(changed)


def test_a_token_is_issued_only_for_a_name_that_can_be_verified() -> None:
    for name in ("", "two\nlines", ANONYMOUS.principal, THE_SERVICE.principal, "x" * 201):
        with pytest.raises(ValueError, match="principal"):
            tokens_at(NOW).issue(replace(OFFICER, principal=name), HOUR)


def test_nobody_is_given_the_role_of_the_service() -> None:
    with pytest.raises(ValueError, match="SERVICE"):
        tokens_at(NOW).issue(replace(OFFICER, roles=frozenset(Role)), HOUR)


def test_a_new_key_signs_while_the_old_one_still_verifies() -> None:
    old = tokens_at(NOW).issue(OFFICER, HOUR)
    both = tokens_at(NOW, [("two", b"n" * 32), ("one", SECRET)])
    assert both.verify(old).caller == OFFICER
    with pytest.raises(InvalidToken):
        tokens_at(NOW).verify(both.issue(OFFICER, HOUR))


def test_the_key_file_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "token-keys.json"
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: Tokens.open(path), range(8)))
    assert path.stat().st_mode & 0o777 == 0o600
    assert opened[0].verify(opened[7].issue(OFFICER, HOUR)).caller == OFFICER
    assert [file.name for file in path.parent.iterdir()] == ["token-keys.json"]


def test_the_running_service_accepts_a_token_issued_beside_it(tmp_path: Path) -> None:
    service = Tokens.open(tmp_path / "token-keys.json")
    assert service.verify(issue_token(tmp_path, OFFICER, HOUR)).caller == OFFICER


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b'{"keys": []}', b'{"keys": [{"kid": "a", "k": "c2hvcnQ"}]}', b"\xff"],
)
def test_a_key_file_that_is_not_one_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "token-keys.json"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(TokenKeysUnusable):
        Tokens.open(path)


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "token-keys.json"
    Tokens.open(path)
    path.chmod(0o640)
    with pytest.raises(TokenKeysUnusable, match="chmod 600"):
        Tokens.open(path)

"""Who asks: a valid token, nobody in particular, or 401. Never a bad token made anonymous."""

from datetime import timedelta

import httpx
import pytest

from app.identity import LEEWAY_SECONDS
from tests.api.transport.conftest import Service

EXPIRED = timedelta(seconds=-60 - LEEWAY_SECONDS)


async def test_a_token_speaks_for_its_caller(service: Service) -> None:
    for name in ("Authorization", "authorization"):
        response = await service.post("{ who }", headers={name: service.bearer()})
        assert response.json() == {"data": {"who": "li.na"}}


async def test_without_a_token_the_caller_is_anonymous(service: Service) -> None:
    assert (await service.post("{ who }")).json() == {"data": {"who": "anonymous"}}


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer x", "Bearer a.b.c", "Basic bGk6bmE=", "x", "", "Bearer \xe9"],
)
async def test_an_invalid_token_is_401(service: Service, authorization: str) -> None:
    response = await service.post(
        "{ who }", headers={"Authorization": authorization.encode("latin-1")}
    )
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID_TOKEN"


async def test_an_expired_token_is_401_and_says_so(service: Service) -> None:
    response = await service.post(
        "{ who }", headers={"Authorization": service.bearer(lifetime=EXPIRED)}
    )
    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"]["code"] == "EXPIRED_TOKEN"


async def test_two_tokens_are_none(service: Service) -> None:
    request = service.client.build_request("POST", "/graphql", json={"query": "{ who }"})
    twice = [("Authorization", service.bearer()), ("Authorization", service.bearer())]
    request.headers = httpx.Headers([*request.headers.multi_items(), *twice])
    assert (await service.client.send(request)).status_code == 401


async def test_a_bad_token_is_refused_before_the_body_is_looked_at(service: Service) -> None:
    response = await service.client.post(
        "/graphql", content=b"nonsense", headers={"Authorization": "Bearer x"}
    )
    assert response.status_code == 401


async def test_tokens_and_variables_are_not_logged(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    bearer = service.bearer()
    await service.post(
        "query Mine($n: String) { hello(name: $n) }",
        variables={"n": "a private matter"},
        headers={"Authorization": bearer},
    )
    logged = "".join(capsys.readouterr())
    assert "/graphql" in logged
    for private in (bearer.split()[1], "a private matter", "li.na", "hello", "127.0.0.1"):
        assert private not in logged

"""The service with an OIDC issuer: its tokens count, and the local issuer's no longer do."""

import httpx

from tests.api.transport.conftest import Serve, Service, connected, subscribed
from tests.oidc.issuer import issuing


def code(response: httpx.Response) -> str:
    found: str = response.json()["errors"][0]["extensions"]["code"]
    return found


async def ask(service: Service, token: str) -> httpx.Response:
    return await service.post("{ who }", headers={"Authorization": f"Bearer {token}"})


async def test_the_issuers_tokens_count_and_the_local_ones_do_not(serving: Serve) -> None:
    async with issuing() as issuer, serving(oidc_issuers=[issuer.settings()]) as service:
        assert (await ask(service, issuer.token())).json() == {"data": {"who": "p-0417"}}
        local = await service.post("{ who }", headers={"Authorization": service.bearer()})
        assert (local.status_code, code(local)) == (401, "INVALID_TOKEN")
        assert (await service.post("{ who }")).json() == {"data": {"who": "anonymous"}}
        async with subscribed(service, f"Bearer {issuer.token()}") as socket:
            await socket.subscribe("1", "{ who }")
            assert (await socket.receive())["payload"] == {"data": {"who": "p-0417"}}


async def test_an_issuer_that_is_down_stops_nothing_but_its_tokens(serving: Serve) -> None:
    async with issuing() as issuer, serving(oidc_issuers=[issuer.settings()]) as service:
        issuer.status = "500 Broken"
        response = await ask(service, issuer.token())
        assert (response.status_code, code(response)) == (503, "ISSUER_UNAVAILABLE")
        assert response.headers["Retry-After"] == "30"
        assert (await service.post("{ who }")).json() == {"data": {"who": "anonymous"}}
        async with connected(service) as socket:
            payload = {"Authorization": f"Bearer {issuer.token()}"}
            await socket.send(type="connection_init", payload=payload)
            closed, reason = await socket.closed()
        assert closed == 1013
        assert str(reason).startswith("ISSUER_UNAVAILABLE")

"""For those who run the service: health, readiness, metrics, headers, origins, the explorer."""

from datetime import timedelta

import pytest

from tests.api.transport.conftest import Serve, Service, subscribed
from tests.api.transport.pages import Links, outside_addresses

ORIGIN = "https://portal.example.org"


async def test_the_process_is_alive_whatever_the_database_does(serving: Serve) -> None:
    async with serving() as service:
        service.conditions.failure = OSError("no route to 10.0.0.7")
        response = await service.client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_it_is_ready_when_nothing_is_wrong(service: Service) -> None:
    response = await service.client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


async def test_it_is_not_ready_while_there_are_problems(serving: Serve) -> None:
    async with serving() as service:
        service.conditions.found.append("0003_case_views is not applied")
        response = await service.client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["problems"] == ["0003_case_views is not applied"]
        service.conditions.failure = OSError("no route to 10.0.0.7")
        response = await service.client.get("/readyz")
        assert response.status_code == 503
        assert "10.0.0.7" not in response.text


async def test_it_is_not_ready_once_it_stops(serving: Serve) -> None:
    async with serving() as service:
        service.application.state.streams.stopping.set()
        assert (await service.client.get("/readyz")).status_code == 503


async def test_metrics_count_requests_operations_and_refusals(serving: Serve) -> None:
    async with serving() as service:
        await service.post("{ hello }")
        await service.post("{ breaks }")
        await service.post("{", headers={"Accept": "application/graphql-response+json"})
        await service.client.get("/some/private/path")
        async with subscribed(service) as socket:
            await socket.subscribe("a", "subscription { count(to: 3) }")
            await socket.receive()
            await socket.subscribe("b", "{ nothing }")
            while (await socket.receive())["id"] != "b":
                pass
            text = (await service.client.get("/metrics")).text
    for line in (
        'wardbook_http_requests_total{method="POST",route="/graphql",status="200"} 2.0',
        'wardbook_http_requests_total{method="POST",route="/graphql",status="400"} 1.0',
        'wardbook_http_requests_total{method="GET",route="other",status="404"} 1.0',
        'wardbook_graphql_operations_total{outcome="ok",type="query"} 1.0',
        'wardbook_graphql_operations_total{outcome="errors",type="query"} 1.0',
        'wardbook_refused_requests_total{code="SYNTAX_ERROR"} 1.0',
        'wardbook_refused_requests_total{code="VALIDATION_FAILED"} 1.0',
        "wardbook_open_streams 1.0",
        "wardbook_journal_position 7.0",
        'wardbook_follower_lag{view="totals"} 3.0',
        "wardbook_due_timers 2.0",
        "wardbook_timers_acted 5.0",
        "wardbook_timer_failures 1.0",
    ):
        assert line in text.splitlines()
    assert "private" not in text
    (waited,) = [line for line in text.splitlines() if line.startswith("wardbook_due_timer_sec")]
    assert float(waited.split()[1]) > timedelta(days=365).total_seconds()


async def test_metrics_of_the_process_come_without_a_database(serving: Serve) -> None:
    async with serving() as service:
        service.conditions.failure = OSError()
        response = await service.client.get("/metrics")
    assert response.status_code == 200
    assert "process_cpu_seconds_total" in response.text


@pytest.mark.parametrize("path", ["/nothing", "/static/../application.py", "/graphql/x"])
async def test_what_is_not_there_is_404_with_a_code(service: Service, path: str) -> None:
    response = await service.client.get(path)
    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "NO_SUCH_PAGE"


async def test_pages_are_only_read(service: Service) -> None:
    response = await service.client.post("/")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}
    assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


async def test_another_origin_is_answered_only_where_a_setting_says_so(
    service: Service, serving: Serve
) -> None:
    preflight = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,authorization",
    }
    closed = await service.client.options("/graphql", headers=preflight)
    assert "Access-Control-Allow-Origin" not in closed.headers
    async with serving(cors_origins=(ORIGIN,)) as open_service:
        allowed = await open_service.client.options("/graphql", headers=preflight)
        assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Access-Control-Allow-Credentials" not in allowed.headers
        answer = await open_service.post("{ hello }", headers={"Origin": ORIGIN})
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        other = await open_service.client.options(
            "/graphql", headers={**preflight, "Origin": "https://elsewhere.example.org"}
        )
        assert "Access-Control-Allow-Origin" not in other.headers


async def test_the_explorer_needs_nothing_from_elsewhere(service: Service) -> None:
    page = await service.client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    links = Links()
    links.feed(page.text)
    assert links.inline == 0
    loaded = [link for link in links.found if not link.startswith("#")]
    assert loaded
    for link in loaded:
        assert link.startswith("/static/")
        file = await service.client.get(link)
        assert file.status_code == 200
        assert outside_addresses(file.text) == []

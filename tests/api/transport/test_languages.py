"""Words in the language asked for, over every transport; codes are the same in each."""

from typing import Any

import httpx
import pytest

from app.web.negotiation import MediaType
from tests.api.transport.conftest import Service, connected

CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
SSE = {"Accept": "text/event-stream"}


def error(response: httpx.Response) -> tuple[str, str]:
    found = response.json()["errors"][0]
    return found["extensions"]["code"], found["message"]


async def test_an_answer_says_its_language(service: Service) -> None:
    for headers, tag in (({}, "en"), (CHINESE, "zh-Hans"), ({"Accept-Language": "fr"}, "en")):
        response = await service.post("{ hello }", headers=headers)
        assert response.headers["Content-Language"] == tag
        assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("{ hello", "SYNTAX_ERROR", "查询语法有误：Syntax Error: Expected Name, found <EOF>."),
        ("{ nothing }", "VALIDATION_FAILED", "查询不符合接口定义：Cannot query field"),
        ("query A { hello } query B { hello }", "NO_SUCH_OPERATION", "有多个操作，请写明"),
        ("query Q($n: Int!) { number(value: $n) }", "INVALID_VARIABLES", "变量无效：Variable"),
        ("{ breaks }", "INTERNAL_ERROR", "我方发生意外错误。请提供错误编号 "),
        ("subscription { waits }", "SUBSCRIPTION_NEEDS_STREAM", "请通过 text/event-stream"),
    ],
)
async def test_errors_in_chinese_have_the_same_codes(
    service: Service, query: str, code: str, message: str
) -> None:
    english = error(await service.post(query))
    chinese = error(await service.post(query, headers=CHINESE))
    assert english[0] == chinese[0] == code
    assert chinese[1].startswith(message)
    assert english[1] != chinese[1]


async def test_what_is_refused_before_the_document_is_read(service: Service) -> None:
    ask = service.client.request
    answers = [
        await ask("PUT", "/graphql", headers=CHINESE),
        await ask("POST", "/graphql", headers=CHINESE | {"Accept": "image/png"}),
        await ask("POST", "/graphql", headers=CHINESE, json=[1]),
        await ask("POST", "/graphql", headers=CHINESE | {"Authorization": "Bearer x"}),
        await ask("GET", "/nowhere", headers=CHINESE),
        await ask("POST", "/healthz", headers=CHINESE),
    ]
    assert [error(answer) for answer in answers] == [
        ("METHOD_NOT_ALLOWED", "请使用 POST；查询也可使用 GET。"),
        (
            "NOT_ACCEPTABLE",
            f"请接受以下格式之一：{', '.join(MediaType)}。",
        ),
        ("BATCHING_NOT_SUPPORTED", "请每次发送一个操作，而不是列表。"),
        ("INVALID_TOKEN", "访问令牌对本服务无效。"),
        ("NO_SUCH_PAGE", "此处没有内容；接口地址是 /graphql。"),
        ("METHOD_NOT_ALLOWED", "请使用 GET。"),
    ]
    assert {answer.headers["Content-Language"] for answer in answers} == {"zh-Hans"}


async def test_event_streams_are_in_the_language_asked_for(service: Service) -> None:
    query = "subscription { breaks }"
    response = await service.post(query, headers=CHINESE | SSE)
    assert response.headers["Content-Language"] == "zh-Hans"
    assert "我方发生意外错误" in response.text


@pytest.mark.parametrize(
    ("opening", "payload", "words"),
    [
        ({}, {}, "The document has no such operation."),
        (CHINESE, {}, "文档中没有这个操作。"),
        ({}, {"Accept-Language": "zh"}, "文档中没有这个操作。"),
        ({}, {"accept-language": "zh-Hans"}, "文档中没有这个操作。"),
        (CHINESE, {"Accept-Language": "en"}, "The document has no such operation."),
        (CHINESE, {"Accept-Language": 7}, "文档中没有这个操作。"),
    ],
)
async def test_a_websocket_asks_by_its_payload_or_else_by_its_opening(
    service: Service, opening: dict[str, str], payload: dict[str, Any], words: str
) -> None:
    async with connected(service, additional_headers=opening) as socket:
        await socket.send(type="connection_init", payload=payload)
        assert await socket.receive() == {"type": "connection_ack"}
        await socket.subscribe("1", "query A { hello }", operationName="B")
        [refused] = (await socket.receive())["payload"]
        assert (refused["extensions"]["code"], refused["message"]) == ("NO_SUCH_OPERATION", words)


async def test_a_websocket_is_closed_in_the_language_asked_for(service: Service) -> None:
    async with connected(service) as socket:
        payload = {"Authorization": "Bearer x", "Accept-Language": "zh"}
        await socket.send(type="connection_init", payload=payload)
        assert await socket.closed() == (4403, "INVALID_TOKEN: 访问令牌对本服务无效。")

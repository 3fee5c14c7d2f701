"""The page of residents in a browser: what a person does with it, from the request to its end."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from app.runtime import Runtime
from domain.identity import ActorKind, Caller, Role
from schema.build import build_schema
from tests.api.schema.limits import limit_time
from tests.api.transport.browser import CHROMIUM, Page, browsing
from tests.api.transport.conftest import Service, serve
from tests.domain.people import DISPATCHER, OFFICER

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")

REGISTRAR: Final = Caller("zhou.li", ActorKind.PERSON, frozenset({Role.REGISTRAR}))
AUDITOR: Final = Caller("sun.qi", ActorKind.PERSON, frozenset({Role.AUDITOR}))
OPENED: Final = "document.querySelector('#live.on')"
TELEPHONE: Final = (390, 844)


@pytest.fixture
async def ours(running: Runtime, tmp_path: Path) -> AsyncIterator[Service]:
    limits = {"tracking_attempts_per_minute": 3, "anonymous_registrations_per_minute": 3}
    async with serve(tmp_path, schema=build_schema(), services=running, **limits) as service:
        yield service


async def give(
    service: Service, command: str, case_id: str, by: Caller = REGISTRAR, **given: object
) -> None:
    """A command by a registrar, or somebody else."""
    kind = command[0].upper() + command[1:]
    query = f"mutation ($input: {kind}Input!) {{ {command}(input: $input) {{ __typename }} }}"
    given |= {"commandId": str(uuid4()), "caseId": case_id}
    headers = {"Authorization": service.bearer(by)}
    answer = await service.post(query, variables={"input": given}, headers=headers)
    assert answer.json()["data"][command]["__typename"] == "CaseChanged"


async def cases(service: Service) -> int:
    headers = {"Authorization": service.bearer(AUDITOR)}
    answer = await service.post("{ cases(first: 1) { totalCount } }", headers=headers)
    return int(answer.json()["data"]["cases"]["totalCount"])


async def brought(page: Page, service: Service) -> tuple[str, str]:
    """A request sent by the form, with two clicks: its number and code."""
    await page.go(f"{service.url}/resident")
    await page.until("document.querySelector('[aria-current=page]')")
    await page.fill("#file-title", "Lamp out")
    await page.fill("#file-contact", "555 0199")
    await page.click("#file [type=submit]")
    await page.click("#file [type=submit]")
    await page.until("!document.querySelector('#receipt').hidden")
    return await page.text("#receipt-number"), await page.text("#receipt-code")


async def send(page: Page, control: str) -> None:
    """Send the form that a control belongs to."""
    await page.run(f"document.querySelector('{control}').form.requestSubmit()")


async def shows(page: Page, selector: str, text: str) -> None:
    await page.until(f"document.querySelector('{selector}')?.innerText.includes('{text}')")


async def opened(page: Page, what: str) -> str:
    """What the tab knows of the case that is open in it."""
    return str(await page.run(f"JSON.parse(sessionStorage['wardbook.tracking']).{what}"))


async def kept(page: Page) -> Any:
    """All that the browser keeps of the page: its address and its stores."""
    return await page.run("JSON.stringify([location.href, {...localStorage}, document.cookie])")


async def test_somebody_brings_a_request_and_follows_it(ours: Service, tmp_path: Path) -> None:
    async with browsing(tmp_path / "profile", size=TELEPHONE) as page:
        number, code = await brought(page, ours)
        assert await cases(ours) == 1
        await page.click("#receipt-follow")
        await page.until(OPENED)
        await page.fill("#do-addNote-text", "It is the second lamp")
        await send(page, "#do-addNote-text")
        await shows(page, "#timeline", "It is the second lamp")
        await give(ours, "acceptCase", await opened(page, "caseId"))
        await shows(page, "#case", "We take it on")
        await page.run("document.querySelector('[name=sure]').checked = true")
        await send(page, "[name=sure]")
        await shows(page, "#case", "You took it back")
        await page.until("!document.querySelector('[name=sure]')")
        token = await opened(page, "token")
        for secret in (token, code, code.replace("-", "")):
            assert secret not in await kept(page)
            assert not any(secret in url for url in page.requested)
        await page.click("#leave")
        assert token not in await page.run("JSON.stringify({...sessionStorage})")
        assert number not in await page.run("document.body.innerText")
        assert await page.run("document.documentElement.scrollWidth <= innerWidth")
        assert page.complaints == []
        assert all(url.startswith((ours.url, "blob:")) for url in page.requested)


async def test_the_switch_changes_every_word(ours: Service, tmp_path: Path) -> None:
    async with browsing(tmp_path / "profile", language="zh-CN") as page:
        await brought(page, ours)
        await page.click("#receipt-follow")
        await page.until(OPENED)
        await shows(page, "#case", "已登记")
        await page.fill("#do-addNote-text", "half written")
        await page.click("#language")
        await shows(page, "#case", "Registered")
        assert await page.run("document.documentElement.lang") == "en"
        assert await page.run("document.querySelector('#do-addNote-text').value") == "half written"
        words = "[...document.querySelectorAll('[data-word]')].map(({innerText}) => innerText)"
        left = await page.run(f"{words}.filter((text) => /[\\u4e00-\\u9fff]/.test(text))")
        assert left == ["中文"]


async def test_what_goes_wrong_is_said_in_words(ours: Service, tmp_path: Path) -> None:
    async with browsing(tmp_path / "profile") as page:
        number, _ = await brought(page, ours)
        await page.click("nav [data-view=follow]")
        await page.fill("#open-number", number)
        await page.fill("#open-code", "1234")
        await send(page, "#open-code")
        await shows(page, "#open .wrong", "not a whole tracking code")
        assert await page.run("document.activeElement.id") == "open-code"
        await page.fill("#open-code", "0000-0000-0000-0000-0")
        for _ in range(3):
            await page.until("!document.querySelector('#open [type=submit]').disabled")
            await send(page, "#open-code")
        await shows(page, "#open .notice", "Too much was asked")
        offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        await page.call("Network.emulateNetworkConditions", offline=True, **offline)
        await page.until("!document.querySelector('#offline').hidden")
        await send(page, "#open-code")
        await shows(page, "#open .notice", "You are offline")


async def test_a_code_given_anew_closes_the_case_that_is_open(
    ours: Service, tmp_path: Path
) -> None:
    async with browsing(tmp_path / "profile", size=TELEPHONE) as page:
        await brought(page, ours)
        await page.click("#receipt-follow")
        await page.until(OPENED)
        await give(ours, "reissueTrackingCode", await opened(page, "caseId"))
        await page.until("!document.querySelector('#follow-closed').hidden")
        await shows(page, "#open .notice", "Open it again")
        assert await page.run("sessionStorage['wardbook.tracking']") == "null"


async def test_a_rejection_says_why_and_what_else_can_be_done(
    ours: Service, tmp_path: Path
) -> None:
    async with browsing(tmp_path / "profile") as page:
        await brought(page, ours)
        await page.click("#receipt-follow")
        await page.until(OPENED)
        words: dict[str, Any] = {"legalBasis": "Regulation 12", "remedy": "Ask the court"}
        await give(ours, "rejectCase", await opened(page, "caseId"), **words)
        for said in words.values():
            await shows(page, "#timeline", said)
        assert await page.text(".way [aria-current]") == "Rejected\n: now"
        await page.until("document.querySelector('#do-fileAppeal-ground')")
        assert await page.run("document.querySelector('#do-urgeCase-text')") is None


async def test_a_case_that_rests_says_why_and_until_when(
    ours: Service, running: Runtime, tmp_path: Path
) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    await limit_time(running.commands, datetime.now(UTC) - timedelta(days=1))
    async with browsing(tmp_path / "profile") as page:
        await brought(page, ours)
        await page.click("#receipt-follow")
        await page.until(OPENED)
        case_id = await opened(page, "caseId")
        await give(ours, "acceptCase", case_id)
        await give(ours, "dispatchCase", case_id, DISPATCHER, leadUnit="light")
        await give(ours, "signForCase", case_id, OFFICER)
        await give(
            ours,
            "requestSuspension",
            case_id,
            OFFICER,
            suspensionReason="SOIL",
            expectedResume=tomorrow,
            ground="Frozen",
        )
        await give(ours, "approveSuspension", case_id, DISPATCHER)
        await shows(page, "#timeline", "soil")
        await shows(page, "#timeline", "Expected to go on by")
        await give(ours, "resumeCase", case_id, DISPATCHER)
        await shows(page, "#timeline", "To be done by")
        assert "Frozen" not in await page.text("#timeline")


async def test_a_photo_is_handed_in_and_shown(ours: Service, tmp_path: Path) -> None:
    async with browsing(tmp_path / "profile", language="zh-CN", size=TELEPHONE) as page:
        await brought(page, ours)
        await page.click("#receipt-follow")
        await page.until(OPENED)
        await page.run(
            """(async () => {
            const canvas = document.createElement("canvas");
            canvas.getContext("2d").fillRect(0, 0, 40, 40);
            const photo = await new Promise((done) => canvas.toBlob(done, "image/png"));
            const chosen = new DataTransfer();
            chosen.items.add(new File([photo], "灯.png", { type: "image/png" }));
            document.querySelector("#do-file").files = chosen.files;
            })()"""
        )
        await page.fill("#do-label", "不亮的“路灯”")
        await send(page, "#do-file")
        await page.until("document.querySelector('.frame img')?.naturalWidth")
        assert await page.run("document.querySelector('.frame img').alt") == "不亮的“路灯”"
        assert page.complaints == []

"""Debian's Chromium without a screen, driven over the DevTools protocol."""

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect

CHROMIUM: Final = shutil.which("chromium")
PATIENCE: Final = 60.0
"""Seconds for anything that a page is waited for: two slow cores are shared by many."""

MOST_BYTES: Final = 64 * 1024 * 1024
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--proxy-server=direct://",
    "--remote-debugging-port=0",
)


class Page:
    """One tab."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._session: str | None = None
        self._last = 0
        self.complaints: list[str] = []
        """What the page wrote to the console as an error, policy violations among it."""
        self.requested: list[str] = []

    async def open(self, width: int, height: int, language: str) -> None:
        """A tab of this size, for a reader of this language."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.call(f"{domain}.enable")
        await self.call(
            "Emulation.setUserAgentOverride",
            userAgent=str(await self.run("navigator.userAgent")),
            acceptLanguage=language,
        )
        await self.resize(width, height)

    async def resize(self, width: int, height: int) -> None:
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    async def call(self, method: str, **parameters: Any) -> Any:
        """One command of the protocol and its result; events that come before it are kept."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        await self._connection.send(json.dumps(message))
        while True:
            answer = json.loads(await asyncio.wait_for(self._connection.recv(), PATIENCE))
            if answer.get("id") == self._last:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer.get("method"), answer.get("params"))

    def _note(self, event: str | None, said: Any) -> None:
        if event == "Log.entryAdded" and said["entry"]["level"] == "error":
            self.complaints.append(said["entry"]["text"])
        elif event == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(said["exceptionDetails"])[:500])
        elif event == "Network.requestWillBeSent":
            self.requested.append(said["request"]["url"])

    async def go(self, url: str) -> None:
        await self.call("Page.navigate", url=url)

    async def run(self, script: str) -> Any:
        """The value of an expression; promises are awaited."""
        result = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until an expression of the page is true."""
        async with asyncio.timeout(PATIENCE):
            while not await self.run(f"Boolean({condition})"):  # noqa: ASYNC110 - in the page
                await asyncio.sleep(0.05)

    async def fill(self, selector: str, text: str) -> None:
        """Type into a control, as far as the page can tell."""
        await self.run(
            f"""(() => {{ const control = document.querySelector({json.dumps(selector)});
            control.value = {json.dumps(text)};
            for (const name of ["input", "change"])
                control.dispatchEvent(new Event(name, {{ bubbles: true }}));
            }})()"""
        )

    async def click(self, selector: str) -> None:
        await self.run(f"document.querySelector({json.dumps(selector)}).click()")

    async def text(self, selector: str) -> str:
        """What stands there."""
        query = f"document.querySelector({json.dumps(selector)})"
        return str(await self.run(f"{query}.innerText ?? {query}.value"))

    async def picture(self, file: Path) -> None:
        """The whole page as a PNG."""
        shot = await self.call("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))  # noqa: ASYNC240 - a small file


@asynccontextmanager
async def browsing(
    profile: Path, *, size: tuple[int, int] = (1280, 900), language: str = "en"
) -> AsyncIterator[Page]:
    """A browser with one tab, until the block ends.

    profile: a folder of its own. size: width and height in pixels.
    """
    assert CHROMIUM is not None
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *FLAGS,
        f"--user-data-dir={profile}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        address = await _address(process)
        async with connect(address, proxy=None, max_size=MOST_BYTES) as connection:
            page = Page(connection)
            await page.open(*size, language)
            yield page
    finally:
        process.terminate()
        await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        async for line in process.stderr:
            if line.startswith(b"DevTools listening on "):
                return line.decode().split()[-1]
    message = "the browser ended"
    raise AssertionError(message)

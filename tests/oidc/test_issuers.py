"""The setting: which issuers, by safe addresses, and no person mistaken for another."""

import pytest

from app.oidc.issuers import Issuer, parse_issuers, place_of
from app.settings import InvalidSettings, load_settings


def test_pairs_are_written_with_commas() -> None:
    assert parse_issuers("https://id.example.org=wardbook,") == (
        Issuer("https://id.example.org", "wardbook"),
    )


def test_json_says_more() -> None:
    text = """[
        {"issuer": "https://a.example", "audience": "w", "types": ["JWT"]},
        {"issuer": "https://b.example", "audience": "w", "jwks_url": "https://b.example/k?v=1",
         "name": "street"}
    ]"""
    first, second = parse_issuers(text)
    assert first.types == ("JWT",)
    assert second.types == ("at+jwt",)
    assert second.jwks_url == "https://b.example/k?v=1"
    assert (first.principal("p"), second.principal("p")) == ("p", "street|p")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://id.example.org", "ISSUER=AUDIENCE"),
        ("https://id.example.org=", "audience"),
        ("http://id.example.org=w", "must be https"),
        ("ftp://127.0.0.1=w", "must be https"),
        ("https://user:pass@id.example.org=w", "must be addresses"),
        ("https://id.example.org:99999=w", "must be addresses"),
        ("https://id.example.org#x=w", "must be addresses"),
        ("https://id.example.org/a b=w", "without spaces"),
        ("=w", "must be addresses"),
        ("https://a.example=w,https://a.example=v", "every issuer once"),
        ("https://a.example=w,https://b.example=w", "a name of its own"),
        ('[{"issuer": "https://a.example"}]', "`audience`"),
        ('[{"issuer": "https://a.example", "audience": "w", "secret": "s"}]', "`secret`"),
        ('[{"issuer": "https://a.example", "audience": "w", "name": "a|b"}]', "names of"),
        ('[{"issuer": "https://a.example", "audience": "w", "types": [""]}]', "not empty"),
        ('[{"issuer": "https://a.example", "audience": "w", "jwks_url": "http://b/"}]', "https"),
    ],
)
def test_what_is_not_safe_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.setenv("WARDBOOK_OIDC_ISSUERS", text)
    with pytest.raises(InvalidSettings) as refused:
        load_settings()
    assert str(refused.value).startswith("WARDBOOK_OIDC_ISSUERS: must")
    assert words in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "[::1]", "localhost"])
def test_http_is_for_this_machine(host: str) -> None:
    assert not place_of(f"http://{host}:8080/realms/w").secure


def test_the_parts_of_an_address() -> None:
    place = place_of("https://id.example.org/keys?v=1")
    assert (place.host, place.port, place.target) == ("id.example.org", 443, "/keys?v=1")

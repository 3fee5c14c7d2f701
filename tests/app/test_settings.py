"""Settings: defaults that serve, bad values that are located, secrets that are never shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from app.settings import InvalidSettings, LogLevel, Settings, load_settings, unknown_names

ROOT = Path(__file__).parents[2]
TABLE_BEGINS = "| Setting | Default | What it is |\n| --- | --- | --- |"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"WARDBOOK_{name.upper()}", raising=False)


def test_the_defaults_are_valid_and_local() -> None:
    settings = load_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.data_dir == Path.cwd() / ".wardbook"
    assert settings.key_path.parent == settings.data_dir
    assert settings.log_level is LogLevel.INFO


def test_settings_cannot_change_afterwards() -> None:
    with pytest.raises(ValidationError):
        load_settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "x", 'WARDBOOK_PORT: must be 1-65535, got "x"'),
        ("PORT", "0", 'WARDBOOK_PORT: must be 1-65535, got "0"'),
        ("PORT", "70000", 'WARDBOOK_PORT: must be 1-65535, got "70000"'),
        (
            "MAX_TOKENS",
            "3",
            'WARDBOOK_MAX_TOKENS: must be a whole number of at least 100, got "3"',
        ),
        (
            "TIME_ZONE",
            "Mars/Base",
            'WARDBOOK_TIME_ZONE: must be an IANA time zone as Asia/Shanghai, got "Mars/Base"',
        ),
        ("DATABASE_URL", "mysql://a:geheim@b/c", "WARDBOOK_DATABASE_URL: must begin with"),
        ("DATABASE_URL", "postgresql://:geheim@b:x/c", "WARDBOOK_DATABASE_URL: must be"),
        ("DATABASE_URL", "postgresql://b/geheim", "WARDBOOK_DATABASE_URL: must name a user"),
        ("LOG_LEVEL", "loud", "WARDBOOK_LOG_LEVEL: input should be"),
        ("INTROSPECTION", "perhaps", "WARDBOOK_INTROSPECTION: input should be a valid boolean"),
        ("ADMINISTRATORS", " , ", "WARDBOOK_ADMINISTRATORS: "),
    ],
)
def test_a_bad_value_is_located_and_no_secret_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(f"WARDBOOK_{name}", value)
    with pytest.raises(InvalidSettings) as refused:
        load_settings()
    assert str(refused.value).startswith(message)
    assert "geheim" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_bad_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDBOOK_PORT", "x")
    monkeypatch.setenv("WARDBOOK_MAX_DEPTH", "y")
    with pytest.raises(InvalidSettings) as refused:
        load_settings()
    assert len(refused.value.problems) == 2


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDBOOK_ADMINISTRATORS", "li, wang")
    assert load_settings().administrators == ("li", "wang")


def test_an_empty_value_is_as_none_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDBOOK_DATABASE_URL", "")
    assert load_settings().database_url is None


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDBOOK_DATABASE_URL", "postgresql://a:geheim@b/c")
    settings = load_settings()
    assert "geheim" not in repr(settings)
    assert "geheim" not in settings.model_dump_json()


def test_a_misspelt_name_is_noticed() -> None:
    assert unknown_names({"WARDBOOK_PROT": "1", "WARDBOOK_PORT": "1", "PATH": ""}) == [
        "WARDBOOK_PROT"
    ]


@pytest.mark.contract
def test_the_readme_documents_every_setting(contract: Callable[[Path, str], None]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    before, _, rest = readme.partition(TABLE_BEGINS)
    assert rest, f"README.md has no line {TABLE_BEGINS}"
    _, _, after = rest.partition("\n\n")
    contract(Path("README.md"), f"{before}{TABLE_BEGINS}{settings_table()}\n\n{after}")


def settings_table() -> str:
    return "".join(
        f"\n| `WARDBOOK_{name.upper()}` | {default(info)} | {info.description} |"
        for name, info in Settings.model_fields.items()
    )


def default(info: FieldInfo) -> str:
    """The default as it would be written into the environment."""
    match info.default:
        case None | ():
            return ""
        case tuple() as names:
            return f"`{','.join(names)}`"
        case bool() as flag:
            return f"`{str(flag).lower()}`"
        case value:
            return f"`{value}`"

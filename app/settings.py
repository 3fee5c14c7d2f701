"""Every setting of the service, from the environment, as one frozen object.

A new setting is a field with a default and a description; README.md documents each (a test
compares). Names in the environment carry the prefix WARDBOOK_.
"""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.evidence.media_types import MEDIA_TYPES
from app.oidc.issuers import Issuer, parse_issuers

PREFIX: Final = "WARDBOOK_"
URL_SCHEMES: Final = frozenset({"postgresql", "postgres"})
ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
MOST_SHOWN: Final = 60
"""Characters of a bad value that a message repeats."""


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class InvalidSettings(Exception):
    """One line for each bad value, `WARDBOOK_NAME: what it must be, got "value"`."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


Names = Annotated[tuple[str, ...], NoDecode]
"""Written with commas between them."""


class Settings(BaseSettings):
    """What the environment says, checked; defaults serve a first look on one's own machine."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        validate_default=True,
    )

    data_dir: Path = Field(
        default=Path(".wardbook"),
        description="Folder of the embedded database, of its passwords and of all keys.",
    )
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address the service listens on."
    )
    port: int = Field(
        default=8000, ge=1, le=65535, description="Port the service listens on, 1-65535."
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL 15 or newer to use in place of the embedded one, as "
        "`postgresql://USER:PASSWORD@HOST:PORT/DATABASE`; see `wardbook migrate`.",
    )
    admin_database_url: SecretStr | None = Field(
        default=None,
        description="How `wardbook migrate` connects to that server: an account that may create "
        "roles. The service itself never uses it.",
    )
    key_file: Path | None = Field(
        default=None,
        description="File of the key that wraps all keys of cases; default: `key-encryption-key` "
        "in the data folder. Losing it loses every protected field.",
    )
    jurisdiction: str = Field(
        default="Wardbook",
        min_length=1,
        max_length=200,
        description="Whose journal this is. Written once, into the first entry.",
    )
    time_zone: str = Field(
        default="Asia/Shanghai",
        description="The jurisdiction's IANA time zone. Written once, into the first entry.",
    )
    administrators: Names = Field(
        default=("administrator",),
        min_length=1,
        description="Principals that set up the first posts, with commas between them. Written "
        "once, into the first entry.",
    )
    demo: bool = Field(
        default=True,
        description="Whether `wardbook serve` loads the demonstration district into an empty "
        "embedded database; 0 leaves it out. Into a database of your own it is never loaded.",
    )
    oidc_issuers: Annotated[tuple[Issuer, ...], NoDecode] = Field(
        default=(),
        description="OIDC issuers whose tokens are accepted, as `ISSUER=AUDIENCE` with commas "
        "between them, or as a JSON list of objects with issuer, audience, jwks_url, types and "
        "name; default: none, and `wardbook token` issues tokens itself.",
    )
    token_lifetime_hours: int = Field(
        default=12, ge=1, le=24 * 90, description="How long a token of `wardbook token` is valid."
    )
    log_level: LogLevel = Field(default=LogLevel.INFO, description="debug, info, warning or error.")
    cors_origins: Names = Field(
        default=(),
        description="Origins of browsers' pages that may call, with commas between them; "
        "default: the same origin only.",
    )
    evidence_dir: Path | None = Field(
        default=None,
        description="Folder of the evidence, sealed under the keys of its cases; default: "
        "`evidence` in the data folder. Processes that share a database share this folder too.",
    )
    evidence_media_types: Names = Field(
        default=("image/jpeg", "image/png", "image/webp", "application/pdf"),
        min_length=1,
        description="What is taken as evidence, with commas between them: of image/jpeg, "
        "image/png, image/webp, image/gif, application/pdf, image/heic and video/mp4; the last "
        "two can be seen only by those who may see originals.",
    )
    max_evidence_bytes: int = Field(
        default=20 * 1024 * 1024, ge=1024, description="Largest piece of evidence, in bytes."
    )
    introspection: bool = Field(
        default=True, description="Whether the GraphQL schema may be asked for; true or false."
    )
    max_body_bytes: int = Field(
        default=1_048_576, ge=1024, description="Largest body of a request, in bytes."
    )
    max_nesting: int = Field(
        default=64, ge=8, description="Deepest nesting of brackets in a request."
    )
    max_depth: int = Field(default=15, ge=3, description="Deepest GraphQL selection.")
    max_aliases: int = Field(default=30, ge=0, description="Most aliases in a GraphQL document.")
    max_tokens: int = Field(default=4000, ge=100, description="Most tokens in a GraphQL document.")
    max_definitions: int = Field(
        default=100, ge=1, description="Most operations and fragments in a GraphQL document."
    )
    max_repeats: int = Field(
        default=1000,
        ge=0,
        description="Most pairs of fields in a GraphQL document that ask for the same in one "
        "place, as fragments do.",
    )
    max_validation_errors: int = Field(
        default=10, ge=1, description="Most errors that are reported of one GraphQL document."
    )
    max_operations_per_connection: int = Field(
        default=20, ge=1, description="Most operations that run at once on one WebSocket."
    )
    max_streams: int = Field(
        default=1000, ge=1, description="Most WebSockets and event streams open at once."
    )
    max_streams_per_caller: int = Field(
        default=100,
        ge=1,
        description="Most of these of one caller: a person, or an address without a token or with "
        "that of a tracking code.",
    )
    keep_alive_seconds: int = Field(
        default=15, ge=1, description="Silence after which a stream is sent a sign of life."
    )
    client_timeout_seconds: int = Field(
        default=10,
        ge=1,
        description="How long a client may take to send the head of a request, or a body, to open "
        "a GraphQL WebSocket, to answer a ping or to read what it is sent.",
    )
    trusted_proxies: Names = Field(
        default=(),
        description="Addresses or networks of proxies whose X-Forwarded-For is believed, with "
        "commas between them; default: none.",
    )
    anonymous_registrations_per_minute: int = Field(
        default=10,
        ge=0,
        description="Cases that callers without a token may register per minute and address; "
        "0: none.",
    )
    tracking_attempts_per_minute: int = Field(
        default=10,
        ge=0,
        description="Tries to open a case by its tracking code, per minute and address; 0: none.",
    )
    resident_commands_per_minute: int = Field(
        default=20,
        ge=0,
        description="Commands of whoever opened a case by its tracking code, per minute and case; "
        "0: none.",
    )
    public_reads_per_minute: int = Field(
        default=120,
        ge=0,
        description="Reads of public cases without a token, per minute and address; 0: none.",
    )

    @field_validator(
        "administrators", "cors_origins", "trusted_proxies", "evidence_media_types", mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    @field_validator("oidc_issuers", mode="before")
    @classmethod
    def _issuers(cls, value: object) -> object:
        return parse_issuers(value) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin != "*" and not ORIGIN.fullmatch(origin):
                raise ValueError("must be origins as https://example.org, without a path")
        return value

    @field_validator("evidence_media_types")
    @classmethod
    def _media_types(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = sorted(set(value) - MEDIA_TYPES.keys())
        if unknown:
            raise ValueError(f"must be of {', '.join(MEDIA_TYPES)}")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ip_network(network)
            except ValueError:
                raise ValueError("must be addresses or networks as 10.0.0.0/8") from None
        return value

    @field_validator("data_dir", "key_file", "evidence_dir")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @field_validator("database_url", "admin_database_url")
    @classmethod
    def _address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            check_address(value.get_secret_value())
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be an IANA time zone as Asia/Shanghai") from None
        return value

    @property
    def token_lifetime(self) -> timedelta:
        """How long a token of `wardbook token` is valid."""
        return timedelta(hours=self.token_lifetime_hours)

    @property
    def loads_demonstration(self) -> bool:
        """Whether an empty journal becomes that of the demonstration district."""
        return self.demo and self.database_url is None

    @property
    def issues_tokens(self) -> bool:
        """Whether tokens may be shown at the start: output is kept in log files."""
        return self.database_url is None and not self.oidc_issuers

    @property
    def evidence_path(self) -> Path:
        """Where evidence is kept."""
        return self.evidence_dir or self.data_dir / "evidence"

    @property
    def key_path(self) -> Path:
        """Where the key-encryption key is."""
        return self.key_file or self.data_dir / "key-encryption-key"


def load_settings() -> Settings:
    """The settings of this process's environment. Raises InvalidSettings."""
    try:
        return Settings()
    except ValidationError as error:
        raise InvalidSettings([_problem(dict(details)) for details in error.errors()]) from None


def unknown_names(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables with our prefix that no setting has: a slip of the pen, most likely."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def check_address(url: str) -> None:
    """Say what is missing, never what is there: it may be a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE") from None
    if parts.scheme not in URL_SCHEMES:
        raise ValueError("must begin with postgresql://")
    if not parts.username:
        raise ValueError("must name a user, as postgresql://USER:PASSWORD@HOST/DATABASE")
    if port == 0:
        raise ValueError("must name a port from 1 to 65535")


def _problem(details: Mapping[str, object]) -> str:
    """One line that locates the bad value; addresses with passwords are never repeated."""
    location = details["loc"]
    field = str(location[0]) if isinstance(location, tuple) and location else ""
    line = f"{PREFIX}{field.upper()}: {_expectation(field, details)}"
    value = details.get("input")
    if "url" in field or not isinstance(value, str):
        return line
    shown = value if len(value) <= MOST_SHOWN else f"{value[:MOST_SHOWN]}..."
    return f'{line}, got "{shown}"'


def _expectation(field: str, details: Mapping[str, object]) -> str:
    """What the field must be: our own words, else pydantic's."""
    if (bounds := _bounds(field)) is not None:
        return bounds
    message = str(details["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _bounds(field: str) -> str | None:
    """`must be 1-65535`, from the field's own limits; None where it is not a whole number."""
    info = Settings.model_fields.get(field)
    if info is None or info.annotation is not int:
        return None
    lower = next((limit.ge for limit in info.metadata if hasattr(limit, "ge")), None)
    upper = next((limit.le for limit in info.metadata if hasattr(limit, "le")), None)
    if upper is None:
        return f"must be a whole number of at least {lower}"
    return f"must be {lower}-{upper}"

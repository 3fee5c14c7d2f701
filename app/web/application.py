"""The web application: everything under the service's address, put together from its settings."""

from http import HTTPStatus
from typing import Final
from uuid import uuid4

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from strawberry import Schema

from app.availability import AvailableReads, AvailableServices
from app.callers import recogniser
from app.case_actions import ActionsDesk
from app.evidence.desk import EvidenceDesk
from app.evidence.receiving import EvidenceLimits
from app.evidence.store import FolderStore
from app.identity import KEY_FILE, Identifies, Tokens
from app.oidc.verifying import OidcTokens
from app.personal_data import PersonalDataDesk
from app.rate_limit import Allowances
from app.runtime import Runtime
from app.settings import Settings
from app.tracking import TrackingDesk, WithTracking
from app.web.addresses import networks
from app.web.contexts import Door
from app.web.error_pages import error_page
from app.web.errors import Code, refuse
from app.web.evidence_download import EXPOSED, EvidenceDownload
from app.web.evidence_upload import INPUT_HEADER, EvidenceUpload
from app.web.execution import Execution
from app.web.explorer import explorer_routes
from app.web.graphql import GraphQLEndpoint
from app.web.health import Health, Monitor
from app.web.limits import QueryLimits
from app.web.metrics import Metrics
from app.web.monitoring import JournalMonitor
from app.web.observing import Observing
from app.web.origins import Origins
from app.web.requests import BodyLimits
from app.web.resident import resident_routes
from app.web.sse import Pace
from app.web.streams import Streams
from app.web.websocket import WebSocketEndpoint
from schema.build import build_schema

_LOG: Final = structlog.stdlib.get_logger(__name__)
GRAPHQL: Final = "/graphql"
UPLOAD: Final = "/cases/{case_id}/evidence"
DOWNLOAD: Final = "/evidence/{evidence_id}"
ORIGINAL: Final = f"{DOWNLOAD}/original"


def create_application(
    runtime: Runtime,
    settings: Settings,
    schema: Schema | None = None,
    monitor: Monitor | None = None,
) -> Starlette:
    """The ASGI application. `application.state.streams.close(...)` ends its streams at shutdown.

    schema and monitor: ours, unless a test brings others.
    Raises TokenKeysUnusable, and ValueError for an origin or a network that is not one.
    """
    metrics = Metrics()
    streams = Streams(settings.max_streams, settings.max_streams_per_caller)
    door = _door(runtime, settings)
    execution = _execution(schema or build_schema(), settings, metrics)
    limits = BodyLimits(
        settings.max_body_bytes, settings.max_nesting, settings.client_timeout_seconds
    )
    pace = Pace(settings.keep_alive_seconds, settings.client_timeout_seconds)
    origins = Origins.of(settings.cors_origins)
    most = settings.max_operations_per_connection
    health = Health(monitor or JournalMonitor(runtime), metrics, streams)
    routes: list[Route | WebSocketRoute] = [
        Route(GRAPHQL, GraphQLEndpoint(execution, door, limits, streams, pace)),
        WebSocketRoute(
            GRAPHQL,
            WebSocketEndpoint(execution, door, limits, streams, pace, origins, most, metrics),
        ),
        *_evidence_routes(runtime, settings, door, streams),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.measure),
        *explorer_routes(),
        *resident_routes(),
    ]
    application = Starlette(
        routes=routes,
        middleware=_middleware(metrics, [route.path for route in routes], origins),
        exception_handlers={HTTPException: _no_such_page, Exception: _unexpected},
    )
    application.state.streams = streams
    return application


def _evidence_routes(
    runtime: Runtime, settings: Settings, door: Door, streams: Streams
) -> list[Route]:
    limits = EvidenceLimits(frozenset(settings.evidence_media_types), settings.max_evidence_bytes)
    desk = EvidenceDesk(runtime.journal, FolderStore(settings.evidence_path), limits)
    shared = (desk, door, streams, settings.client_timeout_seconds)
    reading = ("GET", "HEAD")
    return [
        Route(UPLOAD, EvidenceUpload(*shared, UPLOAD, ("POST",))),
        Route(DOWNLOAD, EvidenceDownload(*shared, DOWNLOAD, reading)),
        Route(ORIGINAL, EvidenceDownload(*shared, ORIGINAL, reading, original=True)),
    ]


def _door(runtime: Runtime, settings: Settings) -> Door:
    tracking = TrackingDesk(AvailableReads(runtime.reads), runtime.keys.fingerprint)
    return Door(
        services=AvailableServices(
            commands=runtime.commands,
            journal=runtime.journal,
            reads=runtime.reads,
            lookups=runtime.lookups,
            configuration=runtime.configuration,
            personal_data=PersonalDataDesk(runtime.journal, runtime.commands),
            actions=ActionsDesk(runtime.journal, runtime.configuration.arrangements),
            tracking=tracking,
        ),
        tokens=WithTracking(_tokens(settings), tracking),
        allowances=Allowances.of(settings, runtime.counts, runtime.keys.fingerprint),
        trusted=networks(settings.trusted_proxies),
        recognise=recogniser(runtime.directory),
    )


def _tokens(settings: Settings) -> Identifies:
    """OIDC issuers where there are any: the local issuer is off then."""
    if settings.oidc_issuers:
        return OidcTokens(settings.oidc_issuers)
    return Tokens.open(settings.data_dir / KEY_FILE)


def _execution(schema: Schema, settings: Settings, metrics: Metrics) -> Execution:
    limits = QueryLimits(
        tokens=settings.max_tokens,
        depth=settings.max_depth,
        aliases=settings.max_aliases,
        definitions=settings.max_definitions,
        repeats=settings.max_repeats,
        errors=settings.max_validation_errors,
    )
    return Execution(schema, limits, introspection=settings.introspection, metrics=metrics)


def _middleware(metrics: Metrics, routes: list[str], origins: Origins) -> list[Middleware]:
    middleware = [Middleware(Observing, metrics=metrics, routes=routes)]
    if origins.allowed:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=sorted(origins.allowed),
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", INPUT_HEADER, "Range", "If-Range"],
                expose_headers=EXPOSED,
            )
        )
    return middleware


async def _no_such_page(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        refused = refuse(Code.METHOD_NOT_ALLOWED, "Use GET.", 405, headers=error.headers)
    else:
        refused = refuse(Code.NO_SUCH_PAGE, "Nothing is here; the API is at /graphql.", 404)
    return error_page(request, refused)


async def _unexpected(request: Request, error: Exception) -> Response:
    """The client gets an id; what happened stays in the log."""
    error_id = str(uuid4())
    _LOG.error("unexpected error", error_id=error_id, exc_info=error)
    message = f"Something went wrong on our side. Quote error id {error_id}."
    return error_page(request, refuse(Code.INTERNAL_ERROR, message, 500, errorId=error_id))

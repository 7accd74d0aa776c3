"""The metrics that are recognised, as data: to know one more is one entry here and its test.

What a status means is only written down where the field agrees on it. Whatever is not covered
by `bad` or `good` is asked of people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a metric can be measured as."""

    REQUESTS = "requests"
    LATENCY = "latency"
    UPTIME = "uptime"


@dataclass(frozen=True, slots=True)
class Statuses:
    """Labels that may tell how a request ended, and which of their values are bad or good.

    Both are patterns of the whole value; `because` says where the line between them comes from.
    """

    labels: tuple[str, ...]
    bad: str
    good: str
    because: str


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of metric: how it is called, what it measures, what its labels mean.

    `services` are the labels that tell services of one job apart. `reporters` is a label whose
    values are several views of the same requests, the one to count first. A metric is left out
    where one called `unless`, with the same prefix, counts the same requests.
    """

    title: str
    kind: Kind
    pattern: str
    statuses: tuple[Statuses, ...] = ()
    services: tuple[str, ...] = ()
    reporters: tuple[str, tuple[str, ...]] | None = None
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A metric of the server, and what it is."""

    name: str
    family: Family


_HTTP_BECAUSE = "5xx is the server's failure, 4xx the caller's"
_CODES = {"bad": "5..", "good": "[1-4](?:[0-9][0-9]|xx|XX)", "because": _HTTP_BECAUSE}
HTTP = Statuses(("code", "status", "status_code", "http_status", "http_status_code"), **_CODES)
OPENTELEMETRY = Statuses(("http_response_status_code",), **_CODES)
ISTIO = Statuses(("response_code",), **_CODES)
SPRING = (
    Statuses(
        ("outcome",),
        bad="SERVER_ERROR",
        good="INFORMATIONAL|SUCCESS|REDIRECTION|CLIENT_ERROR",
        because=_HTTP_BECAUSE,
    ),
    Statuses(("status",), **_CODES),
)
GRPC = Statuses(
    ("grpc_code",),
    bad="Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss",
    good="OK|Canceled|InvalidArgument|NotFound|AlreadyExists|PermissionDenied|ResourceExhausted"
    "|FailedPrecondition|Aborted|OutOfRange|Unauthenticated",
    because="as OpenTelemetry's conventions for gRPC servers draw the line",
)
_INGRESS = ("exported_namespace", "namespace", "ingress")
_MESH = ("destination_service_namespace", "destination_service_name")

CATALOGUE: tuple[Family, ...] = (
    Family(
        "OpenTelemetry HTTP server",
        Kind.REQUESTS,
        "http_server_request_duration_seconds_count",
        (OPENTELEMETRY,),
    ),
    Family(
        "OpenTelemetry HTTP server", Kind.LATENCY, "http_server_request_duration_seconds_bucket"
    ),
    Family("Spring Boot HTTP server", Kind.REQUESTS, "http_server_requests_seconds_count", SPRING),
    Family("Spring Boot HTTP server", Kind.LATENCY, "http_server_requests_seconds_bucket"),
    Family("gRPC server", Kind.REQUESTS, "grpc_server_handled_total", (GRPC,)),
    Family("gRPC server", Kind.LATENCY, "grpc_server_handling_seconds_bucket"),
    Family(
        "Istio",
        Kind.REQUESTS,
        "istio_requests_total",
        (ISTIO,),
        _MESH,
        ("reporter", ("destination", "source", "waypoint")),
    ),
    Family("ingress-nginx", Kind.REQUESTS, "nginx_ingress_controller_requests", (HTTP,), _INGRESS),
    Family(
        "ingress-nginx",
        Kind.LATENCY,
        "nginx_ingress_controller_request_duration_seconds_bucket",
        services=_INGRESS,
    ),
    Family(
        "Traefik service", Kind.REQUESTS, "traefik_service_requests_total", (HTTP,), ("service",)
    ),
    Family(
        "Traefik service",
        Kind.LATENCY,
        "traefik_service_request_duration_seconds_bucket",
        services=("service",),
    ),
    Family(
        "Traefik entry point",
        Kind.REQUESTS,
        "traefik_entrypoint_requests_total",
        (HTTP,),
        ("entrypoint",),
        unless="traefik_service_requests_total",
    ),
    Family(
        "Traefik entry point",
        Kind.LATENCY,
        "traefik_entrypoint_request_duration_seconds_bucket",
        services=("entrypoint",),
        unless="traefik_service_request_duration_seconds_bucket",
    ),
    Family("blackbox-exporter", Kind.UPTIME, "probe_success", services=("instance",)),
    Family("HTTP server", Kind.REQUESTS, "((?:.+_)?)http_requests_total", (HTTP,)),
    Family(
        "HTTP server",
        Kind.REQUESTS,
        "((?:.+_)?)http_request_duration_seconds_count",
        (HTTP,),
        unless=r"\1http_requests_total",
    ),
    Family("HTTP server", Kind.LATENCY, "((?:.+_)?)http_request_duration_seconds_bucket"),
    Family(
        "a Go exporter's own handler",
        Kind.REQUESTS,
        "promhttp_metric_handler_requests_total",
        (HTTP,),
    ),
)


def any_name() -> str:
    """One pattern of every name that is recognised, for the server to filter by."""
    return "|".join(family.pattern.replace("((?:", "(?:(?:") for family in CATALOGUE)


def recognised(names: Iterable[str]) -> Iterator[Recognised]:
    """The names that the catalogue knows, in its order; of two that count the same, the first.

    >>> [each.name for each in recognised(["up", "shop_http_requests_total", "probe_success"])]
    ['probe_success', 'shop_http_requests_total']
    """
    known = sorted(set(names))
    for family in CATALOGUE:
        for name in known:
            match = re.fullmatch(family.pattern, name)
            if match and not (family.unless and match.expand(family.unless) in known):
                yield Recognised(name, family)

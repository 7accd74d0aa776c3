"""Asks Prometheus through PrometheusConnect on the bounded session, and decodes the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar, cast

import orjson
import requests
from prometheus_api_client import PrometheusConnect
from urllib3.util.retry import Retry as NoRetry

from collectors.fetch.failures import FetchError, RefusedError, TooMuchError
from collectors.fetch.retry import Retry, moment_of
from collectors.fetch.session import BoundedSession
from collectors.fetch.terms import Terms
from collectors.prometheus.decode import (
    Answer,
    AnswerError,
    WideAnswerError,
    complaint,
    decode,
    texts,
)

_Usable = TypeVar("_Usable")

_TOO_MUCH = (
    "too many samples",
    "exceeded maximum resolution",
    "exceeds the limit",
    "too many points",
)


class _Whole(requests.Response):
    """An answer that PrometheusConnect hands on as it came.

    It returns `json()["data"]["result"]` alone, and would lose the warnings and the kind.
    """

    def json(self, **kwargs: Any) -> Any:
        """The answer itself where PrometheusConnect looks for the result."""
        return {"data": {"result": self}}


class _Session(BoundedSession):
    """The bounded session, its answers made to pass through PrometheusConnect whole."""

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # only what PrometheusConnect passes
        answer, whole = super().request(method, url, **kwargs), _Whole()
        whole.__setstate__(answer.__getstate__())  # type: ignore[attr-defined]  # the stubs leave out pickling
        return whole


@dataclass(frozen=True, slots=True)
class Client:
    """One Prometheus, asked within the terms."""

    connect: PrometheusConnect
    terms: Terms

    @classmethod
    def open(cls, url: str, terms: Terms, retry: Retry) -> Client:
        """A client of the server at `url`; nothing is asked yet."""
        session = _Session(terms, retry)
        return cls(PrometheusConnect(url=url, session=session, retry=NoRetry(total=0)), terms)

    def query(self, expression: str, at: int, now: int, *, in_part: bool = False) -> Answer:
        """The answer to an instant query at `at`; `in_part` without series of endless labels.

        Raises:
            TooMuchError: a shorter span may fit.
            SourceError: there is no usable answer.
        """
        params = {"time": at, "timeout": f"{self.terms.timeout_s:g}s"}
        ask = partial(self.connect.custom_query, expression, params)
        return self._decoded(ask, now, in_part=in_part)

    def query_range(self, expression: str, since: int, until: int, step_s: int, now: int) -> Answer:
        """The answer to a range query at since, since + step, … until.

        Raises:
            TooMuchError: a shorter span may fit.
            SourceError: there is no usable answer.
        """
        params = {"timeout": f"{self.terms.timeout_s:g}s"}
        return self._decoded(
            lambda: self.connect.custom_query_range(
                expression, _moment(since), _moment(until), str(step_s), params
            ),
            now,
        )

    def values(self, label: str, selector: str, since: int, until: int) -> tuple[str, ...]:
        """The values that a label has in the series of the selector within the span.

        Raises:
            SourceError: there is no usable answer.
        """
        params = {"match[]": selector, "start": since, "end": until}
        return self._usable(lambda: self._texts(label, params))

    def clock(self, now: int) -> int | None:
        """What time it is at the server, by the date of its answer; None when it tells none.

        Raises:
            SourceError: there is no usable answer.
        """
        dates: list[str] = []

        def ask() -> object:
            whole = cast("requests.Response", self.connect.custom_query("vector(1)"))
            dates.append(whole.headers.get("date", ""))
            return whole

        self._decoded(ask, now)
        moment = moment_of(dates[0])
        return None if moment is None else int(moment.timestamp())

    def _texts(self, label: str, params: dict[str, object]) -> tuple[str, ...]:
        inside = cast("dict[str, requests.Response]", self.connect.get_label_values(label, params))
        whole = inside["result"]
        return texts(whole.content, whole.headers.get("content-type", ""))

    def _decoded(self, ask: Callable[[], object], now: int, *, in_part: bool = False) -> Answer:
        def decoded() -> Answer:
            whole = cast("requests.Response", ask())
            kind = whole.headers.get("content-type", "")
            return decode(whole.content, kind, now, in_part=in_part)

        return self._usable(decoded)

    def _usable(self, ask: Callable[[], _Usable]) -> _Usable:
        where = self.terms.where
        try:
            return ask()
        except RefusedError as refused:
            raise _in_its_words(refused, self.terms) from None
        except WideAnswerError as error:
            raise TooMuchError(str(error), where=where, mend="ask for fewer series") from None
        except AnswerError as error:
            what = self.terms.redacted(str(error))
            mend = "check that `url` is a Prometheus, and the selectors of its objectives"
            raise FetchError(what, where=where, mend=mend) from None


def _in_its_words(refused: RefusedError, terms: Terms) -> FetchError:
    """The refusal with what Prometheus itself says of it, where it says anything."""
    try:
        said = complaint(orjson.loads(refused.body))
    except orjson.JSONDecodeError:
        said = None
    if said is None or refused.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return refused
    said = terms.redacted(said)
    if any(words in said for words in _TOO_MUCH):
        return TooMuchError(said, where=terms.where, mend="ask for fewer series")
    if refused.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}:
        mend = "correct the selector; the query page of Prometheus shows the same error"
        return FetchError(f"query rejected: {said}", where=terms.where, mend=mend)
    return FetchError(said, where=terms.where, mend=refused.mend, again=refused.again)


def _moment(at: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)

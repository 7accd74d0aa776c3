"""What a page says when it can show no figures: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from collectors.store.runs import RunRecord, SourceHealth
from dashboard.views.sentence import sentence
from dashboard.views.words import cut_words, near_words
from slo.errors import BurnlineError, ConfigError, StoreError

_LONGEST = 160
_NOT_YET = "Nothing collected yet"
_SHOWN = "this page shows the figures as soon as they are there"
_FIRST_SLO = """[[slo]]
name = "checkout-latency"
objective = 95
histogram = 'http_request_duration_seconds_bucket{job="checkout"}'
latency = "500ms\""""


@dataclass(frozen=True, slots=True)
class Notice:
    """One page without figures; `lines` are several problems, or lines to paste.

    `leads_to_health` says that *Data health* tells more of it.
    """

    title: str
    what: str
    where: str
    mend: str
    lines: tuple[str, ...] = ()
    is_paste: bool = False
    leads_to_health: bool = False


def notice_of(error: BurnlineError) -> Notice:
    """The notice of an error; several problems in one error become a line each."""
    problems = tuple(error.what.splitlines())
    if len(problems) > 1:
        return Notice(_title(error), "", error.where, error.mend, lines=problems)
    return Notice(_title(error), sentence(error.what), error.where, error.mend)


def no_objectives(config: Path) -> Notice:
    """The config is sound and promises nothing."""
    return Notice(
        "No objectives yet",
        "The configuration names no [[slo]], so there is no budget to show.",
        str(config),
        "Add one, for example:",
        lines=tuple(_FIRST_SLO.splitlines()),
        is_paste=True,
    )


def no_store(store: str, command: str) -> Notice:
    """There is no store: nothing was ever collected here."""
    return Notice(
        _NOT_YET,
        "There is no store yet, so there is no figure to show.",
        store,
        _run(command),
    )


def nothing_collected(
    store: str, command: str, healths: Iterable[SourceHealth], as_of: int, *, works: bool
) -> Notice:
    """There is a store without any figure: what the sources' last runs say of that.

    `works` says that a collector is at work.
    """
    runs = [health.last for health in healths]
    failed = tuple(_failed(run, as_of) for run in runs if run.error is not None)
    if failed:
        mend = "Mend the source." if works else f"Mend the source, then run `{command}`."
        lines = failed if len(failed) > 1 else ()
        what = "" if lines else failed[0]
        return Notice("Nothing collected", what, store, mend, lines=lines, leads_to_health=True)
    if works:
        what = "The collector is at work, but nothing has come in yet."
        return Notice(_NOT_YET, what, store, f"Wait: {_SHOWN}.", leads_to_health=True)
    if runs:
        what = "The sources answer, but have not given a row yet."
        mend = "Ask `burnline doctor` what each of them gives."
        return Notice(_NOT_YET, what, store, mend, leads_to_health=True)
    what = "The store holds no measurement, so there is no figure to show."
    return Notice(_NOT_YET, what, store, _run(command))


def _run(command: str) -> str:
    return f"Run `{command}`; {_SHOWN}."


def _failed(run: RunRecord, as_of: int) -> str:
    """When the source failed, and the first line of why."""
    why = (run.error or "").strip().removeprefix(f"{run.source}: ").splitlines()
    reason = f" ({cut_words(why[0], _LONGEST)})" if why else ""
    return f"{run.source} failed at {near_words(run.ended_at, as_of)}{reason}."


def _title(error: BurnlineError) -> str:
    match error:
        case ConfigError():
            return "The configuration cannot be used"
        case StoreError():
            return "The store cannot be read"
        case _:
            return "The figures cannot be made"

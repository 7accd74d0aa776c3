"""HTTP probes: addresses that are asked at each run, up or down from what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from collectors.contract import Named, SourceKind, refuse_unanswerable
from collectors.described import Described
from collectors.observed import Watched, refuses
from collectors.probe.target import TargetTable
from slo.durations import exact_seconds, seconds

if TYPE_CHECKING:
    from collectors.probe.collector import Probe, ProbeCollector

_MOST_TARGETS = 64
_GRACE_S = 10


class Options(Described):
    """What is probed, and how long an observation holds."""

    every: str = "1m"
    """How often each target is asked."""
    valid_for: str | None = Field(default=None, examples=['"150s"'])
    """How long an observation holds when none follows it; twice `every` and 10 s when nothing is
    written, so that one missed run leaves no hole."""
    target: Annotated[
        tuple[TargetTable, ...], Field(strict=False, min_length=1, max_length=_MOST_TARGETS)
    ]
    """The addresses `[[source.target]]`; all are asked at the same time."""

    @field_validator("every", "valid_for")
    @classmethod
    def _is_a_length(cls, text: str | None) -> str | None:
        if text is not None and seconds(text) < 1:
            raise ValueError("must be at least 1s")
        return text

    @field_validator("valid_for")
    @classmethod
    def _reaches_the_next(cls, text: str | None, others: ValidationInfo) -> str | None:
        every = others.data.get("every")
        if text is not None and every is not None and seconds(text) < seconds(every):
            raise ValueError(f"is shorter than `every`, {every}: the rest would never be measured")
        return text

    @field_validator("target")
    @classmethod
    def _is_in_time(
        cls, targets: tuple[TargetTable, ...], others: ValidationInfo
    ) -> tuple[TargetTable, ...]:
        """Hold each timeout to half of the interval, and tell targets apart."""
        every = others.data.get("every")
        known = set()
        for count, target in enumerate(targets, 1):
            limit_s = None if every is None else float(exact_seconds(every)) / 2
            if limit_s is not None and float(exact_seconds(target.timeout or "1ms")) > limit_s:
                raise ValueError(
                    f"timeout of target {count} is above half of `every`, {limit_s:g}s"
                )
            if (target.owner, target.label) in known:
                raise ValueError(f'number {count} repeats one before it; give it a name = "…"')
            known.add((target.owner, target.label))
        return targets

    @property
    def valid_s(self) -> int:
        """How long an observation holds."""
        if self.valid_for is None:
            return 2 * seconds(self.every) + _GRACE_S
        return seconds(self.valid_for)


def _build(named: Named, options: BaseModel) -> ProbeCollector:
    # Commands that ask no source read the options alone: `requests` takes 0.1 s to import.
    from collectors.probe.collector import ProbeCollector  # noqa: PLC0415

    assert isinstance(options, Options)
    refuse_unanswerable(SOURCE, named)
    probes = (_probe(named, target, options) for target in options.target)
    return ProbeCollector(named.name, tuple(probes))


def _probe(named: Named, target: TargetTable, options: Options) -> Probe:
    from collectors.probe.asking import Look, terms_of  # noqa: PLC0415 - as above
    from collectors.probe.certificates import refuse_unreadable  # noqa: PLC0415 - as above
    from collectors.probe.collector import Probe  # noqa: PLC0415 - as above

    if target.ca_file is not None:
        refuse_unreadable(target.ca_file, named.where)
    headers = {name: value.get_secret_value() for name, value in target.headers.items()}
    timeout_s = target.timeout_s(float(exact_seconds(options.every)))
    look = Look(target, terms_of(named.name, target, headers, timeout_s))
    labels = (("target", target.label),)
    return Probe(look, Watched(named.name, target.owner, options.valid_s, labels))


SOURCE = SourceKind(
    "probe", Options, _build, refuses=refuses, fills_holes="no, the past cannot be probed"
)

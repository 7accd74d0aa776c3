"""The keys of one mapping, taken one by one; whatever nobody took is told at the end."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from slo.durations import exact_seconds
from slo.formats.contract import Labels, Ledger
from slo.formats.documents import Piece
from slo.formats.naming import SAID, is_name
from slo.lengths import DAY_S, HOUR_S
from slo.nearest import did_you_mean
from slo.objective import Objective, RefusedObjective
from slo.spans import RollingWindow

_MOST_DIGITS, _MOST_WRITTEN = 28, 12
_SHORTEST_S, _LONGEST_S = HOUR_S, 20 * 366 * DAY_S
_TRUTHS = {"true": True, "True": True, "false": False, "False": False}


class Fields:
    """What stands under the keys of a mapping; each way to take one notes what is wrong with it."""

    def __init__(self, piece: Piece, ledger: Ledger) -> None:
        """Read that piece; when it is no mapping that is refused, and it has no keys."""
        self.piece, self._ledger = piece, ledger
        is_mapping = isinstance(piece.content, Mapping)
        if not is_mapping and piece.content is not None:
            ledger.refuse(piece, f"must be a mapping, but is {piece.shown}")
        self._inside = piece.content if isinstance(piece.content, Mapping) else {}
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Whether something stands under the key."""
        found = self._inside.get(key)
        return found is not None and found.content is not None

    def piece_of(self, key: str) -> Piece:
        """The piece under a key; where there is none, the mapping that lacks it."""
        self._asked.add(key)
        return self._inside.get(key, self.piece)

    def text(self, key: str) -> str | None:
        """The text under a key that must be there."""
        if key not in self:
            self._asked.add(key)
            near = did_you_mean(key, self._inside.keys() - self._asked)
            self._ledger.refuse(self.piece, f"{key} is missing{near}")
            return None
        found = self.piece_of(key)
        if not isinstance(found.content, str):
            self._ledger.refuse(found, f"must be a text, but is {found.shown}")
            return None
        return found.content

    def words(self, key: str) -> str:
        """The text under a key that need not be there, on one line."""
        return " ".join((self.text(key) or "").split()) if key in self else self._absent(key)

    def name(self, key: str) -> str | None:
        """The text under a key that must be there, as a name that a configuration takes."""
        found = self.text(key)
        if found is None:
            return None
        if not is_name(found):
            self._ledger.refuse(self.piece_of(key), SAID)
            return None
        return found

    def number(self, key: str, most_digits: int = _MOST_DIGITS) -> Decimal | None:
        """The number under a key that must be there, exactly as it is written."""
        text = self.text(key)
        if text is None:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite() or abs(number.adjusted()) > _MOST_WRITTEN:
            self._ledger.refuse(self.piece_of(key), f'must be a number, but is "{text[:40]}"')
            return None
        if _digits(number) > most_digits:
            said = f"must have at most {most_digits} digits, as 99.95 and 0.9995 have"
            self._ledger.refuse(self.piece_of(key), said)
            return None
        return number

    def share(self, key: str) -> Decimal | None:
        """The same, with no more digits than a configuration takes of a percentage."""
        return self.number(key, _MOST_WRITTEN)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """The truth value under a key that need not be there."""
        if key not in self:
            self._asked.add(key)
            return default
        text = self.text(key)
        if text not in _TRUTHS:
            self._ledger.refuse(self.piece_of(key), f'must be true or false, not "{text}"')
        return _TRUTHS.get(text or "", default)

    def length_s(self, key: str) -> int | None:
        """The whole seconds of a length such as `5m` or `30d` under a key that must be there."""
        exact = self.exact_s(key)
        if exact is not None and exact.denominator != 1:
            self._ledger.refuse(self.piece_of(key), "must be whole seconds")
            return None
        return None if exact is None else exact.numerator

    def exact_s(self, key: str) -> Fraction | None:
        """The seconds of a length such as `200ms` under a key that must be there."""
        text = self.text(key)
        if text is None:
            return None
        try:
            return exact_seconds(text)
        except ValueError as error:
            self._ledger.refuse(self.piece_of(key), str(error))
            return None

    def window(self, key: str) -> RollingWindow | None:
        """The rolling window of a length under a key that must be there."""
        length_s = self.length_s(key)
        if length_s is None:
            return None
        if not _SHORTEST_S <= length_s <= _LONGEST_S:
            self._ledger.refuse(self.piece_of(key), "must be 1h or more and 20 years or less")
            return None
        return RollingWindow(length_s)

    def percent(self, key: str) -> Objective | None:
        """The objective of a percentage such as 99.9 under a key that must be there."""
        number = self.share(key)
        return None if number is None else self._objective(key, number)

    def ratio(self, key: str) -> Objective | None:
        """The objective of a ratio such as 0.999 under a key that must be there."""
        number = self.share(key)
        if number is not None and number > 1:
            self._ledger.refuse(self.piece_of(key), f"must be a ratio below 1, but is {number}")
            return None
        return None if number is None else self._objective(key, number * 100)

    def below(self, key: str) -> Fields:
        """The mapping under a key; one without keys where there is none."""
        return Fields(self.piece_of(key), self._ledger) if key in self else self._none(key)

    def each(self, key: str) -> tuple[Piece, ...]:
        """The elements of the list under a key; a single thing is a list of one."""
        if key not in self:
            self._asked.add(key)
            return ()
        found = self.piece_of(key)
        return found.content if isinstance(found.content, tuple) else (found,)

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts in the list under a key that need not be there."""
        found = []
        for piece in self.each(key):
            if isinstance(piece.content, str):
                found.append(piece.content)
            else:
                self._ledger.refuse(piece, f"must be a text, but is {piece.shown}")
        return tuple(found)

    def pairs(self, key: str) -> Labels:
        """The texts by key in the mapping under a key; of a list its elements with commas."""
        below = self.below(key)
        return tuple((each, ", ".join(below.texts(each))) for each in sorted(below.keys))

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys there are."""
        return tuple(self._inside)

    def leave(self, key: str, why: str) -> None:
        """Take a key that is not carried over, if it is there, and say why."""
        if key in self:
            self._ledger.leave(self.piece_of(key), why)
        self._asked.add(key)

    def note(self, key: str, what: str) -> None:
        """Take a key of which nothing is lost, if it is there, and say how it is kept."""
        if key in self:
            self._ledger.note(self.piece_of(key), what)
        self._asked.add(key)

    def skip(self, *keys: str) -> None:
        """Take keys that say nothing about what is promised, such as the kind of a document."""
        self._asked.update(keys)

    def rest(self) -> None:
        """Tell every key that nobody took."""
        for key, piece in self._inside.items():
            if key not in self._asked and piece.content is not None:
                near = did_you_mean(key, self._asked - self._inside.keys())
                self._ledger.leave(piece, f"is not a key that is read here{near}")

    def _objective(self, key: str, percent: Decimal) -> Objective | None:
        try:
            return Objective.from_percent(percent)
        except RefusedObjective as error:
            self._ledger.refuse(self.piece_of(key), error.what)
            return None

    def _absent(self, key: str) -> str:
        self._asked.add(key)
        return ""

    def _none(self, key: str) -> Fields:
        self._asked.add(key)
        return Fields(Piece(self.piece.file, self.piece.line, self.piece.path, None), self._ledger)


def _digits(number: Decimal) -> int:
    """How many digits it has from the first to the last that is not 0."""
    return len("".join(map(str, number.as_tuple().digits)).strip("0"))

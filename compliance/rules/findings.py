"""What came out of running items. Invariant: a finding names the item and the facts it rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

Status = Literal["hit", "unknown", "lifted"]
Verdict = Literal["blocked_prohibited", "unknown", "needs_evidence", "caution", "cleared"]

# What stands in the way first comes first: what cannot be lifted, what nobody knows, what can be
# lifted, what a senior reviewer has to look at.
VERDICTS: tuple[Verdict, ...] = (
    "blocked_prohibited",
    "unknown",
    "needs_evidence",
    "caution",
    "cleared",
)
BLOCKING: tuple[Verdict, ...] = ("blocked_prohibited", "unknown", "needs_evidence")

UNKNOWN_FACT = "unknown-fact"
DEFAULT_REFUSALS = {
    "prohibited": "prohibited-item",
    "restricted": "restricted-item",
    "caution": "caution-item",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One item that was hit, could not be decided, or was hit and lifted by evidence.

    `facts` are the known facts that the item looked at, `missing` the unknown ones, `lifted_by` the
    evidence that lifted it and `lacking` the evidence its lift names that was not given.
    `refusal` is the stable code with which an order is refused.
    """

    code: str
    severity: str
    scope: str
    status: Status
    refusal: str
    facts: tuple[tuple[str, Any], ...] = ()
    missing: tuple[str, ...] = ()
    lifted_by: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way. A caution never does: it asks for a senior reviewer."""
        return self.status != "lifted" and self.severity != "caution"

    @property
    def outcome(self) -> Verdict:
        """The verdict that this finding alone would lead to."""
        if self.status == "lifted":
            return "cleared"
        if self.severity == "caution":
            return "caution"
        if self.status == "unknown":
            return "unknown"
        return "blocked_prohibited" if self.severity == "prohibited" else "needs_evidence"


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Return what `findings` come to together: the outcome that comes first in `VERDICTS`."""
    outcomes = {finding.outcome for finding in findings}
    return next((one for one in VERDICTS if one in outcomes), "cleared")


def finding_document(finding: Finding) -> dict[str, Any]:
    """Return the JSON object of `finding`, as a decision stores it."""
    document = {one.name: _plain(getattr(finding, one.name)) for one in fields(Finding)}
    document["facts"] = {path: _plain(value) for path, value in finding.facts}
    return document


def finding_from_document(document: Mapping[str, Any]) -> Finding:
    """Return the finding that a decision stores."""
    values = {one.name: _tupled(document[one.name]) for one in fields(Finding)}
    values["facts"] = tuple((path, _tupled(value)) for path, value in document["facts"].items())
    return Finding(**values)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

"""The language and the list under random input: no crash, no hang, and above all no silent pass."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from compliance.rules.evaluation import compiled
from compliance.rules.language import flattened, parse
from tests.compliance.fuzzing import CPU_SECONDS, silent_passes

ROOT = Path(__file__).resolve().parents[2]
SEED, COUNT = 20261123, 10_000
# The child counts its own seconds; this is for a machine that gives it none.
MOST_SECONDS = 8 * CPU_SECONDS


def test_ten_thousand_expressions_and_documents_pass_nothing_silently() -> None:
    child = subprocess.run(
        [sys.executable, "-m", "tests.compliance.fuzzing", str(SEED), str(COUNT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )

    assert child.returncode == 0, child.stderr[-2000:]
    found = json.loads(child.stdout)
    assert found["expressions"]["silent_passes"] == []
    assert found["documents"]["silent_passes"] == []
    assert found["shortcut_differs"] == 0
    # It is no fuzzing if all of it were refused, or nothing were found.
    assert found["expressions"]["accepted"] >= COUNT // 2
    assert found["documents"]["refused"] >= COUNT // 20
    assert found["documents"]["hits"] >= COUNT


@pytest.mark.parametrize(
    ("source", "known", "passing"),
    [
        ("personal.present", {}, ["personal.present"]),
        (
            "personal.present && product.grade == 'core'",
            {"personal.present": True},
            ["product.grade"],
        ),
        ("use.purposes.exists(x, x == 'resale')", {}, ["use.purposes"]),
        ("personal.present && product.grade == 'core'", {"personal.present": False}, []),
    ],
)
def test_the_fuzzer_finds_an_engine_that_takes_unknown_for_no(
    source: str, known: dict[str, bool], passing: list[str]
) -> None:
    found = parse(source)
    honest = compiled(flattened(source))

    assert silent_passes(honest, found, source, dict(known)) == []
    assert (
        silent_passes(lambda context: honest(context) is True, found, source, dict(known))
        == passing
    )

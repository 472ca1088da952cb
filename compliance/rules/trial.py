"""Trying a checklist in a process of its own. Invariant: no draft can hang or end the caller."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compliance.rules.problems import Problem, problem

_ROOT = Path(__file__).resolve().parents[2]


def validate_in_child(document: Mapping[str, Any], *, seconds: float = 30) -> list[Problem]:
    """Return every problem of the checklist `document`, tried in a child process.

    A child that does not answer within `seconds`, or dies, is a problem too.
    """
    command = [sys.executable, "-m", "compliance.rules", str(math.ceil(seconds) + 1)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])}
    try:
        child = subprocess.run(
            command,
            input=json.dumps(document),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            cwd=_ROOT,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return [problem("", "items", "too-slow", seconds=seconds)]
    if child.returncode:
        return [problem("", "items", "crashed", status=child.returncode)]
    return [
        Problem(**{**row, "values": tuple(map(tuple, row["values"]))})
        for row in json.loads(child.stdout)
    ]

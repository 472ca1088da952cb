"""The child process that tries a checklist: document on standard input, problems on standard output.

Invariant: it ends, by its own limits of CPU and memory, whatever the document says.
"""  # noqa: E501

import json
import resource
import sys
from dataclasses import asdict

from compliance.rules.validate import validate_document

MOST_BYTES = 2 * 1024**3


def main() -> None:
    """Validate the document on standard input; the one argument is the limit of CPU seconds."""
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    problems = validate_document(json.load(sys.stdin))
    json.dump([asdict(one) for one in problems], sys.stdout)


if __name__ == "__main__":
    main()

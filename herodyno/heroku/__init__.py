"""The outside world: Platform API, log sessions, credentials."""

import sys

# Where click is installed, `import httpx` loads httpx's own command line too, with click, rich and Pygments: 50 ms.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None: "import it and fail", says Python's manual

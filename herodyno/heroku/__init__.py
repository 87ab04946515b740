"""Everything that talks to Heroku: the Platform API, log sessions, attached dynos, logins, the status page."""

import sys

# Where click is installed, `import httpx` also loads httpx's command line with click, rich and Pygments: 50 ms.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None: "import it and fail", says Python's manual

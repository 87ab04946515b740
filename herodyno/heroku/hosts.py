"""Which host the token may go to: Heroku's own domains, or this machine."""

DEFAULT_URL = "https://api.heroku.com"


def api_url(heroku_host: str = "") -> str:
    """The API's base URL from what HEROKU_HOST holds: empty, a bare Heroku domain, or a full URL.

    Raises UsageError for a host that is neither Heroku's nor loopback, and for plain http elsewhere
    than loopback.
    """
    raise NotImplementedError

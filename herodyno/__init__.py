"""herodyno: which Heroku dyno fails, by dyno id, and what to type next."""

__version__ = "0.1.0"

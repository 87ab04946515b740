"""The receiver of log drains: requests of Heroku become frames of the journal."""

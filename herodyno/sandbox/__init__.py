"""A simulated Heroku; shares no code with the client or the parser."""

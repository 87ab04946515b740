"""A simulated Heroku. It shares no code with the client or the parser, so that each side proves the other."""

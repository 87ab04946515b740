"""One line to one event: what the line says, in Heroku's words."""

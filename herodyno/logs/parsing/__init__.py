"""Lines to events: what each line says, in Heroku's words."""

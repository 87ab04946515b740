"""What the API answers, one file per noun: its shape in the strict form of Heroku's schema, and its calls."""

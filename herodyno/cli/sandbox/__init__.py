"""The commands `sandbox` and `demo`: a simulated Heroku."""

"""Answers as samples of OpenMetrics."""

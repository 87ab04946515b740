"""The answer: verdict, rows, findings, and the phrases they are written in."""

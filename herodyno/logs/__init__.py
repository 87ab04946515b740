"""From bytes to lines, from lines to events, and questions about them. No input or output."""

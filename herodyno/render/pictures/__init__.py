"""Values to lines of text: sparklines, bars, time axes and plots, for a terminal of any width and for ASCII."""

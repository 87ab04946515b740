"""The live view of an app, drawn with Textual; loaded by `herodyno top` alone."""

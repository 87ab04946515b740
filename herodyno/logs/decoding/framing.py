"""The names that blocks.py still takes from here; it goes as soon as blocks.py names decoder.py and splitters.py."""

from herodyno.logs.decoding.decoder import sniff as sniff
from herodyno.logs.decoding.splitters import LineSplitter as LineSplitter

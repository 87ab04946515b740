"""An attached one-off dyno: the rendezvous connection, the terminal's modes, the exit status in the output."""

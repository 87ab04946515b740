"""The engines that answer queries over `events`, one module and one outside package each, behind one port."""

"""Templates of the lines that apps print: what varies is masked, and lines alike are one."""

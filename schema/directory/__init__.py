"""The directory 组织目录 as it is asked for: units, areas, positions and people."""

"""Sphinx settings: `make docs` builds the pages with warnings as errors."""

project = "motcua"
author = "motcua contributors"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
exclude_patterns = ["_build"]

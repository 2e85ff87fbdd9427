"""How Sphinx makes the documentation: `make docs`, any warning an error."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from triplehelix.version import __version__

project = "Triple Helix"
author = "The Triple Helix contributors"
project_copyright = author
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown"}

# Formulas between dollar signs; headings that other pages can link to.
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

# Docstrings say `name` for a name, as Markdown does.
default_role = "code"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"Triple Helix {version}"
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False

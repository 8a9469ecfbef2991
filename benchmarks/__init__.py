"""Measurements of the code and of the running service; each module is one command."""

import os

# The model of the extra `semantic` would take minutes of each build; what is about it starts it.
os.environ.setdefault("KB_SEMANTIC", "off")

"""Measurements of the code and of the running service; each module is one command."""

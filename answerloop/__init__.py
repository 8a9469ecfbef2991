"""The application: joins articles, search and feedback; the only package that knows all three."""

__version__ = "0.1.0"

"""The static site: the only package that knows MkDocs and Material.

Everything that decides *what* is published is in `answerloop.catalog`; this package only turns it
into pages, so that another site builder could take its place.
"""

"""Documents in, hits out: the search of the knowledge base.

Knows no Markdown, no Git, no database and no settings file.
"""

"""What our programs need, loaded once by the server of forks that `tests.programs` starts."""

import gc
from importlib import import_module

_NAMES = (
    *("answerloop.builds", "answerloop.cli.progress", "answerloop.site.plugin"),
    *("answerloop.web.server", "alembic.command", "material.templates", "mkdocs.commands.build"),
    *("psycopg", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite.pysqlite"),
)

for _name in _NAMES:
    import_module(_name)
gc.freeze()  # what every fork has stays shared: no collection touches it

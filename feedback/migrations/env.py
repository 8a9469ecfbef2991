"""What Alembic runs to migrate over the connection that `feedback.migrations` hands it."""

from alembic import context
from alembic.runtime.migration import MigrationContext

from feedback import schema


def _check_foreign_keys(ctx: MigrationContext, *_: object, **__: object) -> None:
    """Refuse to commit a migration that left a row without the row it belongs to."""
    connection = ctx.connection
    if connection is None or connection.dialect.name != "sqlite":
        return
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        raise RuntimeError(f"the migration leaves rows without their parents: {orphans[:5]}")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
    transactional_ddl=True,
    on_version_apply=_check_foreign_keys,
)
with context.begin_transaction():
    context.run_migrations()

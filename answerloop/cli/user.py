"""`kb user`: who may sign in at the desk."""

import click


@click.group()
def command() -> None:
    """Add, list and remove the people who may sign in at the desk.

    \b
    Examples:
      kb user add charlie --role editor
      kb user list
    """

"""Which issue of a tracker stands for which item of the queue."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from feedback import database, keyed, schema
from feedback.model import ArticleKey, Lane

_issues = schema.issues
_items = schema.items


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue by its number in its project, and its page."""

    number: int
    url: str


def of_item(db: Connection, item: int, project: str) -> Issue | None:
    """The issue of an item in that project."""
    row = db.execute(
        select(_issues.c.issue, _issues.c.url).where(
            _issues.c.item == item, _issues.c.project == project
        )
    ).one_or_none()
    return None if row is None else Issue(*row)


def of_article(db: Connection, key: ArticleKey, lane: Lane, project: str) -> Issue | None:
    """The newest issue in that project of an item of this article and lane."""
    row = db.execute(
        select(_issues.c.issue, _issues.c.url)
        .join(_items, _items.c.id == _issues.c.item)
        .where(keyed.by(_items, key), _items.c.lane == lane, _issues.c.project == project)
        .order_by(_issues.c.item.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Issue(*row)


def keep(db: Connection, item: int, project: str, issue: Issue) -> None:
    """Remember the issue of an item, in place of an earlier one."""
    values = {"project": project, "issue": issue.number, "url": issue.url}
    db.execute(
        database.inserting(db, _issues)
        .values(item=item, **values)
        .on_conflict_do_update(index_elements=["item"], set_=values)
    )


def forget(db: Connection, project: str, number: int) -> None:
    """An issue is gone from its tracker."""
    db.execute(delete(_issues).where(_issues.c.project == project, _issues.c.issue == number))

"""A courier in a process of its own, to be killed: arguments are a database and a repository."""

import sys
from contextlib import closing
from pathlib import Path

from feedback import database
from feedback.writer import Writer
from tests.answerloop.deliveries.place import Clock, Place

if __name__ == "__main__":
    url, root, toml = sys.argv[1:]
    with closing(database.open(url)) as db, closing(Writer(db)) as writer:
        Place(Path(root), writer, Clock(), toml).deliver()

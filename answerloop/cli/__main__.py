"""`python -m answerloop.cli`: the command line without its script."""

from answerloop.cli import main

main(prog_name="kb")

"""All of it at length: `python -m tests.soak`."""

from tests.soak import errors, kills, power, together

if __name__ == "__main__":
    power.main()
    errors.main()
    kills.main()
    together.main()

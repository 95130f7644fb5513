"""`python -m carecli` is `care`."""

from carecli.cli import program

if __name__ == "__main__":
    program()

"""`python -m carecli` is `care`."""

import sys

from carecli.cli import main

if __name__ == "__main__":
    sys.exit(main())

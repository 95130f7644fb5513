"""Every benchmark in one run: `python benchmarks`."""

import runpy
from pathlib import Path

for name in ("startup", "business_time"):
    print(f"== {name}")
    runpy.run_path(str(Path(__file__).with_name(f"{name}.py")), run_name="__main__")

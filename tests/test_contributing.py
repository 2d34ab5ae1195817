"""The numeric check that CONTRIBUTING.md shows, and the script that sends it to other processes, run as they stand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)


def run(script: Path) -> str:
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, check=False, env=environment, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_and_a_script_of_ones_own(tmp_path):
    (example,) = (one for one in SCRIPTS if "check.main(__name__)" in one)
    (own,) = (one for one in SCRIPTS if "ProcessPoolExecutor" in one)
    for folder in ("proofs", "numeric_checks"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "proofs" / "gaussian_noise_mse.py", tmp_path / "proofs")
    check = tmp_path / "numeric_checks" / "gaussian_noise_mse.py"
    check.write_text(example, encoding="utf-8")
    (tmp_path / "mine.py").write_text(own, encoding="utf-8")
    assert run(check).startswith(" gaussian_noise_mse: confirmed")
    assert run(tmp_path / "mine.py").startswith("confirmed by e-process")

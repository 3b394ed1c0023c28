"""The code under test: `ha/molly-vip/lease.py`, the very file that goes to the machines."""

import importlib.util
import pathlib
import sys

_path = pathlib.Path(__file__).resolve().parent.parent / "molly-vip" / "lease.py"
_spec = importlib.util.spec_from_file_location("lease", _path)
lease = importlib.util.module_from_spec(_spec)
sys.modules["lease"] = lease  # dataclasses look their module up
_spec.loader.exec_module(lease)

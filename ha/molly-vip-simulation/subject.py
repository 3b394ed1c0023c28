"""The code under test: `lease.py` and `fenced_lease.py` of `ha/molly-vip`, the very files that go to the machines."""

import importlib.util
import pathlib
import sys

_folder = pathlib.Path(__file__).resolve().parent.parent / "molly-vip"


def _load(name):
    spec = importlib.util.spec_from_file_location(name, _folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up, and the second imports the first
    spec.loader.exec_module(module)
    return module


lease = _load("lease")
fenced_lease = _load("fenced_lease")

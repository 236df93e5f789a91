"""Run by a Python 3.13 that has the worker's own library: index function_app.py as Azure does, print what it found."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

from azure_functions_runtime.bindings.meta import load_binding_registry
from azure_functions_runtime.functions import Registry
from azure_functions_runtime.loader import index_function_app

# What the registry reads of the worker's protocol: the directions of a binding and its data type when none is given.
PROTOS = SimpleNamespace(BindingInfo=SimpleNamespace(inout=2, out=1, undefined=0))


def main() -> None:
    load_binding_registry()
    registry = Registry()
    found = {}
    for function in index_function_app("function_app.py"):
        known = registry.add_indexed_function(function=function, protos=PROTOS)
        found[known.name] = [binding.type for binding in function.get_bindings()]
    json.dump(found, sys.stdout)


main()

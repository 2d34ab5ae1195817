"""The mark `needs`: programs and packages that a test runs beside proofsheet."""

import pytest
from programs import need


@pytest.fixture(autouse=True)
def programs(request):
    for mark in request.node.iter_markers("needs"):
        need(*mark.args)

"""The mark `needs`: programs and packages that a test runs beside proofsheet; and Ctrl-C, which tests send to what they start."""

import signal

import pytest
from programs import need


def pytest_configure():
    """A shell has jobs in the background ignore Ctrl-C, and so would all that the tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def programs(request):
    for mark in request.node.iter_markers("needs"):
        need(*mark.args)

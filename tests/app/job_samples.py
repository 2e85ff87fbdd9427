"""Functions that worker processes are asked to run in the tests of jobs."""

import os
import signal
import time

from triplehelix.errors import InputError
from triplehelix.optimise.outcome import Progress


def double(value):
    return 2 * value


def who():
    return os.getpid()


def refuse(value):
    raise InputError(f"{value} is not wanted; give another")


def fail():
    return 1 // 0


def take(bytes_):
    return len(bytearray(bytes_))


def die(number):
    os.kill(os.getpid(), number)
    time.sleep(10)


def leave():
    os._exit(3)


def sleep(seconds):
    time.sleep(seconds)


def hang():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    time.sleep(600)


def count(until, *, on_progress, clock, every=0.01):
    """Count until told to stop; says how far it came."""
    began = clock()
    for n in range(until):
        if on_progress(Progress(clock() - began, float(n), 0.0)):
            return n
        time.sleep(every)
    return until

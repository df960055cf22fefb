"""Laws of queues (VALIDATION, section C), and how independent replications are compared with them."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

FALSE_ALARM = 1 / 16000
"""Chance that a comparison fails although the law holds: that of four standard errors of a known deviation."""


def erlang_c(load: float, servers: int) -> float:
    """Probability of waiting in M/M/c, by Erlang B from B_0 = 1."""
    blocked = 1.0
    for i in range(1, servers + 1):
        blocked = load * blocked / (i + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def wait_mmc(rate: float, service_rate: float, servers: int) -> float:
    """Mean wait in M/M/c."""
    return erlang_c(rate / service_rate, servers) / (servers * service_rate - rate)


def longer_than(rate: float, service_rate: float, servers: int, t: float) -> float:
    """Probability of a wait of more than t in M/M/c."""
    spare = servers * service_rate - rate
    return erlang_c(rate / service_rate, servers) * math.exp(-spare * t)


def wait_mg1(rate: float, mean: float, second: float) -> float:
    """Pollaczek and Khinchine: mean wait in M/G/1 with mean and second moment of the service."""
    return rate * second / (2 * (1 - rate * mean))


def wait_mdc(servers: int, load: float) -> float:
    """Mean wait in M/D/c, service 1: N' = (N - c)+ + Poisson(load) has a stationary mean; then Little's law."""
    size = 300
    poisson = stats.poisson.pmf(np.arange(size), load)
    step = np.zeros((size, size))
    for n in range(size):
        left = max(n - servers, 0)
        step[n, left:] = poisson[: size - left]
    # law = law @ step and the law adds to one
    equations = np.vstack([(step - np.eye(size)).T, np.ones(size)])
    law = np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0))[0]
    return float(law @ np.arange(size)) / load - 1


def cobham(rates, means, seconds):
    """Mean waits of the classes of M/G/1 by non-preemptive priority, the highest first."""
    residual = sum(rate * second for rate, second in zip(rates, seconds, strict=True)) / 2
    return _by_class(residual, np.cumsum([rate * mean for rate, mean in zip(rates, means, strict=True)]))


def cobham_mmc(rates, service_rate, servers):
    """Mean waits of the classes of M/M/c by non-preemptive priority, one exponential law for all."""
    total = servers * service_rate
    residual = erlang_c(sum(rates) / service_rate, servers) / total
    return _by_class(residual, np.cumsum(rates) / total)


def _by_class(residual, busy):
    before = np.concatenate(([0.0], busy[:-1]))
    return [float(residual / ((1 - a) * (1 - b))) for a, b in zip(before, busy, strict=True)]


def tandem(rate, stages, passing):
    """Mean waits of exponential stages in series, and the mean time of a claim that passes all (Burke, Jackson)."""
    waits = []
    for (service_rate, servers), reached in zip(stages, np.cumprod([1.0, *passing]), strict=True):
        waits.append(wait_mmc(rate * reached, service_rate, servers))
    return waits, sum(waits) + sum(1 / service_rate for service_rate, _ in stages)


def start_up(rate: float, servers: int, t: float, size: int = 120):
    """M/M/c from empty, mean service 1: mean number open, mean in the queue, probability that all are busy."""
    from scipy.linalg import expm

    n = np.arange(size)
    down, up = np.minimum(n, servers).astype(float), np.full(size, rate)
    up[-1] = 0
    generator = np.diag(up[:-1], 1) + np.diag(down[1:], -1) - np.diag(up + down)
    law = expm(generator * t)[0]
    return law @ n, law @ np.maximum(n - servers, 0), law[servers:].sum()


def relaxation(load: float, servers: int, service: float) -> float:
    """Ten relaxation times, 10 / (c mu (1 - sqrt(rho))^2): the warm-up of the notes."""
    return 10 * service / (servers * (1 - math.sqrt(load / servers)) ** 2)


def compare(name, replications, truth, *, largest_relative_error, slack=0.0):
    """Compare the mean of independent replications with the truth, by Student's t with the false alarm above.

    Parameters
    ----------
    replications : array of shape (replications,)
        One figure of each.
    truth : float
        What it should be.
    largest_relative_error : float
        The largest standard error over truth with which the comparison says anything.
    slack : float
        A bound on the error of whole minutes, where there is one.
    """
    figures = np.asarray(replications, float)
    n = len(figures)
    error = figures.std(ddof=1) / math.sqrt(n)
    allowed = stats.t.ppf(1 - FALSE_ALARM / 2, n - 1) * error + slack
    print(f"{name}: {figures.mean():.6g}, truth {truth:.6g}, standard error {error:.3g}, replications {n}")
    assert error / abs(truth) <= largest_relative_error, f"{name}: too few replications to tell"
    assert abs(figures.mean() - truth) <= allowed, f"{name}: {figures.mean()} is not {truth}"

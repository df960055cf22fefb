"""The ratios, what each should be, and what applies to this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WITHOUT_AVX512 = 4
"""A kernel without vector multiplies of 64-bit words and fast gathers is held to a quarter of its targets."""


@dataclass(frozen=True)
class Ratio:
    """A ratio of two figures of one round, and what it should be: at least a target, or at most.

    Attributes
    ----------
    name : what is divided by what.
    one, other : the figures' names.
    target : with AVX-512.
    at_most : the target is a bound from above.
    vectors : the target counts on AVX-512.
    """

    name: str
    one: str
    other: str
    target: float | None = None
    at_most: bool = False
    vectors: bool = False

    def wanted(self, *, avx512: bool) -> float | None:
        """Return the target that applies with or without AVX-512."""
        if self.target is None or avx512 or not self.vectors:
            return self.target
        return self.target / WITHOUT_AVX512

    def why_not(self, reasons: Mapping[str, str]) -> str:
        """Say why it was not measured, from the reasons of its figures."""
        told = [reasons[figure] for figure in (self.one, self.other) if figure in reasons]
        return told[0] if told else "no round that counts has both its figures"


def _kernel(
    name: str, other: str, one: float | None = None, two: float | None = None, figure: str = "kernel"
) -> tuple[Ratio, Ratio]:
    """Set the kernel, on one thread and on two, against something that runs on one core."""
    return (
        Ratio(f"kernel / {name}", figure, other, one, vectors=True),
        Ratio(f"kernel, two threads / {name}", f"{figure}_two_threads", other, two, vectors=True),
    )


RATIOS = (
    *_kernel("twin (plain SimPy)", "twin", 10_000, 15_000),
    *_kernel("mesa", "mesa", 120, 180),
    *_kernel("starsim", "starsim", 12, 18),
    *_kernel("SplitMix64 in L1", "splitmix", 0.05, 0.08),
    # The targets are set for the full model, beside the peers' smaller one. Two others without a target: the plain world,
    # and the peers' own model, of which a rider-day costs more than of the others, for more riders are at work.
    *_kernel("twin, plain world", "twin_plain", figure="kernel_plain"),
    *_kernel("mesa, plain world", "mesa", figure="kernel_plain"),
    *_kernel("starsim, plain world", "starsim", figure="kernel_plain"),
    *_kernel("SplitMix64 in L1, plain world", "splitmix", figure="kernel_plain"),
    *_kernel("mesa, same model", "mesa", figure="kernel_shared"),
    *_kernel("starsim, same model", "starsim", figure="kernel_shared"),
    Ratio("two threads / one, largest world", "kernel_large_two_threads", "kernel_large_wall", 1.5),
    Ratio("two threads / one", "kernel_two_threads", "kernel_wall"),
    Ratio("kernel / Threefry in L1", "kernel", "threefry"),
    Ratio("kernel / triad, 24 bytes each", "kernel", "triad_elements"),
    Ratio("twin / bare SimPy, events", "twin_events", "twin_bare_events"),
    Ratio("twin / bare SimPy, events, plain world", "twin_plain_events", "twin_plain_bare_events", 0.5),
    Ratio("ten designs / one, no injuries", "ten_designs_no_injuries", "one_design_no_injuries", 1.5, True),
    Ratio("ten designs / one, with injuries", "ten_designs_injuries", "one_design_injuries"),
    Ratio("ten designs / one, few riders", "ten_designs_few_riders", "one_design_few_riders"),
    Ratio("two workers / one, processor seconds", "one_worker_cpu", "two_workers_cpu"),
    Ratio("two workers / one, by the clock", "one_worker", "two_workers"),
    Ratio("two workers / one, with their start", "one_worker", "two_workers_cold"),
)

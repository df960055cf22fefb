"""A scenario as commands read it: checked in itself, and in what it asks of metrics."""

from __future__ import annotations

import os
from collections.abc import Sequence

from injurysim.core.errors import InputError
from injurysim.scenario.reading import ReadScenario, read_scenario


def load(
    path: str | os.PathLike[str],
    *,
    overrides: Sequence[str] = (),
    vary: Sequence[str] = (),
    worlds: Sequence[str] = (),
    designs: Sequence[str] = (),
) -> ReadScenario:
    """Read a scenario file.

    Parameters
    ----------
    path : path
        The file.
    overrides : sequence of str
        ``PATH=VALUE`` each, laid over the file.
    vary : sequence of str
        ``PATH=V1,V2`` each: a variant of a world or design for each value.
    worlds, designs : sequence of str
        Keep only these; all when empty. A baseline that is not kept gives way to the first that is.

    Returns
    -------
    ReadScenario

    Raises
    ------
    InputError
        With every problem found, located.
    """
    read = read_scenario(path, overrides=overrides, vary=vary, worlds=worlds, designs=designs)
    if read.loaded.model.precision is not None:
        from injurysim.results.asking import asked_problems

        if problems := asked_problems(read.loaded):
            raise InputError(problems)
    return read

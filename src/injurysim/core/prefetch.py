"""Ask for memory ahead of its use, from inside a kernel.

A look-up in a table that does not fit into the caches takes a hundred times as long as an addition. Asked for early, what
is there arrives while other work is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

READ, KEEP, DATA = 0, 3, 1
"""Arguments of LLVM's ``prefetch``: to be read, to be kept in all caches, and not instructions."""


@intrinsic
def _prefetch(_typing_context: Any, array: Any, index: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        data = context.make_array(array)(context, builder, arguments[0]).data
        place = builder.bitcast(builder.gep(data, [arguments[1]]), cgutils.voidptr_t)
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
        asked = builder.module.declare_intrinsic("llvm.prefetch", [cgutils.voidptr_t], kind)
        builder.call(asked, [place, *(ir.Constant(word, each) for each in (READ, KEEP, DATA))])
        return context.get_dummy_value()

    return types.void(array, index), generate


prefetch = cast("Callable[[NDArray[Any], int], None]", _prefetch)
"""Ask for the line of the cache in which an element of a contiguous array of one dimension lies, inside a kernel.

Nothing else happens, whatever the index: memory that does not exist is not asked for.
"""

"""Keyed randomness: published known answers, layout of the key, independence of everything else."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from injurysim.core import randomness
from injurysim.core.randomness import (
    STREAMS_VERSION,
    Purpose,
    Streams,
    digest32,
    digest64,
    group_who,
)
from injurysim.core.threefry import threefry2x64, uniform_pair

MASK = 2**64 - 1
words = st.integers(0, MASK)
halves = st.integers(0, 2**32 - 1)


def threefry_by_definition(key: tuple[int, int], counter: tuple[int, int], rounds: int) -> tuple[int, int]:
    """Threefish of the Skein paper without tweak, on two words, in unbounded integers."""
    rotations = (16, 42, 12, 31, 16, 32, 24, 21)
    keys = (*key, 0x1BD11BDAA9FC1A22 ^ key[0] ^ key[1])
    x0, x1 = (counter[0] + keys[0]) & MASK, (counter[1] + keys[1]) & MASK
    for i in range(rounds):
        r = rotations[i % 8]
        x0 = (x0 + x1) & MASK
        x1 = ((x1 << r | x1 >> (64 - r)) & MASK) ^ x0
        if i % 4 == 3:
            s = i // 4 + 1
            x0 = (x0 + keys[s % 3]) & MASK
            x1 = (x1 + keys[(s + 1) % 3] + s) & MASK
    return x0, x1


def kernel(key: tuple[int, int], counter: tuple[int, int]) -> tuple[int, int]:
    x0, x1 = threefry2x64(*(np.uint64(word) for word in (*key, *counter)))
    return int(x0), int(x1)


ONES, PI_COUNTER = (MASK, MASK), (0x243F6A8885A308D3, 0x13198A2E03707344)
PI_KEY = (0xA4093822299F31D0, 0x082EFA98EC4E6C89)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [  # kat_vectors of Random123, the lines "threefry2x64 20"
        ((0, 0), (0, 0), (0xC2B6E3A8C2C69865, 0x6F81ED42F350084D)),
        (ONES, ONES, (0xE02CB7C4D95D277A, 0xD06633D0893B8B68)),
        (PI_COUNTER, PI_KEY, (0x263C7D30BB0F0AF1, 0x56BE8361D3311526)),
    ],
)
def test_known_answers_of_random123(
    counter: tuple[int, int], key: tuple[int, int], answer: tuple[int, int]
) -> None:
    assert kernel(key, counter) == answer
    assert threefry_by_definition(key, counter, 20) == answer


def test_the_definition_in_this_file_meets_the_other_known_answers() -> None:
    # The lines "threefry2x64 13" and "threefry2x64 32" of the same file.
    assert threefry_by_definition(PI_KEY, PI_COUNTER, 13) == (0xC3AAC71561042993, 0x3FE7AE8801AFF316)
    assert threefry_by_definition(PI_KEY, PI_COUNTER, 32) == (0xDAD492F32EFBD0C4, 0xB6D7D0CD1F193E84)


@given(words, words, words, words)
def test_the_kernel_is_threefry_for_every_key_and_counter(k0: int, k1: int, c0: int, c1: int) -> None:
    assert kernel((k0, k1), (c0, c1)) == threefry_by_definition((k0, k1), (c0, c1), 20)


@given(halves, halves, words, st.sampled_from(Purpose), halves, halves)
def test_every_field_sits_in_its_own_bits(
    seed: int, replication: int, who: int, purpose: Purpose, when: int, index: int
) -> None:
    key, counter = (seed * 2**32 + replication, who), (int(purpose) * 2**48, when * 2**32 + index)
    expected = tuple(((word >> 12) + 0.5) / 2**52 for word in threefry_by_definition(key, counter, 20))
    streams = Streams(seed, replication)
    assert streams.pair_one(purpose, who, when, index) == expected
    assert streams.uniform_one(purpose, who, when, index) == expected[0]
    assert streams.uniform(purpose, np.array([who], np.uint64), when, index).tolist() == [expected[0]]


def test_uniforms_stay_strictly_between_0_and_1() -> None:
    # The cells nearest to the ends, in the arithmetic of the kernel: the largest is representable below one.
    assert (np.float64(0) + 0.5) * 2.0**-52 == 2.0**-53
    assert (np.float64(2**52 - 1) + 0.5) * 2.0**-52 == 1.0 - 2.0**-53
    assert (np.float64(2**53 - 1) + 0.5) * 2.0**-53 == 1.0  # why 53 bits are one too many


def test_the_registry_only_grows() -> None:
    registered = (
        "ATTENDANCE SHIFT INJURY_CLOCK SEVERITY MEDICAL_COST DAYS_OFF DISABILITY SITUATION ORDERS RIDER_ID PORTFOLIO "
        "RELATION FRAILTY AGE ORDER_GAP ORDER_MINUTES REPORT REPORT_LAG PAPERS CONFIRMATION_TIME "
        "CONFIRMATION_OUTCOME APPRAISAL_TIME PAYMENT_TIME UNCOVERED_REPORT"
    )
    numbers = {name: number for number, name in enumerate(registered.split(), start=1)}
    assert numbers.items() <= {purpose.name: purpose.value for purpose in Purpose}.items()
    assert len({purpose.value for purpose in Purpose}) == len(Purpose.__members__)
    assert all(0 < purpose < 2**16 for purpose in Purpose)


def test_the_streams_of_version_2() -> None:
    # A change of any of these is a new STREAMS_VERSION.
    assert STREAMS_VERSION == 2
    assert Streams(1, 0).uniform_one(Purpose.SHIFT, 5) == 0.32919357565849994
    assert digest64("shanghai", "dedicated", 0, 17) == DIGEST_OF_A_PATH
    assert digest32("meituan") == DIGEST_OF_A_NAME


PATH_BYTES = b"s8:shanghai" + b"s9:dedicated" + b"i1:0" + b"i2:17"
DIGEST_OF_A_PATH = int.from_bytes(blake2b(PATH_BYTES, digest_size=8).digest(), "little")
DIGEST_OF_A_NAME = int.from_bytes(blake2b(b"s7:meituan", digest_size=4).digest(), "little")


def test_paths_are_joined_without_ambiguity() -> None:
    paths: list[tuple[str | int, ...]] = [
        (),
        ("",),
        ("", ""),
        ("ab", "c"),
        ("a", "bc"),
        ("abc",),
        ("a", 1),
        ("a", "1"),
        ("a1",),
        ("a", -1),
        ("s1:a",),
        (1, 2),
        (12,),
        ("骑手", 0),
    ]
    assert len({digest64(*path) for path in paths}) == len(paths)
    assert len({digest32(*path) for path in paths}) == len(paths)
    assert digest64("a", np.int64(1)) == digest64("a", 1)
    with pytest.raises(TypeError, match="text and integers"):
        digest64("a", 1.0)  # type: ignore[arg-type]


def test_arrays_broadcast_and_agree_with_single_draws() -> None:
    streams = Streams(7, 3)
    who = group_who("beijing", "crowd", 2, np.arange(5))
    days = np.arange(4)
    table = streams.uniform(Purpose.ATTENDANCE, who[:, np.newaxis], days, 9)
    assert table.shape == (5, 4)
    for i, j in ((0, 0), (4, 3), (2, 1)):
        assert table[i, j] == streams.uniform_one(Purpose.ATTENDANCE, int(who[i]), j, 9)
    one_subject = streams.uniform(Purpose.ATTENDANCE, who[2], days, 9)
    assert one_subject.tolist() == table[2].tolist()
    assert streams.uniform(Purpose.ATTENDANCE, int(who[0]), 1, 9).shape == ()
    assert streams.uniform(Purpose.ATTENDANCE, np.array([], np.uint64)).shape == (0,)
    assert streams.uniform(Purpose.ATTENDANCE, np.broadcast_to(who, (2, 5))).shape == (2, 5)


def test_a_draw_depends_on_nothing_else() -> None:
    streams, riders = Streams(7, 3), np.arange(100, dtype=np.uint64)
    alone = streams.uniform(Purpose.SHIFT, riders)
    shuffled = np.random.default_rng(1).permutation(100)
    assert (streams.uniform(Purpose.SHIFT, riders[shuffled]) == alone[shuffled]).all()
    assert (streams.uniform(Purpose.SHIFT, riders[:50]) == alone[:50]).all()


def test_another_field_gives_other_numbers() -> None:
    base = (7, 3, Purpose.SHIFT, 11, 5, 2)
    others = [
        (8, 3, Purpose.SHIFT, 11, 5, 2),
        (7, 4, Purpose.SHIFT, 11, 5, 2),
        (7, 3, Purpose.ORDERS, 11, 5, 2),
        (7, 3, Purpose.SHIFT, 12, 5, 2),
        (7, 3, Purpose.SHIFT, 11, 6, 2),
        (7, 3, Purpose.SHIFT, 11, 5, 3),
        (3, 7, Purpose.SHIFT, 11, 2, 5),
    ]
    draws = {Streams(*fields[:2]).pair_one(*fields[2:]) for fields in [base, *others]}
    assert len(draws) == 1 + len(others)


def test_uniforms_are_uniform_and_the_pair_is_uncorrelated() -> None:
    n = 200_000
    first = Streams(2024, 0).uniform(Purpose.SHIFT, np.arange(n, dtype=np.uint64))
    pairs = np.array([Streams(2024, 0).pair_one(Purpose.SHIFT, i) for i in range(20_000)])
    # False alarms: p below 1 in 16 000; correlations beyond 4 standard errors.
    assert stats.kstest(first, "uniform").pvalue > 1 / 16_000
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 4 / np.sqrt(n)
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4 / np.sqrt(len(pairs))
    assert (pairs[:, 0] == first[:20_000]).all()


@pytest.mark.parametrize(
    ("who", "when", "index"),
    [
        (-1, 0, 0),
        (2**64, 0, 0),
        (0, -1, 0),
        (0, 2**32, 0),
        (0, 0, -1),
        (0, 0, 2**32),
    ],
)
def test_fields_that_do_not_fit_are_refused(who: int, when: int, index: int) -> None:
    streams = Streams(1, 0)
    for draw in (streams.uniform, streams.uniform_one, streams.pair_one):
        with pytest.raises(ValueError, match="whole number"):
            draw(Purpose.SHIFT, who, when, index)


def test_other_things_that_are_no_field_are_refused() -> None:
    for seed, replication in ((-1, 0), (2**32, 0), (0, -1), (0, 2**32)):
        with pytest.raises(ValueError, match="whole number"):
            Streams(seed, replication)
    with pytest.raises(ValueError, match="whole number"):
        Streams(1, 0).uniform(Purpose.SHIFT, np.array([0.5]))
    with pytest.raises(ValueError, match="purpose"):
        Streams(1, 0).uniform_one(2**16, 0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cohort"):
        group_who("a", "b", -1, np.arange(3))
    with pytest.raises(ValueError, match="ordinals"):
        group_who("a", "b", 0, np.array([-1]))


NAMES, WEIGHTS = ["alpha", "beta", "gamma", "nobody"], [5.0, 3.0, 2.0, 0.0]
RIDERS = group_who("tianjin", "dedicated", 0, np.arange(40_000))


def test_a_race_is_won_in_proportion_to_the_weights() -> None:
    won = np.bincount(Streams(5, 1).race(Purpose.PORTFOLIO, RIDERS, NAMES, WEIGHTS), minlength=4)
    p = np.array(WEIGHTS) / 10
    # 4 standard errors of a proportion each (1 in 16 000).
    assert (np.abs(won / RIDERS.size - p) <= 4 * np.sqrt(p * (1 - p) / RIDERS.size)).all()
    assert won[3] == 0


def test_one_more_option_changes_only_those_who_take_it() -> None:
    streams = Streams(5, 1)
    before = streams.race(Purpose.PORTFOLIO, RIDERS, NAMES, WEIGHTS)
    after = streams.race(Purpose.PORTFOLIO, RIDERS, ["newcomer", *NAMES], [1.0, *WEIGHTS])
    assert ((after == 0) | (after == before + 1)).all()
    assert 0 < (after == 0).mean() < 0.15


def test_a_heavier_option_only_gains() -> None:
    streams = Streams(5, 1)
    before = streams.race(Purpose.PORTFOLIO, RIDERS, NAMES, WEIGHTS)
    after = streams.race(Purpose.PORTFOLIO, RIDERS, NAMES, [5.0, 3.0, 4.0, 0.0])
    assert ((after == before) | (after == 2)).all()


def test_the_order_and_scale_of_options_do_not_matter() -> None:
    streams = Streams(5, 1)
    forward = streams.race(Purpose.PORTFOLIO, RIDERS, NAMES, WEIGHTS)
    backward = streams.race(Purpose.PORTFOLIO, RIDERS, NAMES[::-1], [8 * weight for weight in WEIGHTS[::-1]])
    assert (backward == 3 - forward).all()
    assert streams.race(Purpose.PORTFOLIO, RIDERS[:0], NAMES, WEIGHTS).shape == (0,)


@pytest.mark.parametrize("bad", [[0.0, 0.0], [-1.0, 2.0], [np.nan, 1.0], [np.inf, 1.0], [1.0]])
def test_weights_nobody_can_win_with_are_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Streams(1, 0).race(Purpose.PORTFOLIO, RIDERS[:2], ["a", "b"], bad)


def test_options_with_one_digest_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="share a digest"):
        Streams(1, 0).race(Purpose.PORTFOLIO, RIDERS[:2], ["a", "a"], [1.0, 1.0])
    monkeypatch.setattr(randomness, "digest32", lambda *_: 7)
    with pytest.raises(ValueError, match="share a digest"):
        Streams(1, 0).race(Purpose.PORTFOLIO, RIDERS[:2], ["a", "b"], [1.0, 1.0])


def test_a_rider_is_known_by_the_path_alone() -> None:
    who = group_who("tianjin", "dedicated", 3, np.arange(1000))
    assert who.dtype == np.uint64
    assert np.unique(who).size == 1000
    assert (group_who("tianjin", "dedicated", 3, np.arange(500, 1000)) == who[500:]).all()
    for other in (("beijing", "dedicated", 3), ("tianjin", "crowd", 3), ("tianjin", "dedicated", 4)):
        assert not np.isin(group_who(*other, np.arange(1000)), who).any()
    key, counter = (digest64("tianjin", "dedicated"), 3), (int(Purpose.RIDER_ID) << 48, 999)
    assert int(who[999]) == threefry_by_definition(key, counter, 20)[0]


def test_kernels_may_hand_over_signed_fields() -> None:
    # A kernel counts days and indices in signed integers: the same draw, not a float.
    signed = uniform_pair(np.uint64(1 << 32), np.uint64(5), int(Purpose.SHIFT), 3, 4)
    assert signed == Streams(1, 0).pair_one(Purpose.SHIFT, 5, 3, 4)

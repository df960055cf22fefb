"""The command compare: any two places of finished results."""

from __future__ import annotations

import re


def flat(text):
    return re.sub(r"\s+", " ", text)


def test_two_places_are_compared(ran, say):
    folder, _ = ran
    said = say(
        "compare", folder, "limited/pilot", "base/pilot", "--metric", "net_position", "--metric", "injuries"
    )
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("world limited less world base: differences paired by replication")
    assert "2 metrics were asked for" in flat(said.out)
    assert "Injuries:" in said.out
    assert "pilot, net position at the end of exposure:" in flat(said.out)


def test_precision_level_and_language_are_asked_for(ran, say):
    folder, _ = ran
    options = ("--metric", "injuries", "--half-width", "injuries=2", "--level", "0.9", "--lang", "zh")
    said = say("compare", folder, "limited", "base", *options)
    assert said.code == 0
    assert "90%置信区间" in said.out
    assert "控制在2起以内" in said.out.replace("\n", "")


def test_wrong_names_end_with_what_there_is(ran, say):
    folder, _ = ran
    for arguments, what in (
        (("limited/nobody", "base"), "There are base, base/daily, base/pilot, limited,"),
        (("limited", "base", "--metric", "closing"), "There are"),
        (("limited", "base", "--half-width", "injuries"), "Write METRIC=VALUE"),
        (("limited", "base", "--half-width", "injuries=0"), "must be a number above 0"),
        (("limited", "base", "--half-width", "injuries=1", "--half-width", "injuries=2"), "two half-widths"),
        (("base", "base"), "compared with itself"),
    ):
        said = say("compare", folder, *arguments)
        assert (said.code, said.out) == (2, "")
        assert what in said.err
        assert said.err.endswith("\n1 problem; nothing was compared.\n")
    assert say("compare", folder / "nowhere", "a", "b").code == 2


def test_python_says_the_same(ran, say):
    from injurysim.api import reopen
    from injurysim.results.sentences import comparison_sentences

    folder, _ = ran
    found = reopen(folder).contrast("limited", "base", ["injuries"], level=0.9)
    assert list(found["family"]) == [1]
    (sentence,) = comparison_sentences(found)
    assert flat(sentence) in flat(
        say("compare", folder, "limited", "base", "--metric", "injuries", "--level", "0.9").out
    )

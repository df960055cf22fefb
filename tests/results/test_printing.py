"""What goes to a pipe is plain, of one width, and as it was written."""

from __future__ import annotations

import io

from injurysim.results.printing import PLAIN_WIDTH, plain_console, print_line, table_of


def test_brackets_stay_and_nothing_is_coloured():
    file = io.StringIO()
    print_line(plain_console(file), "[bold]ultimate_loss_ratio[2022][/bold] 1.5")
    assert file.getvalue() == "[bold]ultimate_loss_ratio[2022][/bold] 1.5\n"


def test_a_table_has_labels_to_the_left_and_numbers_to_the_right():
    file = io.StringIO()
    table = table_of("metric", 12, ["a column"])
    table.add_row("a label that is too long for it", "1")
    plain_console(file).print(table)
    lines = [line for line in file.getvalue().splitlines() if line.strip(" ─")]
    assert lines[0].split() == ["metric", "a", "column"]
    assert lines[1].startswith("a label that")
    assert lines[1].rstrip().endswith("1")
    assert len(lines) > 2
    assert max(map(len, lines)) <= PLAIN_WIDTH

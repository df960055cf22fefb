"""A scenario from beginning to end: question, time, worlds, designs, sources, assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from injurysim.describe.catalogue import Language
from injurysim.describe.differences import differences
from injurysim.describe.evidence import clauses, grades, stated_values
from injurysim.describe.outline import Item, around_outline, scheme_outline, title_of, world_outline
from injurysim.describe.telling import ASSUMED, Figure, Teller
from injurysim.scenario.designs import Design, Scheme
from injurysim.scenario.document import Scenario
from injurysim.scenario.names import Text
from injurysim.scenario.values import Dated, Part, Value
from injurysim.scenario.variants import points_of
from injurysim.scenario.world import World

GRADES = ("official", "press", "study", "derived", "assumption", "none")

BasedOn = Mapping[str, Mapping[str, str]]


def describe(scenario: Scenario, language: Language = "en", based_on: BasedOn | None = None) -> str:
    """Put a scenario into words.

    Parameters
    ----------
    scenario : Scenario
        Any scenario; resolved or not.
    language : {'en', 'zh'}
        The language.
    based_on : mapping, optional
        Section -> entry -> the entry it is based on: a world or a design is told by what it changes against that, and
        against the baseline where none is named.

    Returns
    -------
    str
        Markdown: headings, paragraphs and lists, ending with a newline.
    """
    return _Description(scenario, language, based_on or {}).text()


class _Description:
    def __init__(self, scenario: Scenario, language: Language, based_on: BasedOn) -> None:
        self.scenario, self.based_on = scenario, based_on
        self.teller = Teller(language, _names(scenario, language), scenario.sources)
        self.blocks: list[str] = []
        self.colon = "：" if language == "zh" else ": "

    def text(self) -> str:
        self._opening()
        self._experiment()
        self._worlds()
        self._designs()
        self._closing()
        return "\n\n".join(block for block in self.blocks if block) + "\n"

    # ---------------------------------------------------------------------------------------------- opening

    def _opening(self) -> None:
        scenario, say = self.scenario, self.teller.say
        self._heading(1, self._text(scenario.title))
        self.blocks.append(say("marks"))
        if scenario.question is not None:
            self._heading(2, say("heading.question"))
            self.blocks.append(self._text(scenario.question))
        self._heading(2, say("heading.frame"))
        seeds = say(
            "seeds",
            seed=str(scenario.seed),
            replications=scenario.replications,
            precise=scenario.precision is not None,
            scale=Figure(self.teller, scenario.scale),
        )
        parts: list[Part | None] = [scenario.horizon, scenario.baseline, scenario.calendar, scenario.losses]
        precision = scenario.precision and scenario.precision.beside(scenario.replications)
        until = [self.teller.tell(precision)] if precision is not None else []
        self._list([*(self.teller.tell(part) for part in parts if part is not None), seeds, *until])

    # ------------------------------------------------------------------------------------------- what differs

    def _experiment(self) -> None:
        """Say what is varied: of each world and design, path by path, the values that its variants have."""
        varied: dict[tuple[Literal["world", "design"], str], dict[str, list[str]]] = {}
        for kind, _, of, path, value in points_of(self.scenario):
            values = varied.setdefault((kind, of), {}).setdefault(path, [])
            if value not in values:
                values.append(value)
        if not varied:
            return
        self._heading(2, self.teller.say("heading.experiment"))
        self._list(
            [
                self.teller.say(f"varies.{kind}", title=self.teller.name(of, kind), path=path, values=values)
                for (kind, of), paths in varied.items()
                for path, values in paths.items()
            ]
        )

    def _parent(self, section: str, name: str, baseline: str) -> str:
        """Return the entry a world or design is told against."""
        whole = getattr(self.scenario, section)
        varied = whole[name].varied
        stated = self.based_on.get(section, {}).get(name, varied.of if varied is not None else baseline)
        return stated if stated in whole else baseline

    def _varied(self, entry: World | Design) -> None:
        """Say of a variant what makes it one."""
        if entry.varied is not None:
            self.blocks.append(self.teller.tell(entry.varied))

    def _worlds(self) -> None:
        self._heading(2, self.teller.say("heading.worlds"))
        first = self.scenario.baseline.world
        for name in sorted(self.scenario.worlds, key=lambda each: each != first):
            world = self.scenario.worlds[name]
            self._heading(3, self.teller.say("heading.world", title=self.teller.name(name, "world")))
            self._varied(world)
            outline = world_outline(self.teller, world)
            if name == first:
                self._items(outline)
                continue
            parent = self._parent("worlds", name, first)
            self._against(outline, world_outline(self.teller, self.scenario.worlds[parent]), "world", parent)

    def _designs(self) -> None:
        say = self.teller.say
        self._heading(2, say("heading.designs"))
        first = self.scenario.baseline.design
        for name in sorted(self.scenario.designs, key=lambda each: each != first):
            design = self.scenario.designs[name]
            self._heading(3, self.teller.say("heading.design", title=self.teller.name(name, "design")))
            self._varied(design)
            parent = self._parent("designs", name, first)
            other = self.scenario.designs[parent] if name != first else None
            if other is not None:
                self._against_baseline(design)
            if design.template is not None:
                self.blocks.append(f"{say('label.template')}{self.colon}{self._text(design.template)}")
            for key, scheme in design.schemes.items():
                self._scheme(key, scheme, other, parent)
            self._heading(4, say("heading.around"))
            around = around_outline(self.teller, design)
            if other is None:
                self._items(around)
            else:
                self._against(around, around_outline(self.teller, other), "design", parent)

    def _scheme(self, name: str, scheme: Scheme, other: Design | None, parent: str) -> None:
        title = title_of(self.teller, name, scheme)
        self._heading(4, self.teller.say("heading.scheme", title=title))
        outline = scheme_outline(self.teller, scheme)
        if other is None or name not in other.schemes:
            self._items(outline)
        else:
            self._against(outline, scheme_outline(self.teller, other.schemes[name]), "design", parent)

    def _against(self, new: Sequence[Item], old: Sequence[Item], kind: str, parent: str) -> None:
        """Tell items by what they change, or whole where much differs."""
        changed = differences(self.teller, new, old)
        if changed is None:
            self._items(new)
            return
        self.blocks.append(
            self.teller.say("as_in", title=self.teller.name(parent, kind), changed=bool(changed))
        )
        self._list(changed)

    def _against_baseline(self, design: Design) -> None:
        """Say which schemes a design has that the baseline has not, and the other way round."""
        first = self.scenario.baseline.design
        base = self.scenario.designs[first].schemes

        def titles(schemes: Mapping[str, Scheme], kept: Sequence[str]) -> list[str]:
            return [title_of(self.teller, name, schemes[name]) for name in kept]

        added = titles(design.schemes, [name for name in design.schemes if name not in base])
        removed = titles(base, [name for name in base if name not in design.schemes])
        both = [name for name in design.schemes if name in base and design.schemes[name] != base[name]]
        self.blocks.append(
            self.teller.say(
                "against_baseline",
                title=self.teller.name(first, "design"),
                added=added,
                removed=removed,
                changed=titles(design.schemes, both),
            )
        )

    # ---------------------------------------------------------------------------------------------- evidence

    def _closing(self) -> None:
        say, teller = self.teller.say, self.teller
        stated = stated_values(self.scenario)
        counted = grades(stated)
        if counted:
            self._heading(2, say("heading.evidence"))
            self.blocks.append(
                say(
                    "count",
                    total=sum(counted.values()),
                    counts=[
                        say("grade_count", n=counted[each], grade=teller.word(each, "grade"))
                        for each in GRADES
                        if counted[each]
                    ],
                    mandated=sum(getattr(each.part, "mandated", False) for each in stated),
                )
            )
        cited = clauses(stated)
        if teller.numbers_of_sources:
            self._heading(2, say("heading.sources"))
            numbered = sorted(teller.numbers_of_sources.items(), key=lambda each: each[1])
            self.blocks.append("\n".join(f"{n}. {self._source(key, cited)}" for key, n in numbered))
        assumed = [each for each in stated if each.part.grade == "assumption"]
        if assumed:
            self._heading(2, say("heading.assumptions"))
            self._list([self._assumption(each.path, each.part, each.shared_by) for each in assumed])

    def _source(self, key: str, cited: Mapping[str, list[str]]) -> str:
        known = self.scenario.sources.get(key)
        own = [known.clause] if known is not None and known.clause else []
        return self.teller.say(
            "source",
            title=known.title if known else key,
            issuer=known.issuer if known else None,
            date=known.date if known else None,
            clauses=[*own, *cited.get(key, [])],
            cited=key in cited,
        )

    def _assumption(self, path: tuple[str | int, ...], part: Part, shared_by: tuple[str, ...]) -> str:
        """Write an assumption: where, what, within which range, why; worlds or designs that share it in braces."""
        keys = [str(each) for each in path]
        if len(shared_by) > 1:
            keys[1] = "{" + ",".join(shared_by) + "}"
        low, high = getattr(part, "range", None) or (None, None)
        manner = self.teller.manner
        if isinstance(part, Value | Dated):
            value = self.teller.of(Figure(self.teller, part), "{}")
        else:
            value = self.teller.tell(part)
        return self.teller.say(
            "assumption",
            path=".".join(keys),
            value=value.replace(ASSUMED, "", 1).rstrip(".。"),
            low=None if low is None else manner.number(low),
            high=None if high is None else manner.number(high),
            note=getattr(part, "note", None),
        )

    # ----------------------------------------------------------------------------------------------- writing

    def _text(self, text: Text) -> str:
        return (text.zh if self.teller.language == "zh" else None) or text.en

    def _heading(self, level: int, title: str) -> None:
        self.blocks.append(f"{'#' * level} {title}")

    def _list(self, lines: Sequence[str]) -> None:
        self.blocks.append("\n".join(f"- {line}" for line in lines))

    def _items(self, items: Sequence[Item], depth: int = 0) -> None:
        self.blocks.append("\n".join(line for item in items for line in self._lines(item, depth)))

    def _lines(self, item: Item, depth: int) -> list[str]:
        text = item.text or ("" if item.items else item.nothing)
        label = f"**{item.label}**{self.colon}" if item.label else ""
        return [
            f"{'  ' * depth}- {label}{text}".rstrip(),
            *(line for each in item.items for line in self._lines(each, depth + 1)),
        ]


def _names(scenario: Scenario, language: Language) -> dict[str, dict[str, str]]:
    """Return the titles of everything that has one, by kind and name."""
    found: dict[str, dict[str, str]] = {}

    def note(kind: str, things: Mapping[str, Part]) -> None:
        for name, thing in things.items():
            title = getattr(thing, "title", None)
            if title is not None:
                text = (title.zh if language == "zh" else None) or title.en
                known = found.setdefault(kind, {})
                # A variant that says nothing of its own title has inherited it: its name tells the two apart.
                again = kind in ("world", "design") and text in known.values()
                known.setdefault(name, f"{text} ({name})" if again else text)

    note("world", scenario.worlds)
    note("design", scenario.designs)
    for world in scenario.worlds.values():
        note("region", world.regions)
        note("platform", world.platforms)
        note("group", world.groups)
    for design in scenario.designs.values():
        note("scheme", design.schemes)
    return found

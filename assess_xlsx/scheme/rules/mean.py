"""mean: the mean of several facts, by quarter or by rater, scaled to the item's points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from assess_xlsx.amounts import CENT, Exact, bounded, listed, plain, two_places, wide
from assess_xlsx.scheme.answer_kinds import Choice, Number, Percent, Points
from assess_xlsx.scheme.computed import filled
from assess_xlsx.scheme.rules.base import Quotient, Rule, Worth, by_option
from assess_xlsx.scheme.rules.factor import FACTOR, FACTOR_BY_OPTION, ONCE, factor, picked, times
from assess_xlsx.scheme.rules.lines import FACT, MOST, OPTION, POINTS, Example, Line, Shape
from assess_xlsx.scheme.rules.measure import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess_xlsx.amounts import Column
    from assess_xlsx.scheme.answer_kinds import Kind
    from assess_xlsx.scheme.facts import Fact, Ref
    from assess_xlsx.scheme.rules.base import Columns, Find
    from assess_xlsx.scheme.tree import Node

LEFT_OUT, AS_ZERO = "不计", "按0分"
"""What becomes of a figure that is missing; unsaid, it is a gap (K15, K17)."""
WEIGHED, MULTIPLIED = "加权", "相乘"
"""What factors of the figures do."""
PERCENTAGE = Percent()


class Mean(Rule, frozen=True):
    """mean: points × mean / full mark; weights, extremes dropped, what is missing left out or counted as 0."""

    kind: ClassVar[str] = "mean"
    title: ClassVar[str] = "平均"
    of_points: ClassVar[bool] = True
    purpose: ClassVar[str] = (
        "几次的数平均以后折算成分数，如“取四个季度得分的平均分，折算20分”“领导评价占40%，同级评价占30%，群众评价占30%”"
        "“去掉一个最高分和一个最低分后平均”。得分 = 分值 × 平均数 / 满分，最多是分值；平均数不舍入。"
    )
    lines: ClassVar[tuple[Line, ...]] = (
        Line(
            "各次",
            "facts",
            "一次一行：“填报项”写看哪个数，都是分值、都是百分比或都是数值；“至多”写它的权重，如“40%”，合计 100%，"
            "不写就是各次相同。",
            cells={FACT: "fact", MOST: "weight"},
            shape=Shape.LIST,
            needed=True,
            percent=True,
        ),
        Line("满分", "full", "平均数是多少得满分；不写就是指标的分值，百分比的是 100。", cells={POINTS: ""}),
        Line(
            "去掉",
            "drop",
            "“至多”写去掉几个最高的、同样多个最低的；有数的次数超过它的两倍才去掉。",
            cells={MOST: ""},
            percent=False,
        ),
        Line(
            "缺的",
            "missing",
            "“选项”写“不计”（只平均有数的几次，权重按比例重分）或“按0分”；不写的，缺一次就是缺数，要补正。",
            cells={OPTION: ""},
        ),
        Line(
            "各次系数",
            "factors",
            "各次的任务大小不同的，用系数代替权重：与“各次”先后对应，每一次看一个是选项的填报项，一个选项一行，"
            "“分数”写系数，如 1.2；不写系数的选项（如“没有”）就是没有这一次，这时“缺的”要写“不计”。",
            cells={FACT: "fact", OPTION: "is", POINTS: "factor"},
            shape=Shape.LIST,
            must=OPTION,
        ),
        Line(
            "系数用法",
            "use",
            "“选项”写“加权”（不写就是这样）：各次得分乘系数，除以系数之和；或“相乘”：各次得分乘系数以后平均，最多是分值。",
            cells={OPTION: ""},
        ),
        FACTOR,
        FACTOR_BY_OPTION,
    )
    example: ClassVar[Example] = Example(
        "取四个季度考核得分的平均分，折算20分；缺一个季度的不计。",
        {
            "points": 20,
            "facts": [
                {"label": f"{quarter}季度得分", "kind": "分值", "most": 100, "by": "office"} for quarter in "一二三四"
            ],
            "rule": {
                "kind": "mean",
                "facts": [{"fact": f"{quarter}季度得分"} for quarter in "一二三四"],
                "full": 100,
                "missing": LEFT_OUT,
            },
        },
        {"一季度得分": 92, "二季度得分": 88, "三季度得分": 95.5, "四季度得分": 90},
    )
    terms: tuple[Fact, ...]
    weights: tuple[int, ...]
    """In 1/100 %, or 1 each."""
    full: int
    """The full mark in the scale of the facts."""
    drop: int
    missing: str
    sizes: tuple[Size, ...] = ()
    """By which each figure counts, where their weights are not fixed."""
    product: bool = False
    """Figures are multiplied by their factors and then averaged, rather than weighed by them."""

    @classmethod
    def from_node(cls, node: Node, worth: Worth, find: Find, field: int) -> Mean:  # noqa: ARG003
        tables = node.nodes("facts", "各次")
        if len(tables) < 2:  # noqa: PLR2004 - one alone has no mean
            raise node.error("平均至少要有两行“各次”", "facts")
        if worth.takes_off:
            raise node.error("扣分项不能按平均数记分")
        terms = _terms(tables, find)
        missing = node.text("missing") if node.has("missing") else ""
        if missing not in ("", LEFT_OUT, AS_ZERO):
            raise node.error(f"{node.word('missing')}应是“{LEFT_OUT}”或“{AS_ZERO}”，现为“{missing}”", "missing")
        weights = _weights(tables)
        drop = _drop(node, weights)
        full = CENT * CENT if isinstance(terms[0].kind, Percent) else worth.high
        if node.has("full"):
            full = node.points("full")
        if full <= 0:
            raise node.error(f"{node.word('full')}应大于 0", "full")
        for table in tables:
            table.done()
        if isinstance(terms[0].kind, Number):
            full = full * terms[0].kind.scale // CENT
        sizes, product = _sizes(node, terms, find) if node.has("factors") else (), _product(node)
        if sizes and (drop or set(weights) != {1}):
            raise node.error(f"写了{node.word('factors')}的，不要写权重和{node.word('drop')}", "factors")
        if not missing and any(0 in size.steps for size in sizes):
            reason = (
                f"{node.word('factors')}有的选项没有写系数，就是没有这一次，要写{node.word('missing')}“{LEFT_OUT}”"
            )
            raise node.error(reason, "factors")
        return cls(worth, node.text("reading", ""), terms, weights, full, drop, missing, sizes, product)

    def facts(self) -> tuple[Fact, ...]:
        return (*self.terms, *(size.fact for size in self.sizes))

    def one_of(self) -> tuple[tuple[Fact, ...], ...]:
        return (self.terms,) if all(fact.may_lack for fact in self.terms) else ()

    # ── over all units ──

    def exact(self, values: Columns) -> Exact:
        part, whole = self._sums(values)
        whole = whole + (whole == 0)
        whole = self.full * whole
        return Exact(bounded(self.worth.high * part, self.worth.low * whole, self.worth.high * whole), whole)

    def _sums(self, values: Columns) -> tuple[Any, Any]:
        """The weighed sum of what counts, and the weights that it has."""
        numbers = [wide(values[fact.key]) for fact in self.terms]
        there = [self._there(fact, values) for fact in self.terms]
        if self.sizes:
            factors = [wide(by_option(values[size.fact.key], size.steps)) for size in self.sizes]
            rows = list(zip(numbers, there, factors, strict=True))
            counted = [ONCE * has * (steps > 0) if self.product else has * steps for _, has, steps in rows]
            return sum(number * has * steps for number, has, steps in rows), sum(counted)
        part = sum(each * has * weight for each, has, weight in zip(numbers, there, self.weights, strict=True))
        whole = sum(has * weight for has, weight in zip(there, self.weights, strict=True))
        if not self.drop:
            return part, whole
        enough = whole > 2 * self.drop
        cut = _extremes(numbers, there, self.drop)
        return part - enough * cut, whole - enough * (2 * self.drop)

    def _there(self, fact: Fact, values: Columns) -> Any:  # noqa: ANN401 - as wide columns are
        """1 where a figure counts, else 0."""
        absent = values.absent.get(fact.key) if self.missing == LEFT_OUT else None
        ones = wide(values[fact.key]) * 0 + 1
        return ones if absent is None else ones * (absent == 0)

    def explain(self, values: Columns, scores: Column) -> list[str]:
        numbers = [values[fact.key].tolist() for fact in self.terms]
        none = [False] * len(numbers[0])
        absent = [values.absent[fact.key].tolist() if fact.key in values.absent else none for fact in self.terms]
        units = zip(zip(*numbers, strict=True), zip(*absent, strict=True), scores.tolist(), strict=True)
        if self.sizes:
            options = zip(*(values[size.fact.key].tolist() for size in self.sizes), strict=True)
            return [self._told_sized(*each, of) for each, of in zip(units, options, strict=True)]
        return [self._told(*each) for each in units]

    def _told_sized(self, numbers: Sequence[int], absent: Sequence[bool], score: int, options: Sequence[int]) -> str:
        """``10 × (甲得分 10 × 1.2 + 乙得分 8 × 1) / (1.2 + 1) / 10 = 9.09``, with what does not count."""
        notes, terms, factors, sum_ = [], [], [], 0
        for fact, size, number, gone, option in zip(self.terms, self.sizes, numbers, absent, options, strict=True):
            steps = size.steps[option]
            if not steps or (gone and self.missing == LEFT_OUT):
                notes.append(f"{fact.label}缺，{self.missing}" if steps else f"{size.fact.chose(option)}，不计")
                continue
            notes += [f"{fact.label}缺，{self.missing}"] if gone else []
            terms.append(f"{fact.label} {_shown(fact.kind, number)} × {times(steps)}")
            factors.append(steps)
            sum_ += number * steps
        if not terms:
            return f"{'，'.join(notes)}，没有可平均的，{self.worth.told(score)}{self.cited}"
        full = _shown(self.terms[0].kind, self.full)
        per = str(len(terms)) if self.product else " + ".join(map(times, factors))
        per = f"({per})" if " " in per else per
        sum_said = f"{plain(self.worth.high)} × ({' + '.join(terms)}) / {per} / {full}"
        over = sum_ > self.full * (ONCE * len(terms) if self.product else sum(factors))
        comes_to = f"，封顶，{self.worth.told(score)}" if over else f" = {two_places(score)}"
        return f"{'，'.join([*notes, sum_said])}{comes_to}{self.cited}"

    def _told(self, numbers: Sequence[int], absent: Sequence[bool], score: int) -> str:
        """``20 × (一季度得分 92 + 二季度得分 88) / 2 / 100 = 18.00``, with what does not count."""
        rows = [_Term(*each) for each in zip(self.terms, self.weights, numbers, absent, strict=True)]
        notes = [f"{row.fact.label}缺，{self.missing}" for row in rows if row.absent]
        counted = [row for row in rows if not row.absent or self.missing == AS_ZERO]
        if self.drop and len(counted) > 2 * self.drop:
            ordered = sorted(counted, key=lambda row: row.number)
            out = [*ordered[: self.drop], *ordered[-self.drop :]]
            notes.append("去掉" + "、".join(f"{row.fact.label} {row.shown}" for row in out))
            counted = [row for row in counted if row not in out]
        equal = set(self.weights) == {1}
        terms = " + ".join(
            f"{row.fact.label} {row.shown}{'' if equal else f' × {PERCENTAGE.show(row.weight)}'}" for row in counted
        )
        weight = sum(row.weight for row in counted)
        per = str(weight) if equal else "" if weight == PERCENTAGE.whole else PERCENTAGE.show(weight)
        full = _shown(self.terms[0].kind, self.full)
        sum_ = f"{plain(self.worth.high)} × ({terms}){f' / {per}' if per else ''} / {full}"
        found = sum(row.number * row.weight for row in counted)
        short = self.worth.high * found < self.worth.low * self.full * weight
        cut = "封顶" if found > self.full * weight else self.worth.stopped(self.worth.low) if short else ""
        comes_to = f"，{cut}，{self.worth.told(score)}" if cut else f" = {two_places(score)}"
        return f"{'，'.join([*notes, sum_])}{comes_to}{self.cited}"

    # ── on one form ──

    def exact_formula(self, ref: Ref) -> Quotient:
        scale = self.terms[0].kind.one
        numbers = [f"ROUND({scale}*SUM({ref(fact)}),0)" for fact in self.terms]
        if self.sizes:
            part, whole = self._sized(numbers, ref)
            return Quotient(f"{self.worth.high}*MIN({self.full}*{whole},{part})", f"({self.full}*MAX(1,{whole}))")
        weighed = zip(numbers, self.weights, strict=True)
        part = "+".join(number if weight == 1 else f"{weight}*{number}" for number, weight in weighed)
        whole = str(sum(self.weights))
        if self.missing == LEFT_OUT:
            there = (f"{weight}*COUNT({ref(fact)})" for fact, weight in zip(self.terms, self.weights, strict=True))
            cells = ",".join(map(ref, self.terms))
            whole = f"COUNT({cells})" if set(self.weights) == {1} else f"({'+'.join(there)})"
        if self.drop:
            part, whole = self._dropped(part, whole, [ref(fact) for fact in self.terms], scale)
        top = f"{self.worth.high}*MIN({self.full}*{whole},{part})"
        if any(fact.below_zero for fact in self.terms):
            top = f"MAX({self.worth.low * self.full}*{whole},{top})"
        return Quotient(top, f"({self.full}*MAX(1,{whole}))")

    def _sized(self, numbers: Sequence[str], ref: Ref) -> tuple[str, str]:
        """Sum and weights by factors that options decide."""
        factors = [picked(size.fact, size.steps, ref) for size in self.sizes]
        there = [f"COUNT({ref(fact)})" if self.missing == LEFT_OUT else "1" for fact in self.terms]
        part = "+".join(f"{number}*{steps}" for number, steps in zip(numbers, factors, strict=True))
        pairs = list(zip(there, factors, strict=True))
        if self.product:
            counted = "+".join(f"IF({steps}>0,{has},0)" for has, steps in pairs)
            return part, f"({ONCE}*({counted}))"
        return part, f"({'+'.join(f'{has}*{steps}' for has, steps in pairs)})"

    def _dropped(self, part: str, whole: str, cells: Sequence[str], scale: int) -> tuple[str, str]:
        """Sum and number without the extremes, where there are enough figures."""
        given = ",".join(cells)
        ends = [f"MAX({given})", f"MIN({given})"]
        if self.drop > 1:
            places = range(1, self.drop + 1)
            ends = [f"{name}(({given}),{place})" for name in ("LARGE", "SMALL") for place in places]
        cut = "+".join(f"ROUND({scale}*{end},0)" for end in ends)
        enough = f"{whole}>{2 * self.drop}"
        return f"{part}-IF({enough},{cut},0)", f"({whole}-IF({enough},{2 * self.drop},0))"

    def formula(self, ref: Ref) -> str:
        top, bottom = self.exact_formula(ref)
        return f"ROUND({top}/{bottom},0)/{CENT}"


class Size(NamedTuple):
    """By whose option a figure counts so much: factors in steps, 0 where it does not count."""

    fact: Fact
    steps: tuple[int, ...]


class _Term(NamedTuple):
    """One figure of a unit."""

    fact: Fact
    weight: int
    number: int
    absent: bool

    @property
    def shown(self) -> str:
        return _shown(self.fact.kind, self.number)


def _shown(kind: Kind, number: int) -> str:
    """A figure in a sum: without its measure, a percentage with its sign."""
    return kind.show(number) if isinstance(kind, Percent) else kind.show(number).removesuffix(kind.unit())


def _terms(tables: Sequence[Node], find: Find) -> tuple[Fact, ...]:
    """What is averaged, all of one kind."""
    terms = tuple(filled(find(table, "fact"), table, "fact") for table in tables)
    first = terms[0]
    for place, (fact, table) in enumerate(zip(terms, tables, strict=True)):
        if not isinstance(fact.kind, Percent | Number | Points):
            raise table.error(f"“{fact.label}”是{fact.kind.name}，平均的应是分值、百分比或数值", "fact")
        if fact.kind.name != first.kind.name:
            kinds = f"“{first.label}”是{first.kind.name}，“{fact.label}”是{fact.kind.name}"
            raise table.error(f"{kinds}，不能平均", "fact")
        if fact in terms[:place]:
            raise table.error(f"“{fact.label}”写了两行", "fact")
    return terms


def _sizes(node: Node, terms: Sequence[Fact], find: Find) -> tuple[Size, ...]:
    """Factors by option, a fact for each figure, in their order."""
    found: dict[Fact, dict[int, int]] = {}
    for table in node.nodes("factors", "各次系数"):
        fact, option = filled(find(table, "fact"), table, "fact"), table.text("is")
        if not isinstance(fact.kind, Choice) or option not in fact.kind.options:
            raise table.error(f"“{option}”不是“{fact.label}”的选项", "is")
        by_place = found.setdefault(fact, {})
        place = fact.kind.options.index(option)
        if place in by_place:
            raise table.error(f"“{fact.label}”的“{option}”写了两行", "is")
        by_place[place] = factor(table, "factor")
        table.done()
    if len(found) != len(terms):
        reason = f"{node.word('factors')}的填报项有 {len(found)} 个，各次有 {len(terms)} 次，应一样多、先后对应"
        raise node.error(reason, "factors")
    return tuple(
        Size(fact, tuple(by_place.get(place, 0) for place in fact.kind.extremes()))
        for fact, by_place in found.items()
    )


def _product(node: Node) -> bool:
    """Whether figures are multiplied by their factors rather than weighed by them."""
    if not node.has("use"):
        return False
    use = node.text("use")
    if not node.has("factors"):
        raise node.error(f"没有{node.word('factors')}，不要写{node.word('use')}", "use")
    if use not in (WEIGHED, MULTIPLIED):
        raise node.error(f"{node.word('use')}应是“{WEIGHED}”或“{MULTIPLIED}”，现为“{use}”", "use")
    return use == MULTIPLIED


def _drop(node: Node, weights: Sequence[int]) -> int:
    """How many of the highest and how many of the lowest do not count."""
    if not node.has("drop"):
        return 0
    drop = node.whole("drop")
    if drop < 1:
        raise node.error(f"{node.word('drop')}应大于 0", "drop")
    if len(weights) <= 2 * drop:
        raise node.error(f"去掉最高、最低各 {drop} 个，至少要有 {2 * drop + 1} 次", "drop")
    if set(weights) != {1}:
        raise node.error("去掉最高、最低的，各次不能有权重", "drop")
    return drop


def _weights(tables: Sequence[Node]) -> tuple[int, ...]:
    given = [table for table in tables if table.has("weight")]
    if not given:
        return (1,) * len(tables)
    if len(given) < len(tables):
        lacking = next(table for table in tables if not table.has("weight"))
        raise lacking.error("权重要么都写，要么都不写", "weight")
    weights = tuple(PERCENTAGE.threshold(table, "weight") for table in tables)
    if sum(weights) != PERCENTAGE.whole:
        raise tables[0].error(f"各次的权重合计 {PERCENTAGE.show(sum(weights))}，应为 100%", "weight")
    if 0 in weights:
        raise tables[weights.index(0)].error("权重应大于 0", "weight")
    return weights


def _extremes(numbers: Sequence[Any], there: Sequence[Any], drop: int) -> Any:  # noqa: ANN401 - as the numbers are
    """The sum of the largest and the smallest, so many of each, of the figures that count."""
    rows, counts = (zip(*map(listed, columns), strict=True) for columns in (numbers, there))
    cuts = []
    for row, counted in zip(rows, counts, strict=True):
        ordered = sorted(number for number, counts_ in zip(row, counted, strict=True) if counts_)
        cuts.append(sum(ordered[:drop]) + sum(ordered[-drop:]))
    return cuts[0] if isinstance(numbers[0], int) else column(cuts, numbers[0])

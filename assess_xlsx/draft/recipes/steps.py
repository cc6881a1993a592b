"""The recipe for what is counted: so many points each time, each lost, each had."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from assess_xlsx.draft import facts as ask
from assess_xlsx.draft.patterns import Says
from assess_xlsx.draft.recipes.base import PERIOD, SHORT, WHOLE, Asked, Number, Proposal, is_other_side, times
from assess_xlsx.draft.text import COUNTED, NUMBER, PERCENT, repeats
from assess_xlsx.scheme.book.cells import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assess_xlsx.draft.facts import Table
    from assess_xlsx.draft.statements import Statement


def by_steps(asked: Asked) -> Proposal | None:
    """每少1人扣0.6分；有挂名的，每人扣0.2分，扣完为止。"""
    steps, losses = asked.reading.of(Says.STEP), asked.reading.of(Says.LOSS)
    given = asked.reading.of(Says.GIVEN)
    counted = not asked.plain and given
    if not steps and not counted and not _lost_apart(asked, losses, given):
        return None
    builder = Steps(asked)
    for each in asked.reading.statements:
        builder.take(each)
    return builder.proposal()


def _lost_apart(asked: Asked, losses: list[Statement], given: list[Statement]) -> bool:
    """Points that are lost by themselves, rather than as the other side of what is given."""
    if not losses:
        return False
    return not (asked.plain and len(given) == 1 == len(losses) and losses[0].points == given[0].points)


class Steps:
    """Gathers the lines of 逐次加减 out of the statements of a sentence, in their order."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.facts: list[Table] = []
        self.terms: list[Table] = []
        self.used: list[Statement] = []
        self.doubts: list[str] = []
        self.start: object = None
        self.zero: Table | None = None
        self.cap: Number | None = None
        self.floor: Number | None = None
        self.steps = asked.reading.of(Says.STEP)
        losses = asked.reading.of(Says.LOSS)
        self.falls = any(asked.signed(each) < 0 for each in (*self.steps, *losses))
        self.rises = any(asked.signed(each) > 0 for each in self.steps)

    def take(self, statement: Statement) -> None:
        match statement.says:
            case Says.STEP:
                self.step(statement)
            case Says.LOSS:
                self.loss(statement)
            case Says.GIVEN:
                self.given(statement)
            case Says.ZERO:
                self.nothing(statement)
            case Says.CAP:
                self.end(statement)
            case Says.FLOOR if statement.points not in (None, 0, self.asked.points):
                self.end(statement)  # 扣完2分为止
            case Says.START if self.start is None:
                self.start = statement.points
                self.used.append(statement)
            case Says.BAND if self.ends(statement):
                self.used.append(statement)
            case Says.BAND if self.asked.plain and self.falls and self.full_while_none_fails(statement):
                self.used.append(statement)
            case _:
                pass

    def full_while_none_fails(self, band: Statement) -> bool:
        """达100%得5分, and each that fails takes some off; ≥95%得5分 asks for a rate of its own."""
        if band.points != self.asked.points:
            return False
        rates = [place for place in "12" if band.get(f"u{place}") in PERCENT]
        if any("达标" in step.whole for step in self.steps):
            return True
        return all(band.number(f"v{place}") == WHOLE for place in rates)

    def ask(self, fact: Table) -> Table:
        """The fact under a name of its own."""
        self.facts.append(fact)
        ask.apart(self.facts)
        return fact

    def step(self, each: Statement) -> None:
        asked, signed = self.asked, self.asked.signed(each)
        per = each.number("per") or 1
        if each.get("rate"):
            self.doubts.append(f"“{each.text}”按差额计分，不能和别的加分、扣分写在一起")
            return
        unit, short = each.get("u") or _both(each), _required(asked, each)
        if unit in PERCENT or each.get("what").startswith("百分点"):
            self.doubts.append(f"“{each.text}”：和什么相差几个百分点，要填报人自己算，请核对")
        lacks = re.match(r"(?:少|缺(?![席勤考岗课报])|差(?!错)|不足)", each.get("how")) or _falls_short(asked, each)
        about = self.of_level(each) or _otherwise(asked.about(each), asked)
        about = re.sub("^(?:无|没有)(?!故|证|照|障|线|人|效)", "", about) if not each.subject else about
        if short is not None and lacks and signed < 0:
            statement, number = short
            named = each.subject if re.search("[次人个件份]?数$", each.subject) else asked.required(statement)
            fact = self.ask(ask.count(named, unit, hit=False))
            self.doubts += _doubtful(statement, each, number, asked)
            term: Table = {"fact": fact["label"], "short_of": number}
            if statement in asked.reading.statements:
                self.used.append(statement)
        else:
            words = ask.distant(_event(each, _happened(each, about, asked.content)), "超过")
            if lacks:
                lacking = "" if re.search("未|没|无|不|缺", _last(about)) else "缺少"
                whose = _without_rate(_last(about)) if not each.subject else _last(about)
                whose = re.sub("[均应]?(?:齐全|健全|完善|完整|齐备|到位)$", "", whose) if lacking else whose
                what = "" if whose.endswith(each.get("what")) else each.get("what")
                words = ask.distant(f"{whose}{lacking}{what}", "少于")
                if whose == ALL_OF and (done := each.get("how").strip("缺少差")):
                    words = f"少{done}{what}"  # 每少开展一轮
                if lacking and re.search("[次人个件份]数$", whose):
                    self.doubts.append(f"“{whose}”应是多少，原文没有读出来，请核对（可写参数“每少一次”）")
            fact = self.ask(ask.count(words, unit, hit=signed < 0))
            term = {"fact": fact["label"]}
        self.doubts += _counted_otherwise(each, fact, found=short is not None)
        if fact["kind"] == "数值" or per != 1:
            term["per"] = per
        if (re.search(_WORSE, each.subject) and self.counted_before(each)) or self.level_above(each):
            self.doubts.append(f"“{each.whole.strip('，')}”是不是已经算在前面，请核对")
        term["step"] = signed
        self.terms.append(term)
        self.used.append(each)

    def loss(self, each: Statement) -> None:
        asked = self.asked
        if each.has("each") or re.fullmatch(_NUMBER_ALONE, each.subject):
            return  # 各扣1分: nobody can tell of how many; 2起扣3分 after 1起扣1分 is no step
        if not asked.plain and not ask.negates(asked.about(each)):
            fact = self.ask(ask.count(asked.about(each), "次", hit=True))
            self.terms.append({"fact": fact["label"], "at_most": 1, "step": asked.signed(each)})
        elif (
            isinstance(self.start, dict) and is_other_side(each) and each.points == max(self.start["scores"].values())
        ):
            pass  # the other side of what is given
        else:
            fact, told = asked.question(self.object_of(each) + asked.about(each))
            self.ask(fact)
            self.terms.append({"fact": fact["label"], "is": "是" if told else "否", "step": asked.signed(each)})
        if self.worse_than_before(each):
            self.doubts.append(f"“{each.whole.strip('，')}”是不是已经算在前面，请核对")
        if re.search(f"每个?(?:{PERIOD}|[期次场班批户家村校])", each.subject):
            self.doubts.append(f"“{each.whole}”一年里会有几次，请核对")
        again = each.subject.endswith("再")
        if self.repeated(each) and (
            again or (self.terms[-1].get("is") == "是" and not re.search(_ONCE, each.subject))
        ):
            self.doubts.append(f"“{each.whole.strip('，')}”是只扣一次，还是也每次都扣，请核对")
        self.used.append(each)

    def of_level(self, each: Statement) -> str:
        """What 市级 speaks of by itself: 被省级通报的每次扣3分，市级每次扣2分."""
        if not re.fullmatch(_LEVEL, each.subject):
            return ""
        before = [step.subject for step in self.used if step.sentence == each.sentence]
        told = [text for text in before if re.search(_LEVEL, text) and not re.fullmatch(_LEVEL, text)]
        return re.sub(_LEVEL, each.subject, told[-1]) if told else ""

    def object_of(self, each: Statement) -> str:
        """What 不完善 speaks of by itself: 未建立值班制度扣4分，不完善扣2分."""
        before = [step for step in self.used if step.sentence == each.sentence and step.subject]
        if not before or not re.fullmatch(ask.DEGREE, each.subject):
            return ""
        return re.sub(_MAKING, "", before[-1].subject.split("，")[-1])

    def counted_before(self, each: Statement) -> bool:
        """The same unit was counted in its sentence, or last of all: 每场得0.5分，超过100人的每场得1分."""
        steps = [step for step in self.used if step.says is Says.STEP]
        return any(step.get("u") == each.get("u") and step.sentence == each.sentence for step in steps) or (
            bool(steps) and steps[-1].get("u") == each.get("u")
        )

    def worse_than_before(self, each: Statement) -> bool:
        """后退5位以上扣1分，后退10位以上扣2分: the second is a worse case of the first."""
        bare = re.sub(_WORSE, "", each.subject)
        return bare != each.subject and any(
            step.says is Says.LOSS and bare in step.subject and re.search(_WORSE, step.subject) for step in self.used
        )

    def level_above(self, each: Statement) -> bool:
        """县级以上…每人加1分，市级以上…每人加2分: who has the second has the first too."""
        levels = [_AND_ABOVE.findall(step.subject) for step in self.used if step.get("u") == each.get("u")]
        return any(own != other for own in _AND_ABOVE.findall(each.subject) for told in levels for other in told)

    def repeated(self, each: Statement) -> bool:
        """What stands before it in its sentence counts each time."""
        return any(step.sentence == each.sentence and step.found.end() < each.found.start() for step in self.steps)

    def given(self, each: Statement) -> None:
        asked, got = self.asked, self.asked.points_of(each)
        if not asked.plain:
            if got is None:
                return
            fact = self.ask(ask.count(asked.about(each), "次", hit=False))
            self.terms.append({"fact": fact["label"], "at_most": 1, "step": got})
            if self.repeated(each):
                self.doubts.append(f"“{each.whole}”是只加一次，还是也每次都加，请核对")
            self.used.append(each)
            return
        falls = [*self.steps, *asked.reading.of(Says.LOSS)]
        together = [
            step
            for step in falls
            if (step.sentence == each.sentence or (step.says is Says.STEP and _follows(step)))
            and not _apart(each, step)
            and not (step.says is Says.LOSS and step.points == got)
        ]
        if self.start is not None:
            fact, told = asked.question(asked.about(each))
            self.ask(fact)
            self.terms.append({"fact": fact["label"], "is": "是" if told else "否", "step": got})
            self.rises = True
            self.doubts.append("有几处“得分”，暂按各得各的、加起来算")
        elif self.falls and not self.rises and (together or self.none_happened(each, got) or self.undone(each, got)):
            self.start = got  # 齐全得20分，缺1项扣2分
        else:
            fact, told = asked.question(asked.about(each))
            self.ask(fact)
            if self.rises and self.repeated(each):
                self.doubts.append(f"“{each.whole.strip('，')}”是只加一次，还是也每次都加，请核对")
            scores = {"是": got, "否": 0} if told else {"是": 0, "否": got}
            self.start = {"fact": fact["label"], "scores": scores}
            if got == asked.points and self.rises and not self.falls:
                self.doubts.append(f"“{each.whole}”已是满分，和别的得分是加起来还是只取一种，请核对")
        self.used.append(each)

    def none_happened(self, each: Statement, got: Number | None) -> bool:
        """无纠纷得8分；发生一起扣1分: all points while there is none of what is counted."""
        return got == self.asked.points and bool(self.steps) and ask.negates(self.asked.about(each))

    def undone(self, each: Statement, got: Number | None) -> bool:
        """处置及时得5分；处置不及时的每次扣1分: what takes off is the other side of what is given."""
        done = self.asked.about(each)
        clauses = [(step, step.subject.split("，")[-1]) for step in self.steps]
        return got == self.asked.points and any(
            is_other_side(step)
            or (ask.is_not(clause) and (repeats(done, clause) or re.sub(_LACKING, "", clause) in done))
            for step, clause in clauses
        )

    def nothing(self, each: Statement) -> None:
        asked, about = self.asked, self.asked.about(each)
        clause = about.split("，")[-1]
        complement = is_other_side(each)
        if asked.plain and isinstance(self.start, dict) and complement:
            self.used.append(each)  # the other side of what is given
        elif (
            asked.plain and not isinstance(self.start, dict) and ask.negates(clause) and self.falls and not self.rises
        ):
            fact, told = asked.question(about)
            self.ask(fact)
            self.start = {
                "fact": fact["label"],
                "scores": {"是": 0 if told else asked.points, "否": asked.points if told else 0},
            }
            self.used.append(each)
        elif asked.plain and self.zero is None:
            fact = self.ask(ask.count(about, "次", hit=True))
            if fact["kind"] == "次数":
                self.zero = {"fact": fact["label"], "at_least": 1}
                self.used.append(each)
                if self.rises and not self.falls:
                    self.doubts.append(f"“{each.whole.strip('，')}”是整个指标不得分，还是只有这一次不得分，请核对")
        elif not asked.plain and complement:
            self.used.append(each)

    def ends(self, each: Statement) -> bool:
        """每次扣1分，3次以上不得分: so many of what was counted last in that unit take all."""
        same = [
            fact["label"] for fact in self.facts if (fact["kind"], fact.get("measure")) == ("次数", each.get("u1"))
        ]
        counted = [term for term in self.terms if term["fact"] in same and "short_of" not in term]
        last, from_ = counted[-1] if counted else {}, each.number("v1")
        if not (last and self.asked.plain and each.get("from") and self.asked.points_of(each) == 0):
            return False
        if self.zero is not None or not isinstance(from_, int):
            return False
        self.zero = {"fact": last["fact"], "at_least": from_ + each.has("beyond")}
        clause = re.sub(_SAME, "", each.subject.split("，")[-1])
        if clause and clause not in last["fact"]:
            self.doubts.append(f"“{each.whole.strip('，')}”数的和前面是不是同一件事，请核对")
        return True

    def end(self, each: Statement) -> None:
        asked, most = self.asked, each.points if each.points is not None else self.asked.points
        if asked.worth == "deducts" or (self.falls and not self.rises):
            if asked.plain and (len(self.terms) != 1 or len(self.steps) > 1 or self.falls_after(each)):
                self.end_of_last(each, most)
                return
            self.floor = asked.points - most if asked.plain else -most
        elif len(self.steps) > 1 and most < asked.points and self.terms and "at_most" not in self.terms[-1]:
            times = whole(Decimal(most) / Decimal(self.terms[-1]["step"]))
            if not isinstance(times, int):
                return
            self.terms[-1]["at_most"] = times
        else:
            self.cap = most
        self.used.append(each)

    def falls_after(self, cap: Statement) -> bool:
        """Something else takes points off behind it: the bound is that of what stands before it alone."""
        falls = (each for each in self.asked.reading.of(Says.STEP, Says.LOSS) if self.asked.signed(each) < 0)
        return any(each.found.start() > cap.found.start() for each in falls)

    def end_of_last(self, each: Statement, most: Number) -> None:
        """少1条扣1分，最高扣4分；…: so much of what was just counted, where the phrase follows upon it."""
        step = self.used[-1] if self.used else None
        follows = step is not None and step.says is Says.STEP and step.sentence == each.sentence and not each.subject
        if not follows or re.search("累计|合计|共", each.text) or "short_of" in self.terms[-1]:
            return
        times = whole(Decimal(most) / abs(Decimal(self.terms[-1]["step"])))
        if isinstance(times, int) and most < self.asked.points:
            self.terms[-1]["at_most"] = times * self.terms[-1].get("per", 1)
            if sum("at_most" not in term for term in self.terms):
                self.doubts.append(f"“{each.text}”是只管前面一条，还是几条合起来，请核对")
            self.used.append(each)

    def proposal(self) -> Proposal | None:
        asked = self.asked
        if not self.terms:
            return None
        lone = self.terms[0] if len(self.terms) == 1 else None
        if not asked.plain and not self.steps and lone and abs(lone["step"]) == asked.points:
            rule: Table = {"kind": "flat", "fact": lone["fact"]}  # 定额: all of it, however often
            rule |= {"is": lone["is"]} if "is" in lone else {"at_least": 1}
            return Proposal(self.facts, rule, self.used, self.doubts)
        if not asked.plain and not self.steps and len(self.terms) > 1:
            self.doubts.append("同时有几种情形的，是累加还是只取最高，原文没有写，暂按累加")
        rule = {"kind": "linear", "start": self.begin(), "terms": self.terms}
        self.bound(rule)
        if self.zero:
            rule["zero_if"] = self.zero
        return Proposal(self.facts, rule, self.used, self.doubts)

    def begin(self) -> object:
        asked = self.asked
        if self.start is not None:
            given = max(self.start["scores"].values()) if isinstance(self.start, dict) else self.start
            if not self.rises and given != asked.points:
                self.doubts.append(f"起始的分数是 {given} 分，分值却是 {asked.points} 分")
            return self.start
        if asked.plain and self.falls:
            if self.rises:
                self.doubts.append("又加分又扣分，从几分开始算原文没有写，暂按满分")
            return asked.points
        return 0

    def bound(self, rule: Table) -> None:
        asked = self.asked
        begins = max(self.start["scores"].values()) if isinstance(self.start, dict) else self.start
        if asked.plain and self.rises and begins == asked.points:
            self.doubts.append(
                f"已得满 {asked.points} 分的再加分，会超过分值，请核对（要超过的，加分的部分另写成加分的指标）"
            )
        if asked.worth == "points":
            if self.falls:
                rule["floor"] = self.floor if self.floor is not None else 0
            if self.rises:
                rule["cap"] = self.cap if self.cap is not None else asked.points
                if rule["cap"] != asked.points:
                    self.doubts.append(f"最高加到 {rule['cap']} 分，分值却是 {asked.points} 分")
        elif asked.worth == "adds":
            if self.cap is not None or not asked.shared:
                rule["cap"] = self.cap if self.cap is not None else asked.points
            if self.falls:
                rule["floor"] = 0
                self.doubts.append("加分项里又有扣分，请核对")
        elif self.floor is not None or not asked.shared:
            rule["floor"] = self.floor if self.floor is not None else -asked.points


def _both(step: Statement) -> str:
    """每人每次, 每次每处: what is counted by two at once."""
    first, second = sorted((step.get("u1"), step.get("u2")), key=lambda unit: unit in ("次", "天", "日"))
    return f"{first}{second}" if first and second else ""


def _without_rate(clause: str) -> str:
    """What a rate is of: 提案按时办结率 → 提案; nothing of several rates."""
    found = re.match("(.*?)(?:按时|按期|及时|规范)?[^，、]{2}率[^率]*均?$", clause)
    return clause if found is None else "" if "、" in clause else found[1]


def _last(about: str) -> str:
    return re.split("[，。；]", about)[-1]


def _otherwise(about: str, asked: Asked) -> str:
    """What is counted behind 否则, or where several clauses of another column are meant."""
    if re.search("[，。；、]", about) and about == asked.content:
        return ALL_OF
    return re.sub("^(?:否则|反之)$", NOT_SO, about)


_LEVEL = r"(?:国家|省|市|县|区|镇|乡)级(?:及?以上)?"
NOT_SO, ALL_OF = "不符合要求", "所列要求"
"""Stand in the name of a count that the sentence gives none: 否则每处扣0.5分, each of what another column lists."""


def _follows(step: Statement) -> bool:
    """A step that takes off from what stands before it: 达标得10分；未达标的，每1个断面扣5分."""
    return not step.subject or (is_other_side(step) and "，" not in step.subject)


def _apart(given: Statement, step: Statement) -> bool:
    """开展活动得2分，有方案、有总结，缺一项扣0.5分: a deed, and a step that speaks of something else."""
    deed = re.match(f"(?:按(?:照?要求|时|期)|及时|定期)?(?:{ask.DOING})", given.subject)
    return deed is not None and not _follows(step) and not repeats(given.subject, step.subject)


_AND_ABOVE = re.compile("(.级|硕士|本科)(?:及)?以上")
_LACKING = "缺失|缺乏|缺少|不(?:健全|齐全|齐|全|完善|完整|到位|规范)"
_WORSE = rf"(?:超过|达到|不足|低于|少于){NUMBER}|(?:{NUMBER}|[千万亿]).{{1,3}}以[上下]"
"""In what is counted: it may be one of those that were counted before."""
_MAKING = (
    "^(?:未|没有|无|不)?(?:按(?:照)?[^，]{0,4}?(?:要求|规定|时|期))?"
    rf"(?:{ask.DOING})?"
)
"""What stands before the thing that was to be made: 未按要求建立值班制度."""


def _required(asked: Asked, step: Statement) -> tuple[Statement, Number] | None:
    """What should have been reached, in the unit of a step: said before it, or in the columns before."""
    told = [
        *asked.reading.of(Says.REQUIRED),
        *(each for each in asked.reading.of(Says.BAND) if _full_at(each, asked)),
    ]
    before = sorted(
        (each for each in told if each.found.start() < step.found.start()), key=lambda each: each.found.start()
    )
    in_order = [*reversed(before), *reversed(asked.around.of(Says.REQUIRED))]
    for each in sorted(in_order, key=lambda each: not _named(each, step)):
        unit, number = (
            (each.get("u1"), each.number("v1")) if each.says is Says.BAND else (each.get("u"), each.number("v"))
        )
        if number is None or not isinstance(number, int) or unit in PERCENT:
            continue
        if re.search("每(?:人|名|村|校|户|期|场|次|班|批|家|所|个(?!季度|月))", each.whole):
            continue  # so much of each: no number for the unit as a whole
        if unit == step.get("u") or {unit, step.get("u")} <= {"人", "名", "人次"} or (unit + "次" == step.get("u")):
            return each, number * times(each, asked)
    return None


def _named(required: Statement, step: Statement) -> bool:
    """The step says which requirement it means: 党课每少1次扣1分."""
    return repeats(required.whole, step.subject)


def _doubtful(required: Statement, step: Statement, number: Number, asked: Asked) -> list[str]:
    """What may make another number than ``number`` of what is required."""
    doubts = []
    others = [each for each in asked.around.of(Says.REQUIRED) if each.get("u") == required.get("u")]
    differ = any((each.number("v") or 0) * times(each, asked) != number for each in others)
    if differ and not _named(required, step):
        doubts.append(f"“{required.whole}”以外还有别的要求，应做到多少，请核对")
    if len(set(re.findall(f"每个?({PERIOD})", required.whole))) > 1:
        doubts.append(f"“{required.whole}”里有几种周期，应做到多少，请核对")
    if re.search("每[周日天]", required.whole):
        doubts.append(f"“{required.whole}”暂按一共 {number}{required.get('u')}，请核对（写实际应做到的数）")
    return doubts


def _falls_short(asked: Asked, step: Statement) -> bool:
    """检查少于1次的，每次扣0.3分: what is counted is how often it was not."""
    return any(
        each.says is Says.REQUIRED
        and re.search("少于|不足|低于", each.text)
        and not re.search("不(?:得|应)?(?:少|低)于", each.text)
        and not step.found.string[each.found.end() : step.found.start()].strip("，的")
        for each in asked.reading.statements
        if each.found.start() < step.found.start()
    )


def _full_at(band: Statement, asked: Asked) -> bool:
    """全年组织集中宣传4次得4分: from so many on an item is full."""
    return bool(band.get("from")) and not band.get("below") and asked.points_of(band) == asked.points


_NUMBER_ALONE = rf"{NUMBER}个?(?:{'|'.join(COUNTED)})(?:及?以上)?(?:的)?"


_SAME = r"累计|全年|年内|合计|共计?|发生|出现|发现|查出|有|超过?|达到?|同类|的"
"""What says nothing else of what is counted than was said before."""

_ONCE = r"[率度](?:低于|高于|超过|不足|未达)|\d(?:次|人次|起|件|例|项)|累计|连续|未|没|无(?!故)|全年|整体|总体"
"""In a clause that can be so only once a year: 全年累计请假超过5次的扣1分."""


MOST_GENERAL = 4
"""Characters of what says by itself only that something was not so: 不符合, 做不到."""
_MISSED = "迟延超拖漏错误欠"
"""What a fact's name has to keep: 每迟1天."""


def _told_so(step: Statement) -> bool:
    """A step speaks of what was so: 无专人值守的，每次扣1分."""
    return step.found.string[: step.found.start()].rstrip("，：").endswith("的")


def _counted_otherwise(step: Statement, fact: Table, *, found: bool) -> Iterator[str]:
    """What is doubtful about what is counted; ``found``: the number that it should be was read."""
    how = re.match(ask.DISTANCE, step.get("how"))
    if not found and how and (beside := _beside(step)) and not ask.says_how_far(fact["label"], how[0]):
        yield f"“{step.text}”是和别的数相比（{beside}），填报项要填相差多少，请核对"
    if ask.lacks_at_all(fact["label"]) and not _told_so(step):
        yield f"填报项“{fact['label']}”数的是有几次，还是没有几次，请核对"


def _event(step: Statement, words: str) -> str:
    """What is counted where the sentence asks for none of it: 无越级上访，每出现1人次扣2分."""
    happened = step.get("how") + step.get("what")
    told = re.search("发生|出现|发现|查实|查出|有", happened) or (len(happened) > 1 and happened in words)
    return ask.of_which_none(words, none=bool(told) and not _told_so(step))


def _beside(step: Statement) -> str:
    """The clause that compares something with what is no number: 采用数不低于上年."""
    before = re.split("[。；]", step.found.string[: step.found.start()])[-1]
    return next((clause for clause in re.split("[，：]", before) if ask.compares(clause)), "")


def _happened(step: Statement, about: str, content: str) -> str:
    """What is counted: what the step itself tells, with what it speaks of where there is room."""
    told = re.sub(r"^(?:出现|发现|发生|有(?![责效关害偿毒])|被|查出|约)+", "", step.get("how") + step.get("what"))
    if not told or (len(told) == 1 and told not in _MISSED):
        nothing_told = "发现" in step.text and not step.subject
        return f"{about}发现的问题" if nothing_told else about
    clause = _last(about)
    if len(told) <= MOST_GENERAL and "，" in about and not re.search("未|不|没|无|率", about):
        clause = ALL_OF  # 项目齐全，内容规范，有一项不符合
    if told in clause and len(told) <= SHORT:
        return clause  # 项目台账不完整的，每个项目扣0.2分
    if not step.subject and len(step.get("what")) >= ask.SHORTEST:
        return told  # 未排查扣5分，每发现一处重大隐患扣5分
    if not step.subject and (bare := _without_rate(clause)) != clause:
        clause = bare or content  # 提案按时办结率100%得3分，每超期1件扣1分
    return told if len(told) > 5 or told in clause else f"{clause}{told}"  # noqa: PLR2004

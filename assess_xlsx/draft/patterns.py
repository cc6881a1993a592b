"""The phrases in which notices say how something is scored: a table, each with a sentence that it reads.

To let drafts read another phrase, add a row: what it says, how it is written, an example. A row reads only what
no row above it has read, so what is particular stands before what is general. In ``{N}`` stands a number, in ``{V}`` a
number with its unit, in ``{U}`` a unit, in ``{GET}`` a word like 得 or 记, in ``{HIT}`` a word like 扣.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from functools import cached_property

from assess_xlsx.draft.text import COUNTED, MEASURED, NUMBER, PERCENT


class Says(enum.Enum):
    """What a phrase says."""

    STEP = "每有一次、每差多少，加减几分"
    GIVEN = "做到了得几分"
    LOSS = "没做到扣几分"
    ZERO = "整项不得分"
    BAND = "一个数到了哪一段得几分"
    RATIO = "按比例得分"
    TIER = "第几名得几分"
    REST = "其余名次得几分"
    RANKED = "按名次得分"
    ORDER = "怎样排名"
    BEST = "与最好的相比"
    JUDGED = "由人打分"
    CAP = "最多几分"
    FLOOR = "扣完为止"
    FULL = "满分几分"
    STARTED = "不满一份的怎么算"
    START = "从几分起"
    REQUIRED = "应做到多少"
    MEAN_LINE = "以平均数为基准"
    NOTHING = "不扣分"
    BEYOND = "规则说不了的"
    CAUTION = "要当心的"


@dataclass(frozen=True, eq=False)
class Pattern:
    """A phrase: what it says, how it is written, a sentence with it."""

    says: Says
    written: str
    example: str
    reason: str = ""
    """Of what rules cannot say: what a person has to know, a clause that follows the phrase."""
    fixed: dict[str, str] = field(default_factory=dict)
    """What the phrase means by itself, besides what its groups hold."""

    @cached_property
    def expression(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(N|V|U|M|GET|HIT|OF)(\d?)\}", _macro, self.written))


_UNITS = "|".join(sorted((*COUNTED, *MEASURED), key=len, reverse=True))
_PERCENT = "|".join(PERCENT)
_MARKS = r"分(?=（含）|及?以[上下]|[—至到]|的?(?:得|记|计)\d)"
"""Points that are measured, not given: 平均分90分以上得5分."""


def _macro(found: re.Match[str]) -> str:
    name, mark = found[1], found[2]
    return {
        "N": rf"(?P<n{mark}>{NUMBER})",
        "V": rf"(?P<v{mark}>{NUMBER})(?:个?(?P<u{mark}>{_PERCENT}|{_UNITS}|{_MARKS}))?(?:（含）)?",
        "U": rf"(?:个(?=月|季度|小时|工作日))?(?P<u{mark}>{_UNITS})",
        "M": rf"(?P<u{mark}>{_PERCENT})",
        "GET": r"(?:得|记|计|给予?|加|奖励?|赋|评)",
        "HIT": r"(?:给予)?(?:扣减?除?|减)",
        "OF": r"(?:此项|该项|本项|全项|本条|该条|本小项|此指标|该指标|本指标)?(?:工作|考核)?(?:均|一律|直接|即)?",
    }[name]


P = r"(?<![\d.])(?P<p>" + NUMBER + ")分(?!钟)"
"""So many points."""
_FEWER, _MORE = r"(?:少|缺少?|差|漏)", r"(?:超过?|超出|多)"
_DOWN = r"(?:低于?|降低|下降|减少|少于?|不足|差|降|减)"
_UP = r"(?:高于?|高出|超过?|超出|上升|增加|增长|提高|提升|升|增)"

_PERIOD = r"(?:季度|半年|月|年|周)"

S = Says
PATTERNS: tuple[Pattern, ...] = (
    # ── places among the units ──
    Pattern(S.STARTED, r"不(?:足|满|到){V1}(?:的|部分)*，?(?:按|以){V2}计(?:算)?", "不足5个百分点的按5个百分点计。",
            fixed={"started": "按一份"}),
    Pattern(S.STARTED, r"不(?:足|满|到){V1}(?:的|部分)*，?(?:不计算?|不扣分|忽略不计)(?!分)", "不足1个百分点的不计。",
            fixed={"started": "不计"}),
    Pattern(S.TIER, rf"(?:排名|位列|列|居|为)?(?:全县|全市|全区)?第(?:{NUMBER}(?:、|和|至|—|到)第?)*{{N}}名?(?:的|者)?(?:单位)?，?{{GET}}{P}",
            "第1名得6分，第2、3名得5分。"),
    Pattern(S.TIER, rf"(?:排名)?(?:全县|全市|全区)?前{{N}}(?:名|位)(?:的|者)?(?:单位)?(?:以?内)?的?，?(?:各|分别)?{{GET}}{P}",
            "排名前3名的得5分，其余得3分。"),
    Pattern(S.TIER, rf"(?:排名)?(?:全县|全市|全区)?(?:后|末|倒数第?){{N}}(?:名|位)(?:的|者)?(?:单位)?，?(?:各|分别)?(?:(?P<hit>扣减?)|{{GET}}){P}",
            "排名后3名的扣2分。", fixed={"end": "last"}),
    Pattern(S.BEST, rf"最(?:(?P<most>多|高|大|好|优)|少|低|小)(?:者|的|单位)*[^，。；\d]{{0,6}}{{GET}}(?:{P}|满分)，其(?:余|他|它)[^。；]{{0,24}}(?:比例?|比值|折算)[^，。；\d]{{0,8}}{{GET}}分",
            "回访户数最多的得30分，其余按与最多者之比得分。"),
    Pattern(S.REST, rf"其(?:余|他|它)(?:名次|单位|乡镇|街道|部门|学校|情况|情形|的|者|各|均|一律|依次)*，?{{GET}}{P}", "第1名得6分，其余得2分。"),
    Pattern(S.RANKED, r"(?:按|依)(?:照|据)?[^，。；]{0,10}(?:排名|名次|位次|排序)[^，。；\d]{0,6}(?:得|计|记|赋|评|给|打)分",
            "根据年度办件量排名，按排名记分。"),
    Pattern(S.ORDER, r"(?:由|从)(?:(?P<fewest>低到高|少到多|小到大)|高到低|多到少|大到小)(?:依次|进行)*(?:排名|排序|排列)?",
            "死亡率由低到高排名，第1名得6分。"),
    # ── so many points each time ──
    Pattern(S.STEP, rf"每(?:(?P<down>{_DOWN})|(?P<up>{_UP}))(?:(?:全县|全市)?(?:平均|目标|达标|基准|标准|合格|要求|规定)[数值线价]?)?(?P<per>{NUMBER})个?(?:{{M}}|(?P<u1>分))?(?:的|者)?，?(?:(?P<hit>{{HIT}})|{{GET}}){P}",
            "每低1个百分点扣0.5分。", fixed={"rate": "1"}),
    Pattern(S.STEP, rf"每(?P<how>缺少?|少|有|发现|迟到?|超过?)?(?P<per>{NUMBER})?(?!{_PERIOD}每){{U1}}(?:，|、)?每{{U2}}(?:发现|出现)?(?:的)?，?(?:(?P<hit>{{HIT}})|{{GET}}){P}",
            "脱岗、睡岗的，每人每次扣1分。"),
    Pattern(S.STEP, rf"每(?!个?{_PERIOD}(?!{{HIT}}|{{GET}}))(?P<how>(?:(?!至少|不少于|不低于)[^，。；：、每]){{0,12}}?)(?:约)?(?P<per>{NUMBER})?{{U}}(?P<what>(?![一二两三四五六七八九十]个?(?:{_UNITS}))[^，。；：每\d]{{0,20}}?)(?:的)?，?(?:(?P<hit>{{HIT}})|{{GET}}){P}",
            "每少1人扣0.6分。"),
    Pattern(S.STEP, rf"(?<=[，；。：])(?P<per>一|1)(?:个|项|种|条|处|次){{GET}}{P}(?=，(?:最|累计|满分))", "微博、微信、公开栏，一项得2分，最高6分。",
            fixed={"u": "项"}),
    # ── a number and the stretches that it may fall into ──
    Pattern(S.BAND, rf"{{V1}}≤[^，。；\d]{{1,12}}?<{{V2}}(?:的)?，?(?:{{GET}}{P}|(?P<zero>{{OF}}不{{GET}}分))",
            "70%≤网办率<80%，得7分。", fixed={"from": "1", "below": "2"}),
    Pattern(S.BAND, rf"{{V1}}<[^，。；\d]{{1,12}}?≤{{V2}}(?:的)?，?(?:{{GET}}{P}|(?P<zero>{{OF}}不{{GET}}分))",
            "30%<药占比≤35%，得5分。", fixed={"from": "1", "most": "2"}),
    Pattern(S.BAND, rf"{{V1}}以?上?(?:（含）)?，?(?:至|—|、|到)?，?(?:但)?(?:不足|不满|低于|不到|小于){{V2}}(?:的)?，?{{GET}}?{P}",
            "80%以上不足90%得3分。", fixed={"from": "1", "below": "2"}),
    Pattern(S.BAND, rf"{{V1}}(?:以上)?(?:至|—|到){{V2}}(?:以下|之间)?(?:（含）|（不含）)?(?:的|：)?，?(?:{{GET}}?{P}|(?P<zero>{{OF}}不{{GET}}分))",
            "50—100平方米的记5分。", fixed={"from": "1", "most": "2"}),
    Pattern(S.BAND, rf"(?<!不)(?P<beyond>高于|超过|大于|＞|>){{V1}}(?:的|者)?，?(?:{{GET}}(?:{P}|(?P<full>满分|全分))|(?P<zero>{{OF}}不{{GET}}分))",
            "超过4小时不得分。", fixed={"from": "1"}),
    Pattern(S.BAND, rf"(?:达到?|在|为|≥)?{{V1}}及?以上(?:（含）)?(?:的|者|：)?，?(?:{{GET}}?(?:{P}|(?P<full>满分|全分))|(?P<zero>{{OF}}不{{GET}}分))",
            "90%以上记4分，70%以上记1分。", fixed={"from": "1"}),
    Pattern(S.BAND, rf"(?:控制在|不高于|不超过|不大于|≤){{V1}}(?:以内|以下)?(?:的)?，?{{GET}}(?:{P}|(?P<full>满分|全分))",
            "离职率不高于10%得15分。", fixed={"most": "1"}),
    Pattern(S.BAND, rf"{{V1}}(?:及)?(?:以下|以内)(?:（含）|（不含）)?(?:的|：)?，?(?:{{GET}}?(?:{P}|(?P<full>满分|全分))|(?P<zero>{{OF}}不{{GET}}分|{{OF}}{{GET}}?(?:0|零)分))",
            "70%以下不得分。", fixed={"below": "1"}),
    Pattern(S.BAND, rf"(?:不足|不满|低于|不到|未达到?|达不到|没有达到|小于|＜|<){{V1}}(?:的)?，?(?:{{GET}}{P}|(?P<zero>{{OF}}不{{GET}}分|{{OF}}{{GET}}(?:0|零)分))",
            "低于60%不得分。", fixed={"below": "1"}),
    Pattern(S.STEP, rf"(?P<how>完成|新增|获得?|承担|组织|开展|举办|建成)(?P<per>一|1){{U}}(?!内(?!容)|以[上下内]|[前后月])(?P<what>[^，。；：每“”\d]{{0,20}}?)(?:的)?，?{{GET}}{P}",
            "完成1项得1分。"),
    Pattern(S.BAND, rf"(?:不低于|不少于|不小于|达到?|完成|为|≥|(?={NUMBER}个?(?:{_PERCENT}|{_UNITS}))){{V1}}(?:的|者)?，?(?:{{GET}}(?:{P}|(?P<full>满分|全分))|(?P<zero>{{OF}}不{{GET}}分))",
            "整改率达到95%得8分。", fixed={"from": "1"}),
    # ── the same without 每 ──
    Pattern(S.STEP, rf"(?P<how>缺少?|少|漏|出现|发现|发生|有|超过?|被|查出)?(?P<per>一|1){{U}}(?!内(?!容)|以[上下内]|[前后月])(?P<what>[^，。；：每“”\d]{{0,20}}?)(?:的)?，?(?P<hit>{{HIT}}){P}",
            "1项有误扣0.5分。"),
    Pattern(S.STEP, rf"每{{U}}{P}(?=[，。；]|$)", "建立5项制度，每项1分。"),
    Pattern(S.STEP, rf"(?:按|以)?(?:每{{U1}})?(?:(?P<hit>{{HIT}})|{{GET}}){P}(?:/|／|每)个?{{U}}", "脱岗的，扣0.5分/次。"),
    # ── in proportion, by judgement ──
    Pattern(S.RATIO, r"按(?!期|时|月|季|年|要求|规定|标准)(?:照|其)?(?:实际)?[^，。；]{0,12}?(?:比例|百分比|进度|率|占比)(?:折算|计算|核算)?(?:(?P<hit>扣减?)|{GET}|得出)(?:相应)?分(?:值|数)?",
            "未全部完成的按完成比例得分。"),
    Pattern(S.RATIO, r"根据(?:实际)?[^，。；]{0,8}(?P<percent>进度|百分比|比例){GET}分", "部分完成根据实际进度记分。"),
    Pattern(S.RATIO, r"(?:实际|该项|本项)?(?:得分|计分)(?:=|为)[^，。；+]*?(?:[×xX*]|乘以)[^，。；+%]*(?=[，。；]|$)", "得分=完成率×5分。"),
    Pattern(S.RATIO, rf"(?:×|乘以)(?:{P}|(?:该项|本项)?(?:分值|标准分|权重分?|满分))(?:计算|核算|得出)?(?:得分|计分|记分)?", "完成率×10分。"),
    Pattern(S.JUDGED, rf"(?:由|经)[^，。；]{{1,14}}?(?:酌情)?(?:(?P<hit>扣减?)|{{GET}})(?P<low>{NUMBER})分?(?:—|至|到)(?P<high>{NUMBER})分",
            "由考核组酌情扣1—4分。"),
    Pattern(S.JUDGED, rf"(?:酌情|视情(?:况|节)?|根据情况)?(?:，)?(?:(?P<hit>{{HIT}})|{{GET}})(?P<low>{NUMBER})分?(?:—|至|到)(?P<high>{NUMBER})分",
            "视情扣0.5—1分。"),
    Pattern(S.JUDGED, rf"(?P<vague>酌情|视情(?:况|节)?(?:轻重)?)(?:，)?(?:予以|给予)?(?:(?P<hit>{{HIT}})|{{GET}}|打)(?:{P}(?:以内|以下)?|(?:相应|一定)?分(?:值|数)?)?",
            "开展不完全的，酌情给分。"),
    Pattern(S.JUDGED, r"(?:根据|视|按照?|结合|依据)[^，。；\d]{0,16}(?:情况|质量|程度|成效|效果|表现|水平)[^，。；\d]{0,6}(?:打|评|计|记|得|给|赋)分",
            "根据工作开展情况评分。"),
    Pattern(S.JUDGED, r"(?:由|经)[^，。；\d]{0,14}(?:打分|评分|评定|赋分|评议|评判|评估|评价)(?!标准|细则|办法|率|结果)(?:得分|计分|记分)?",
            "由验收组现场打分，满分10分。"),
    Pattern(S.JUDGED, r"[^，。；\d]{0,14}(?:现场|集中|综合|量化|统一)?(?:打分|评分|赋分)(?!标准|细则|办法|率|结果)", "考评小组综合评分。"),
    # ── ends ──
    Pattern(S.START, rf"(?:基本|基础|基准|底)分(?:值)?(?:为|：)?{P}", "基础分3分，每开展1次活动加1分。"),
    Pattern(S.FULL, rf"(?:满分|总分|共|计){P}(?!封顶|为止)|（{P.replace('<p>', '<p9>')}）", "由验收组现场打分，满分10分。"),
    Pattern(S.CAP, rf"(?:累计|合计|共计|总计|单项|{{OF}})*(?:最高|最多)?(?:加分|得分|扣分|分值|加|得|扣)?(?:累计|总计)?不(?:得|能|再)?超过{P}",
            "收到表扬每封加1分，累计不超过5分。"),
    Pattern(S.CAP, rf"(?:累计|合计|总计|{{OF}})*(?:最高|最多|至多)(?:只|可|能|累计)?(?:(?P<hit>{{HIT}})|{{GET}}|为|至)?(?:到)?{P}", "最高得5分。"),
    Pattern(S.CAP, rf"{P}封顶|(?:封顶|以|加满|上限为?)(?P<p2>{NUMBER})分(?:封顶|为限|为止)?", "每承担1项记1分，5分封顶。"),
    Pattern(S.CAP, r"(?:加|得)满(?:该项|本项)?(?:分值?)?为止|(?<!得)满分为止|(?<!不)封顶", "每篇得1分，加满为止。", fixed={"full": "满分"}),
    Pattern(S.FLOOR, rf"(?:^|(?<=[，；。至]))扣完该项分值|(?:扣|减)(?:完|光|至0分|到0分|至零分|到零分|满(?P<p>{NUMBER})分)(?:本项|该项|此项)?(?:分(?:值|数)?)?(?:为止|即止)|(?:最低)?(?:扣)?[至到](?:0|零)分(?!钟)(?:为止)?|最低(?:得|为|计)?(?:0|零)分(?!钟)|直?至(?:本项|此项|该项)?扣完(?:为止)?|最多扣完|可?累计扣完|累计扣分|不计负分",
            "每次扣1分，扣完为止。"),
    Pattern(S.MEAN_LINE, r"(?P<side>不?(?:高于|低于|超过|少于))?(?:全县|全市|全区|全省|各单位|各乡镇|同类)*平均(?:数|值|水平)(?:以上|以下)?(?:的)?(?:，?{GET}" + P + ")?",
            "不高于全县平均数的得6分，每高0.1扣0.5分。"),
    # ── all or nothing ──
    Pattern(S.NOTHING, r"不(?:予)?(?:扣|减)分|不加不扣", "数据全部上行的，不扣分。"),
    Pattern(S.ZERO, r"{OF}不(?:予|能)?{GET}分|{OF}(?:得|记|计|为|按)(?:0|零)分(?!钟)(?:计算|处理|计)?|{OF}扣(?:除)?(?:完|全|光|全部)(?:该项|本项|此项|部)?(?:的)?分(?:值|数)?(?!为止)|{OF}(?<![\d.])(?:0|零)分(?!钟)|扣完该项分值|(?:(?:本项|该项|此项|该指标|本指标)(?:得?分(?:值|数)?)?)?(?<![未已全不])(?:清零|归零)",
            "瞒报的此项不得分。"),
    Pattern(S.GIVEN, rf"{{GET}}(?:{P}|(?P<full>满分|全分))", "制定工作要点的得2分。"),
    Pattern(S.GIVEN, r"(?:可|方可|才能|即可)得(?P<full>分)(?=，|。|；|$)", "投入符合要求的可得分，否则不得分。"),
    Pattern(S.GIVEN, rf"(?<=[级奖好秀格般差等成的整全])(?<!满分的){P}(?=[，；。、]|$)", "优秀等次得10分，良好8分，合格6分。"),
    Pattern(S.LOSS, rf"(?P<each>各|分别)?{{HIT}}{P}", "未明确分管领导扣1分。"),
    Pattern(S.GIVEN, rf"(?<=[一-龥”）])(?<!满分)(?<!总分)(?<![为共计到于过足值差出扣减占各在底])的?{P}(?=[，；。、]|$)", "有承办科室2分；有经办人员2分。",
            fixed={"bare": "只写了分数"}),
    # ── what should be reached ──
    Pattern(S.REQUIRED, r"(?P<period>每(?:个)?(?:季度|月|半年|年|周))[^，。；每]{0,12}?(?:至少|不少于|不低于)?[^，。；每\d]{0,6}?{V}(?:以上)?",
            "每季度至少召开1次会议。"),
    Pattern(S.REQUIRED, r"(?:不(?:得|应)?(?:少于|低于|高于|超过|多于|大于)|至少|最少|应(?:开展|召开|组织|完成|报送|参加|举办|上报|配备|检查|巡查)|应?达到?|应为|控制在|目标值?为?|≥|≤)[^，。；\d]{0,6}?{V}(?:以上|以内|以下)?",
            "全年检查企业不少于60家次。"),
    Pattern(S.REQUIRED, r"(?:低于|高于|超过|不足|少于){V}(?:的|部分)*(?=，?每(?!件|人|例|项|处|起|份|户|篇))", "知晓率低于80%的每低5%扣0.5分。"),
    Pattern(S.REQUIRED, r"{V}(?:及)?以上", "报送信息10篇以上。"),
)  # fmt: skip

BEYOND: tuple[Pattern, ...] = (
    Pattern(S.BEYOND, r"取(?:其)?平均|平均(?:得分|计算|后)|平均(?:分|值)(?:为|计|作|折)|加权平均", "四个季度得分取平均。", "几次得分要取平均（可用规则“平均”）"),
    Pattern(S.BEYOND, r"折算|折合|换算", "满分100分，折算为40分。", "得分要折算（满分不同的可用规则“平均”的“满分”）"),
    Pattern(S.BEYOND, r"一票否决|取消[^，。；]{0,8}(?:资格|评优)|(?:定|评|降)为?不合格|(?:降低?|下调)[^，。；]{0,4}(?:等次|档次|等级)",
            "发生事故的一票否决。", "关系到整个考核，不只是这个指标（写在“一票否决”表里）"),
    Pattern(S.BEYOND, r"(?:加倍|翻倍|双倍|\d倍|[两三]倍|逐次递增|递增|累进|[以依]此类推)", "第二次起加倍扣分。", "分数会成倍变化"),
    Pattern(S.BEYOND, r"(?:就高|取(?:其)?最高|(?:按)?(?:最高|较高)(?:一?项|级别|等次|奖项|分值?)(?:加分|计分|得分|计算|记分)?|按最高[^，。；\d]{0,6}|不重复(?:计|加|得|记)分|不(?:重复)?累计?加?分?(?=。|，|；|$)|不累加|同一(?:事项|项目|内容|工作)[^，。；]{0,12}(?:最高|一次)[^，。；\d]{0,8})",
            "同一事项按最高级别加分，不重复计分。", "几项里只取最高的，不累加（可分几个“分项”，“合计”的取法写“取最高”）"),
    Pattern(S.BEYOND, r"追加扣|加扣|另(?:外)?(?:再)?扣", "扣完的另扣总分5分。", "要从别处再扣（可写“方案”表的总分调整）"),
    Pattern(S.BEYOND, r"倒扣|扣至负分|计负分", "未完成的倒扣5分。", "得分会是负数（可写指标的“最低分”）"),
    Pattern(S.BEYOND, r"除外|不可抗力|免(?:予)?扣|免责|豁免|免除|不纳入|不作考核|无此项|不涉及|不适用|没有(?:此项|该项)", "没有此项任务的不作考核。", "有不适用、免扣的情形（可写“不适用时”或参数“免扣”）"),
    Pattern(S.BEYOND, r"(?:以|按|依据)(?:照)?(?:国家|省|市|上级|县[^，。；]{0,6})[^，。；]{0,12}(?:结果|得分|成绩|通报|反馈|排名|标准)(?:为准|计分|记分|得分|折算|确定|评分)?",
            "以市考核结果为准。", "要看别处的考核结果"),
    Pattern(S.BEYOND, r"[^，。；]{0,4}(?:不封顶|不设上限)", "加分上不封顶。", "没有上限（加分、扣分的分值可写“不限”）"),
    Pattern(S.BEYOND, r"(?:[×xX*]|乘以)\d+(?:\.\d+)?%|得分=[^，。；]*[+]", "得分=平时得分×60%+年终得分×40%。", "要按权重合成（可用规则“平均”，写各次的权重）"),
    Pattern(S.BEYOND, r"为(?:一个?)?周期|按(?:月|季度?|周)(?:考核|计算|统计|计分|通报)", "以每月为一个周期。", "是按月、按季分别计的，请核对要填哪一段时间的数"),
    Pattern(S.BEYOND, r"相抵|抵消|抵扣|互抵", "加分扣分可以相抵。", "加分和扣分要相抵，请核对（可拆成两个指标，或写指标的“最低分”）"),
    Pattern(S.BEYOND, r"(?:考核|总|全部|年度)(?:得|成绩)?分?(?:数|值)?(?:清零|归零|为零|记零|为0)", "发生事故的，考核总分清零。", "关系到整个考核的得分（可写一票否决的“效果”）"),
    Pattern(S.BEYOND, r"系数|加权|[×xX*]权重|乘以?权重", "得分乘以难度系数。", "要乘系数"),
    Pattern(S.BEYOND, r"(?:[得计记扣给加]{1,2}一半|减半|折半|半分)[^，。；]{0,4}|一半(?:的)?分", "部分落实的得一半分。", "只得、只扣一半"),
    Pattern(S.BEYOND, r"总分(?:中|里)?(?:扣|加|减)", "在总分中扣5分。", "直接加减总分（可写“方案”表的总分调整，或一票否决的“效果”）"),
    Pattern(S.BEYOND, r"(?:每人|每件|每项|每次|同一[^，。；]{1,6})[^，。；\d]{0,6}(?:最多|最高|不超过)(?:扣|加|得|计)?\d", "每件最多扣2分。", "另有分项的上限（可分几个“分项”）"),
)  # fmt: skip
"""What stands in a sentence and no recipe proposes yet, with the reason and what may be written for it by hand; when a
recipe does, the row moves there."""

CAUTIONS: tuple[Pattern, ...] = (
    Pattern(S.CAUTION, r"同比|环比|增幅|增速|增长率|负增长|正增长|增长(?=\d)|降幅|下降率|比上年|较上年|比去年|较去年", "同比增幅不高于0得10分。",
            "可能是负数，也可能超过 100%，请核对填报项的“最小”“至多”；由两个数算的，可写“怎样得出”"),
)  # fmt: skip
"""What a number may be that a fact holds only where it says so; it matters where a rule looks at a number."""

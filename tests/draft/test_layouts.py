"""Notices of other fields in other layouts, all fictional: sections on rows of their own, points elsewhere, notes."""

from __future__ import annotations

import pytest
from conftest import run
from notices import LEFT, UP, WRITERS

from assess_xlsx.draft import scheme as drafts
from assess_xlsx.draft import source

RIVERS = [
    "青川市河长制工作领导小组办公室",
    "青河长办〔2027〕3号",
    "关于印发《青川市2027年度河长制工作考核办法》的通知",
    "各县区河长办：",
    "考核结果按得分定等次：90分以上为优秀，70分以上为合格。",
    "请于2027年12月20日前将自评表报送市河长办，联系电话：0811-5550123，邮箱：hzb@example.org。",
    "青川市河长制工作领导小组办公室",
    "2027年2月8日",
    "附件2",
    "青川市2027年度河长制工作考核评分表",
    [
        ["序号", "考核内容", "分值", "评分标准", "得分", "备注"],
        ["一、组织体系（30分）", LEFT, LEFT, LEFT, LEFT, LEFT],
        ["1", "河长设立", "10", "按要求设立三级河长的得10分，未设立的不得分。", "", "查文件"],
        ["2", "河长巡河", "20", "市级河长每季度至少巡河1次，每少1次扣2分，扣完为止。", "", ""],
        ["小计", LEFT, "30", "", "", ""],
        ["二、管护成效（70分）", LEFT, LEFT, LEFT, LEFT, LEFT],
        ["3", "水质", "40", "断面水质达标率达到90%得40分，每低1个百分点扣2分。", "", ""],
        ["4", "清四乱", "30", "发现乱占、乱建问题未整改的，每处扣3分；瞒报问题的不得分。", "", ""],
        ["三、加分项（5分）", LEFT, LEFT, LEFT, LEFT, LEFT],
        ["5", "典型经验", "", "经验做法获省级推广的每次加2分，最高加5分。", "", ""],
        ["合计", LEFT, "100", "", "", ""],
        ["注：考核数据以市河长办掌握的为准。", LEFT, LEFT, LEFT, LEFT, LEFT],
    ],
]

HOSPITALS = [
    "松岭区公立医院综合目标考核细则（2027年度）",
    "考核医院：          考核时间：",
    [
        ["一级指标", "分值", "二级指标", "考核要求", "计分办法", "考核方法", "自评分"],
        ["医疗质量", "60", "病历质量（20分）", "病历甲级率不低于90%", "每低1个百分点扣1分。", "抽查", ""],
        [UP, UP, "用药管理（20分）", "药占比不高于30%", "每高1个百分点扣1分，扣完为止。", UP, ""],
        [UP, UP, "医疗安全（20分）", "无医疗责任事故", "发生一起扣10分，造成恶劣影响的此项不得分。", "查资料", ""],
        ["服务能力", "40", "满意度（25分）", "", "满意率95%以上得25分，90%以上得15分，90%以下不得分。", UP, ""],
        [UP, UP, "服务态度（15分）", "文明行医", "由考核组现场评分。", UP, ""],
    ],
]  # fmt: skip

SUPPLIERS = [
    "云杉学校食堂供应商月度考评表",
    [
        ["考评项目", "考评标准", "扣分标准", "标准分"],
        ["供货", "按时足量供货", "每迟到1次扣5分，缺货1次扣10分", "40"],
        ["质量", "食材新鲜、证照齐全", "发现变质食材每次扣10分；证照缺1项扣2分", "40"],
        ["服务", "配合验收", "不配合的每次扣5分", "20"],
        ["一票否决", "发生食物中毒事件的，取消供货资格", "", ""],
    ],
]


HOMES = [
    "云和区2027年养老机构服务质量考核办法",
    "各养老机构：",
    "考核得分90分以上为优秀，80分以上为良好，60分以上为合格，60分以下为不合格；优秀等次不超过20%。",
    "一、组织管理（30分）",
    [
        ["考核内容", "评分标准", "分值"],
        ["制度", "制度健全得10分，每缺1项扣2分。", "10"],
        ["人员", "护理员持证率达到90%得20分，每低1个百分点扣1分。", "20"],
    ],
    "二、照护服务（70分）",
    [
        ["考核内容", "评分标准", "分值"],
        ["入住评估", "入住评估率100%得30分，未达到的按比例得分。", "30"],
        ["投诉", "有效投诉每起扣5分，扣完为止。", "40"],
    ],
    "三、加分项（5分）",
    [["考核内容", "评分标准", "分值"], ["创建", "获评省级示范机构的加5分。", "5"]],
]

STREETS = [
    "附件1",
    "2027年度街道城市管理考核评分表",
    "考核街道：",
    [
        ["一级指标", "二级指标", "三级指标", "评分细则", "分值", LEFT, "备注"],
        [UP, UP, UP, UP, "标准分", "自评分", UP],
        [
            "市容环境（60分）",
            "环境卫生",
            "主次干道",
            "1.有垃圾的，每处扣0.5分。\n2.桶满溢的，每处扣0.5分。",
            "20",
            "",
            "巡查",
        ],
        [UP, UP, "背街小巷", "有卫生死角的，每处扣1分，扣完为止。", "20", "", ""],
        [UP, "占道经营", "", "占道经营每处扣1分；被媒体曝光的每次扣5分。", "20", "", ""],
        [
            "工作落实（40分）",
            "案件办理",
            "",
            "案件按期处置率≥98%得20分，90%—98%得10分，90%以下不得分。",
            "20",
            "",
            "",
        ],
        [UP, "信息报送", "", "每月报送信息不少于4篇，每少1篇扣0.5分。", "10", "", ""],
        [UP, "领导评价", "", "由区城管委领导打分。", "10", "", ""],
        ["合计", "", "", "", "100", "", ""],
    ],
]


OFFICES = [
    "文竹县2027年机关效能考核办法",
    "附件1  机关效能考核评分表（部门）",
    [
        ["考核条线", "考核内容及评分办法", "责任科室"],
        [
            "一、政务服务（20分）",
            "1.网上办理（12分）。网办率达到95%得12分，每低1个百分点扣1分。2.办件质量（8分）。超期办结的每件扣1分。",
            "政务科",
        ],
        [
            "二、公开（10分）",
            "（1）主动公开（6分）。漏公开的每条扣0.5分。\n（2）依申请公开（4分）。逾期答复的每件扣1分。",
            "信息科",
        ],
    ],
]  # fmt: skip

NURSES = [
    "杏林医院护理人员考核表",
    [["考核类别", "考核指标", "扣分标准", "分值"], ["工作纪律", "出勤", "无故迟到的每次扣1分。", "100"]],
    "加分扣分项目",
    [
        ["考核类别", "考核指标", "扣分标准", "分值"],
        ["扣分项目", "投诉", "被投诉的每次扣2分。", "10"],
        ["加分项目", "表扬", "收到表扬信的每封加1分。", "5"],
    ],
]

FIRMS = [
    "兰溪市企业安全信用评分表",
    [
        ["序号", "要素", "满分值", "基本规范要求（括号内为分值）", "评审办法"],
        ["1", "安全投入", "4", "为员工购买工伤保险（2分）", "全员购买的得4分，否则不得分。"],
        ["2", "安全制度", "6", "逐级签订责任书（6分）", "每缺一份扣0.5分，至本项扣完为止。"],
    ],
]

EXTRAS = [
    "梅溪镇村级工作加分办法",
    [
        ["条线", "加分标准", "最高加分"],
        ["党建", "承办县级现场会的每次加1分。", "3"],
        ["统战", "新建议事会的每个加0.5分。", "2"],
    ],
]


@pytest.fixture(params=WRITERS)
def drafted(request, tmp_path):
    def make(parts):
        path = WRITERS[request.param](tmp_path / f"通知.{request.param}", parts)
        draft = tmp_path / "草稿.xlsx"
        run("scheme", "draft", path, "-o", draft)
        told = run("scheme", "check", draft)
        assert "没有错误" in told, told
        return drafts.draft(source.read(path)).tree

    return make


def outlined(tree):
    """Each section as ``title worth points``, its items as ``code points rule`` with ？ where a person must look."""
    told = []
    for section in tree["forms"][0]["sections"]:
        told.append(f"{section['title']} {_worth(section)}")
        for item in section["items"]:
            mark = "？" if "open" in item else ""
            told.append(f"{item['code']} {_worth(item)} {item['rule']['kind']}{mark}")
    return told


def _worth(table):
    return next(f"{key} {table[key]}" for key in ("points", "adds", "deducts") if key in table)


def test_sections_on_rows_of_their_own(drafted):
    tree = drafted(RIVERS)
    assert outlined(tree) == [
        "一、组织体系（30分） points 30",
        "1.1.1 points 10 choice",
        "1.2.1 points 20 linear",
        "二、管护成效（70分） points 70",
        "2.1.1 points 40 margin",
        "2.2.1 points 30 linear",
        "三、加分项（5分） adds 5",
        "3.1.1 adds 5 linear",
    ]
    form = tree["forms"][0]
    assert (form["annex"], form["title"]) == ("附件2", ["青川市2027年度河长制工作考核评分表"])
    left = {line["text"]: line.get("open", "") for line in tree["rest"]}
    assert "等次" in left["考核结果按得分定等次：90分以上为优秀，70分以上为合格。"]
    assert left["1 查文件"] == ""
    assert "注：考核数据以市河长办掌握的为准。" in left


def test_what_the_text_says_of_the_round(tmp_path):
    tree = drafts.draft(source.read(WRITERS["docx"](tmp_path / "通知.docx", RIVERS))).tree
    head = {key: str(tree[key]) for key in ("title", "document", "office", "county", "year", "issued", "deadline")}
    assert head == {
        "title": "青川市2027年度河长制工作考核",
        "document": "青河长办〔2027〕3号",
        "office": "青川市河长制工作领导小组办公室",
        "county": "青川市",
        "year": "2027",
        "issued": "2027-02-08",
        "deadline": "2027-12-20",
    }
    assert (tree["phone"], tree["email"]) == ("0811-5550123", "hzb@example.org")
    assert {"deadline", "phone", "email"} <= tree["open"].keys()


def test_points_beside_the_section_and_in_brackets(drafted):
    tree = drafted(HOSPITALS)
    assert outlined(tree) == [
        "医疗质量 points 60",
        "1.1.1 points 20 margin",
        "1.2.1 points 20 margin",
        "1.3.1 points 20 linear",
        "服务能力 points 40",
        "2.1.1 points 25 bands",
        "2.2.1 points 15 direct",
    ]
    first = tree["forms"][0]["sections"][0]["items"][0]
    assert first["text"] == "病历甲级率不低于90%\n每低1个百分点扣1分。"
    assert first["rule"]["at_least"] == 90
    assert tree["forms"][0]["unit_label"] == "考核医院"


def test_a_plain_table_of_a_school(drafted):
    tree = drafted(SUPPLIERS)
    assert outlined(tree) == [
        "供货 points 40",
        "1.1.1 points 40 linear",
        "质量 points 40",
        "2.1.1 points 40 linear",
        "服务 points 20",
        "3.1.1 points 20 linear",
    ]
    assert [veto["text"] for veto in tree["vetoes"]] == ["发生食物中毒事件的，取消供货资格"]


def test_a_table_for_each_section(drafted):
    tree = drafted(HOMES)
    assert outlined(tree) == [
        "一、组织管理（30分） points 30",
        "1.1.1 points 10 linear",
        "1.2.1 points 20 margin",
        "二、照护服务（70分） points 70",
        "2.1.1 points 30 ratio",
        "2.2.1 points 40 linear",
        "三、加分项（5分） adds 5",
        "3.1.1 adds 5 flat",
    ]
    grades = [(grade["name"], grade["at_least"], grade.get("quota", "")) for grade in tree["grades"]]
    assert grades == [("优秀", 90, "20%"), ("良好", 80, ""), ("合格", 60, ""), ("不合格", 0, "")]


def test_headings_on_two_rows(drafted):
    tree = drafted(STREETS)
    assert outlined(tree) == [
        "市容环境（60分） points 60",
        "1.1.1 points 20 linear",
        "1.1.2 points 20 linear",
        "1.2.1 points 20 linear",
        "工作落实（40分） points 40",
        "2.1.1 points 20 bands",
        "2.2.1 points 10 linear",
        "2.3.1 points 10 direct",
    ]
    assert tree["forms"][0]["name"] == "街道"
    assert [line["text"].split()[-1] for line in tree["rest"]] == ["巡查"]


def test_lines_of_a_cell_that_say_their_points_are_items(drafted):
    tree = drafted(OFFICES)
    assert outlined(tree) == [
        "一、政务服务（20分） points 20",
        "1.1.1 points 12 margin",
        "1.1.2 points 8 linear",
        "二、公开（10分） points 10",
        "2.1.1 points 6 linear",
        "2.1.2 points 4 linear",
    ]


def test_a_table_of_extras_belongs_to_the_form_above(tmp_path):
    tree = drafts.draft(source.read(WRITERS["docx"](tmp_path / "通知.docx", NURSES))).tree
    assert len(tree["forms"]) == 1
    assert outlined(tree) == [
        "工作纪律 points 100",
        "1.1.1 points 100 linear",
        "扣分项目 deducts 10",
        "2.1.1 deducts 10 linear",
        "加分项目 adds 5",
        "3.1.1 adds 5 linear",
    ]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("农业农村重点工作考核评分表", "单位"),
        ("行政村考核评分表", "村"),
        ("村级考核评分表", "村"),
        ("村镇建设考核评分表", "单位"),
        ("市容管理评分表（每月考核一次）", "单位"),
    ],
)
def test_what_a_title_calls_the_units(tmp_path, title, name):
    table = [["考核内容", "评分标准", "分值"], ["台账", "未建立台账的扣2分。", "100"]]
    tree = drafts.draft(source.read(WRITERS["xlsx"](tmp_path / "通知.xlsx", [title, table]))).tree
    assert tree["forms"][0]["name"] == name


def test_columns_that_say_points_are_added(drafted):
    assert outlined(drafted(EXTRAS)) == ["党建 adds 3", "1.1.1 adds 3 linear", "统战 adds 2", "2.1.1 adds 2 linear"]


def test_the_column_that_tells_how_points_are_given_is_the_text(drafted):
    assert outlined(drafted(FIRMS)) == [
        "安全投入 points 4",
        "1.1.1 points 4 choice",
        "安全制度 points 6",
        "2.1.1 points 6 linear",
    ]


LOSSES = [
    "某县2027年机关作风扣分事项",
    "各部门：",
    [
        ["序号", "扣分内容", "扣分标准"],
        ["1", "会议纪律", "无故缺席1次扣1分，迟到1次扣0.5分。"],
        ["2", "交办事项", "不按时办结的每件（次）扣2分。"],
    ],
]


def test_losses_that_no_cell_bounds_have_no_end(drafted):
    tree = drafted(LOSSES)
    [form] = tree["forms"]
    assert form["title"] == ["某县2027年机关作风扣分事项"]
    items = [item for section in form["sections"] for item in section["items"]]
    assert [item["deducts"] for item in items] == ["不限", "不限"]
    assert [item["open"] for item in items] == ["最多扣几分，通知没有写，暂写“不限”。"] * 2


REMARKED = [
    "某街道2027年度物业考核表",
    "考核等级：90分以上为优，75分以上为良，60分以上为中，60分以下为差。",
    [["项目", "评分办法", "分值"], ["保洁", "发现垃圾每处扣1分。", "60"], ["秩序", "脱岗每人次扣2分。", "40"]],
]


def test_a_remark_between_a_title_and_its_table_is_no_title(drafted):
    tree = drafted(REMARKED)
    assert tree["forms"][0]["title"] == ["某街道2027年度物业考核表"]
    assert [grade["name"] for grade in tree["grades"]] == ["优", "良", "中", "差"]


BOTH_WAYS = [
    "某县2027年计划生育协会工作考核表",
    [
        ["考核内容", "评分标准", "分值"],
        ["一、基础工作", LEFT, LEFT],
        ["名册", "未建立会员名册的扣4分。", "100"],
        ["二、加减分项", LEFT, LEFT],
        ["表彰", "受到省级表彰的每次加1分。", "加2分"],
        ["通报", "被通报批评的每次扣1分。", "扣3分"],
    ],
]


def test_a_section_may_add_and_take_off(drafted):
    assert outlined(drafted(BOTH_WAYS)) == [
        "一、基础工作 points 100",
        "1.1.1 points 100 linear",
        "二、加减分项（加分） adds 2",
        "2.1.1 adds 2 linear",
        "二、加减分项（扣分） deducts 3",
        "3.1.1 deducts 3 linear",
    ]


HEADED = [
    "某集团2027年档案考核表",
    [
        ["序号", "指标", "要点", "分值", "评分标准"],
        ["一", "基础工作", "", "60", ""],
        ["1", "制度", "制度健全。", "60", "制度每缺一项扣5分。"],
        ["二", "利用工作", "", "40", ""],
        ["2", "查阅", "查阅便捷。", "40", "被投诉的每次扣5分。"],
    ],
]


def test_a_section_may_stand_in_a_row_with_its_number_and_points(drafted):
    assert outlined(drafted(HEADED)) == [
        "一、基础工作 points 60",
        "1.1.1 points 60 linear",
        "二、利用工作 points 40",
        "2.1.1 points 40 linear",
    ]


def test_a_minus_in_a_cell_of_points_takes_off(drafted):
    rows = [["内容", "评分标准", "分值"], ["台账", "缺一项扣1分。", "100"], ["通报", "每次扣2分。", "-10"]]
    assert "2.1.1 deducts 10 linear" in outlined(drafted(["某县2027年考核表", rows]))


PERIODS = [
    ("某公司保洁考核表", "本表按月考核。", 4, False),
    ("某公司2027年度保洁考核表", "", 48, False),
    ("某公司2027年度保洁考核表", "平时按季度考核，年底汇总。", 48, True),
    ("某系教学考核表", "考核时间：每学期末", 24, False),
]


@pytest.mark.parametrize(("title", "remark", "required", "asks"), PERIODS)
def test_how_often_goes_by_how_long_the_assessment_looks_back(tmp_path, title, remark, required, asks):
    table = [["内容", "评分标准", "分值"], ["消杀", "每月消杀不少于4次，每少1次扣1分。", "100"]]
    parts = [each for each in (title, remark, table) if each]
    tree = drafts.draft(source.read(WRITERS["docx"](tmp_path / "通知.docx", parts))).tree
    [item] = tree["forms"][0]["sections"][0]["items"]
    assert item["rule"]["terms"][0]["short_of"] == required
    assert ("别的考核周期" in item.get("open", "")) == asks

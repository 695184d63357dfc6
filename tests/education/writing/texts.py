"""Made-up texts of a few hundred letters, each in its own words, and copies of them in a given measure."""

from __future__ import annotations

import random

PARTS = {
    "who": ["科里", "班组", "食堂", "车队", "仓库", "工地", "财务", "采购", "门卫", "档案室", "化验室", "机房", "泵站", "窗口", "印刷间", "小会议室", "维修组", "电工房", "检验台", "料场", "接待室", "值班室"],
    "when": ["去年春天", "六月里", "上个月", "前些日子", "年底", "开会以后", "看完片子", "夜班时", "节前", "结算那周", "雨季", "大修期间", "搬家时", "验收前", "盘点日", "休假回来"],
    "what": ["清点物料", "核对单据", "接待来客", "修改合同", "安排值班", "填报台账", "领用油料", "分发补助", "验收设备", "借用车辆", "打印文件", "登记访客", "拆封样品", "调整排班", "处理废料"],
    "how": ["不够细致", "拖了几天", "少写一笔", "没有当面问清", "凭着老习惯", "图省事", "顾着面子", "忘了签字", "漏了复核", "怕得罪人", "想当然", "没有留底", "少跑一趟", "听了劝告"],
    "then": ["心里发紧", "脸上发烫", "睡得不踏实", "当晚补了手续", "第二天说明白", "主动退了回去", "记进本子", "请人看着", "改了办法", "立了规矩", "多问了两句", "认了这个错"],
}  # fmt: skip


def sentence(chance: random.Random) -> str:
    words = {name: chance.choice(found) for name, found in PARTS.items()}
    number = chance.randint(2, 97)
    patterns = (
        "{when}{who}{what}，{how}，{then}，我算了算一共{n}处。",
        "我记得{who}在{when}{what}{n}次，有一回{how}，后来{then}。",
        "{what}本是小事，{when}却因为{how}，让{who}等了{n}分钟，{then}。",
        "要说{how}，{who}{when}就有过，那天{what}到第{n}号，{then}。",
    )
    return chance.choice(patterns).format(n=number, **words)


def honest(seed: int, letters: int = 1000) -> list[str]:
    """Sentences of one author, together at least so many letters."""
    chance, found = random.Random(seed), list[str]()
    while sum(map(len, found)) < letters:
        found.append(sentence(chance))
    return found


def copied(own: list[str], other: list[str], part: float, seed: int, shuffled: bool = False) -> list[str]:
    """One's own sentences with this part of the letters replaced by sentences of the other, in a row or scattered."""
    chance = random.Random(seed)
    wanted, taken = part * sum(map(len, own)), list[str]()
    for one in other:
        if sum(map(len, taken)) >= wanted:
            break
        taken.append(one)
    kept = own[: max(0, len(own) - len(taken))]
    if shuffled:
        chance.shuffle(taken)
        mixed = kept + taken
        chance.shuffle(mixed)
        return mixed
    middle = len(kept) // 2
    return kept[:middle] + taken + kept[middle:]


def reflection(sentences: list[str]) -> str:
    """The sentences under the three headings of a reflection."""
    third = max(1, len(sentences) // 3)
    parts = (sentences[:third], sentences[third : 2 * third], sentences[2 * third :])
    names = ("看了什么、想到什么", "对照自己", "准备怎么做")
    return "\n\n".join(f"## {name}\n" + "".join(part) for name, part in zip(names, parts, strict=True))

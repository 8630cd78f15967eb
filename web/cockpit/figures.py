"""考核指标: the numbers of a month, for the screen and for paper."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask_babel import gettext as _

from engine.indicators import Indicator
from engine.queries.period_figures import figures_of_month, last_month, next_month
from engine.timing.zone import local
from web.auth.viewer import the_engine, viewer
from web.cockpit.blueprint import pages


@pages.get("/figures")
def figures() -> str:
    """The month of the address (`?month=2026-10`), else the present one."""
    engine = the_engine()
    present = local(engine.clock.now()).date().replace(day=1)
    month = _month(request.args.get("month", ""), present)
    found = figures_of_month(engine, viewer().actor, month)
    return render_template(
        "cockpit/figures.html",
        month=month,
        before=last_month(month),
        after=next_month(month) if month < present else None,
        present=present,
        groups=_by_group(found.indicators),
        overdue=found.overdue,
        words=_words(),
    )


def _month(asked: str, present: date) -> date:
    """The first day of the month asked for; the present one where nothing sensible is asked."""
    try:
        return min(date.fromisoformat(f"{asked}-01"), present)
    except ValueError:
        return present


def _by_group(indicators: list[Indicator]) -> dict[str, list[Indicator]]:
    groups: dict[str, list[Indicator]] = {}
    for one in indicators:
        groups.setdefault(one.group, []).append(one)
    return groups


def _words() -> dict[str, str]:
    """Groups, measures and units of the figures, which are counted in Chinese."""
    return {
        "协作事项": _("协作事项"),
        "办理结果": _("办理结果"),
        "法定期限": _("法定期限"),
        "用时（只计时）": _("用时（只计时）"),
        "退回补正": _("退回补正"),
        "电子送达": _("电子送达"),
        "监督": _("监督"),
        "发起": _("发起"),
        "期末在办": _("期末在办"),
        "到期": _("到期"),
        "按期": _("按期"),
        "逾期": _("逾期"),
        "按期率": _("按期率"),
        "平均逾期": _("平均逾期"),
        "次数": _("次数"),
        "中位数": _("中位数"),
        "发出": _("发出"),
        "已签收": _("已签收"),
        "发生": _("发生"),
        "未处理": _("未处理"),
        "超时限制人身自由": _("超时限制人身自由"),
        "拒绝并记录": _("拒绝并记录"),
        "询问期限": _("询问期限"),
        "越权访问": _("越权访问"),
        "系统异常": _("系统异常"),
        "双方往来消息": _("双方往来消息"),
        "件": _("件"),
        "次": _("次"),
        "小时": _("小时"),
        "分钟": _("分钟"),
    }

"""Sentences for the codes of this library, Chinese and English, so that it can be used alone."""

from __future__ import annotations

from typing import Any, Literal

from engine.errors import LiandongError
from engine.feel.errors import FeelSyntaxError
from engine.feel.expression import Reason

Language = Literal["zh", "en"]

# code: (Chinese, English). The parameters are those that the code is raised or noted with.
SENTENCES: dict[str, tuple[str, str]] = {
    "feel.syntax.unexpected": (
        "应为{expected}，实为{found}。请补上或改正此处。",
        "Expected {expected}, found {found}. Add or correct what stands here.",
    ),
    "feel.syntax.character": (
        "无法识别的字符：{found}。请改用半角的运算符和引号。",
        "Unknown character: {found}. Use the plain operators and quotation marks.",
    ),
    "feel.syntax.string": (
        "字符串没有结束：{found}。请在同一行补上引号。",
        "The string does not end: {found}. Close the quotation mark on the same line.",
    ),
    "feel.syntax.escape": (
        "字符串 {found} 中的转义不是有效的字符。请写 \\uXXXX 或 \\UXXXXXX。",
        "The escape in {found} is no character. Write \\uXXXX or \\UXXXXXX.",
    ),
    "feel.syntax.number": (
        "数值 {found} 超出范围（34 位有效数字，指数 -6143 至 6144）。",
        "The number {found} is out of range (34 digits, exponents -6143 to 6144).",
    ),
    "feel.syntax.method": (
        "不允许调用 {found}：图中不得调用程序对象的方法。请改用 FEEL 函数或服务任务。",
        "Calling {found} is refused: diagrams call no methods. Use a FEEL function or a service "
        "task.",
    ),
    "feel.syntax.template": (
        "“${{”没有对应的“}}”。请补上“}}”。",
        "A `${{` has no `}}`. Close it.",
    ),
    "feel.limit.text": (
        "表达式过长：{found} 个字符，上限 {limit}。请拆成几个表达式。",
        "The expression is too long: {found} characters, at most {limit}. Split it.",
    ),
    "feel.limit.nesting": (
        "表达式嵌套过深，上限 {limit} 层。请拆成几个表达式。",
        "The expression is nested too deeply, at most {limit} levels. Split it.",
    ),
    "feel.limit.steps": (
        "计算量过大，上限 {limit} 步。请缩小循环的范围。",
        "The evaluation takes too long, at most {limit} steps. Loop over less.",
    ),
    "feel.limit.calls": (
        "函数互相调用过深，上限 {limit} 层。请检查递归是否会结束。",
        "Functions call one another too deeply, at most {limit} levels. Check that the recursion "
        "ends.",
    ),
    "feel.limit.string": (
        "字符串过长，上限 {limit} 个字符。",
        "A string grows too long, at most {limit} characters.",
    ),
    "feel.limit.list": (
        "列表过长，上限 {limit} 项。",
        "A list grows too long, at most {limit} items.",
    ),
    "feel.limit.regex": (
        "正则表达式计算量过大（上限 {limit}）。请简化，避免重复之中再有重复。",
        "The regular expression takes too much (limit {limit}). Simplify it: no repetition within "
        "a repetition.",
    ),
    "feel.limit.value": (
        "数据过大，上限 {limit} 个值。",
        "The value is too large, at most {limit} parts.",
    ),
    "feel.null.name": ("没有名为“{name}”的变量。", "There is no variable named {name}."),
    "feel.null.entry": ("上下文中没有“{name}”这一项。", "The context has no entry {name}."),
    "feel.null.path": ("空值没有“{name}”。", "Null has no {name}."),
    "feel.null.property": ("{kind} 没有属性“{name}”。", "A {kind} has no property {name}."),
    "feel.null.function": (
        "所调用的不是函数，而是 {kind}。",
        "What is called is no function but {kind}.",
    ),
    "feel.null.arguments": (
        "函数“{name}”的参数个数、名称或类型不符。",
        "The arguments do not fit function {name} in number, name or type.",
    ),
    "feel.null.result": (
        "函数“{name}”的结果与声明的类型不符。",
        "The result of function {name} does not have its declared type.",
    ),
    "feel.null.external": ("不支持外部函数。", "External functions are not supported."),
    "feel.null.operator": (
        "“{operator}”不能用于 {left} 与 {right}。",
        "{operator} is not defined for {left} and {right}.",
    ),
    "feel.null.compare": ("{left} 与 {right} 不能比较。", "{left} and {right} cannot be compared."),
    "feel.null.logic": (
        "“{operator}”的一侧是 {kind}，应为真假值。",
        "One side of {operator} is {kind}: a boolean is expected.",
    ),
    "feel.null.zero": ("除数为零。", "Division by zero."),
    "feel.null.overflow": ("计算结果超出数值范围。", "The result is out of the range of numbers."),
    "feel.null.range": (
        "区间的两端（{left}、{right}）类型不同或次序颠倒。",
        "The ends of the range ({left}, {right}) differ in kind or are the wrong way round.",
    ),
    "feel.null.literal": (
        "“{text}”不是日期、时间或时长。",
        "{text} is no date, time or duration.",
    ),
    "feel.null.type": ("没有类型“{type}”。", "There is no type {type}."),
    "feel.null.filter": ("空值不能筛选。", "Null cannot be filtered."),
    "feel.null.index": (
        "列表有 {length} 项，没有第 {index} 项。",
        "The list has {length} items, none at {index}.",
    ),
    "feel.null.condition": (
        "筛选条件的结果是 {kind}，应为真假值或序号。",
        "The filter yields {kind}; a boolean or a position is expected.",
    ),
    "feel.null.iteration": (
        "{kind} 不能循环，应为列表。",
        "{kind} cannot be iterated: a list is expected.",
    ),
    "feel.null.steps": (
        "{left} 到 {right} 不能循环，应为整数或日期。",
        "From {left} to {right} cannot be iterated: integers or dates are expected.",
    ),
    "feel.null.keys": ("键缺失、重复或不是字符串。", "A key is missing, doubled or no string."),
    "feel.null.items": (
        "函数“{name}”的列表中有不适用的值。",
        "Function {name} cannot use a value in its list.",
    ),
    "feel.null.empty": ("函数“{name}”需要更多的值。", "Function {name} needs more values."),
    "feel.null.text": ("函数“{name}”读不懂“{text}”。", "Function {name} cannot read {text}."),
    "feel.null.separator": (
        "函数“{name}”的分隔符应为空格、逗号或句点，且两者不同。",
        "The separators of {name} are space, comma or period, and differ.",
    ),
    "feel.null.position": (
        "函数“{name}”：共 {length} 项，没有位置 {position}。",
        "Function {name}: position {position} is not within {length}.",
    ),
    "feel.null.length": (
        "函数“{name}”：长度 {position} 不在 1 至 {length} 之间。",
        "Function {name}: length {position} is not between 1 and {length}.",
    ),
    "feel.null.scale": (
        "函数“{name}”：小数位数 {scale} 不在 -6111 至 6176 之间。",
        "Function {name}: scale {scale} is not between -6111 and 6176.",
    ),
    "feel.null.domain": (
        "函数“{name}”的参数超出定义域。",
        "The argument of {name} is outside its domain.",
    ),
    "feel.null.pattern": (
        "函数“{name}”的正则表达式有误。",
        "The regular expression of {name} is not valid.",
    ),
    "feel.null.flags": (
        "函数“{name}”不认识标志“{flags}”，可用 s、m、i、x、q。",
        "Function {name} does not know the flags {flags}: s, m, i, x, q.",
    ),
    "feel.null.empty_match": (
        "函数“{name}”的正则表达式不得匹配空串。",
        "The regular expression of {name} may not match nothing.",
    ),
    "feel.null.replacement": (
        "函数“{name}”的替换文本有误：$ 后须有数字，\\ 后须为 $ 或 \\。",
        "The replacement of {name} is not valid: a digit follows $, and $ or \\ follows \\.",
    ),
    "feel.null.predicate": (
        "函数“{name}”所用的函数没有给出真假值。",
        "The function given to {name} did not yield a boolean.",
    ),
    "feel.null.clock": ("此处没有当前时间可用。", "There is no current time here."),
    "feel.null.template": ("模板中有空值。", "A part of the template is null."),
    "feel.value.python": (
        "{kind} 类型的数据不能用于表达式。",
        "Data of type {kind} cannot be used.",
    ),
    "feel.value.key": ("数据的键应为字符串。", "The keys of data must be strings."),
    "feel.value.range": ("{value} 超出可用的日期范围。", "{value} is outside the usable dates."),
    "feel.value.function": ("函数不能保存。", "A function cannot be stored."),
    "feel.value.encoding": ("无法识别的存储格式：{found}。", "Unknown stored form: {found}."),
}
# What the parser expects, in words; signs and keywords are shown as they are.
_EXPECTED: dict[str, tuple[str, str]] = {
    "end": ("表达式结束", "the end of the expression"),
    "expression": ("一个表达式", "an expression"),
    "name": ("一个名称", "a name"),
    "type": ("一个类型", "a type"),
    "string": ("一个字符串", "a string"),
    "number": ("一个数值", "a number"),
    "interval end": ("区间的结束 ]、) 或 [", "the end of the interval: ], ) or ["),
}
_NOTHING = ("表达式结束", "the end of the expression")


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def describe(error: LiandongError | Reason, lang: Language = "zh") -> str:
    """The sentence of an error or of a reason, beginning with line and column where known."""
    index = 0 if lang == "zh" else 1
    sentence = SENTENCES.get(error.code)
    if sentence is None:
        return f"{error.code} {error.params}"
    text = sentence[index].format_map(_Blank(_words(error.params, index)))
    if isinstance(error, FeelSyntaxError | Reason):
        place = ("第 {line} 行第 {column} 列：", "Line {line}, column {column}: ")[index]
        return place.format(line=error.line, column=error.column) + text
    return text


def _words(params: dict[str, Any], index: int) -> dict[str, Any]:
    words = {key: value for key, value in params.items() if value is not None}
    if "expected" in params:
        expected = str(params["expected"])
        words["expected"] = _EXPECTED.get(expected, (f"“{expected}”", expected))[index]
        found = params.get("found")
        words["found"] = _NOTHING[index] if found is None else found
    return words

"""What comes first: important before urgent, and never only what is urgent.

    A important and urgent · B important · C urgent · D neither;  A > B > C > D

Important is what serves the mission, the values and the first goals; urgent is what asks for
attention at once.  B is where trouble is prevented: a list that holds C or D and no B repairs and
does not prevent (预防性的事前管理), and that is found.

>>> priority(important=True, urgent=False), Priority.B > Priority.C
(<Priority.B: 'b'>, True)
>>> plan = Task(key="plan", text="plan the salon", important=True, urgent=False)
>>> mail = Task(key="mail", text="answer mail", important=False, urgent=True)
>>> [task.key for task in ranked([mail, plan])]
['plan', 'mail']

Before a task is planned, five questions are put to it (以终为始); one that fails is put off, handed
on or dropped, and what nobody has asked is told apart from what was answered with no.

>>> mail = Purpose(task="mail", answers={"must": True, "wanted": True, "on_goal": False})
>>> mail.failed, [question.value for question in mail.missing]
((<FiveTest.ON_GOAL: 'on_goal'>,), ['matters', 'pays'])

Source: the time matrix of the trade's training material, after S. R. Covey, "First Things First"
(1994).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from attrs import field, frozen

from salesflow import forms
from salesflow.errors import InvalidValue, WrongType
from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label, Term
from salesflow.scales import Rung
from salesflow.tables import Rows, Table

__all__ = [
    "MATRIX",
    "TASK_REMARKS",
    "FiveTest",
    "Priority",
    "Purpose",
    "Task",
    "priority",
    "ranked",
    "task_findings",
]


class Priority(Rung):
    """A class of the time matrix (时间管理矩阵), the lowest first."""

    D = "d", "不重要不紧急", "neither"
    C = "c", "紧急不重要", "urgent, not important"
    B = "b", "重要不紧急", "important, not urgent"
    A = "a", "重要且紧急", "important and urgent"


#: the cell of each class: whether it is important, whether it is urgent
MATRIX: Final = Table(
    {
        Priority.A: (True, True),
        Priority.B: (True, False),
        Priority.C: (False, True),
        Priority.D: (False, False),
    }
)


def priority(*, important: bool, urgent: bool) -> Priority:
    """Return the class of what is important or not, urgent or not."""
    cell = (_flag(important, "important"), _flag(urgent, "urgent"))
    return next(row for row, answers in MATRIX.items() if answers == cell)


def _flag(value: object, box: str) -> bool:
    if not isinstance(value, bool):
        raise WrongType.of(box, value, "pass True or False")
    return value


@frozen(kw_only=True)
class Task:
    """Something to be done: what for, how important, how long, by when."""

    #: key within its list
    key: str
    #: what is to be done
    text: str = field(repr=forms.masked)
    #: whether it serves the first goals, None where nobody has judged it
    important: bool | None = None
    #: whether it asks for attention at once, None where nobody has judged it
    urgent: bool | None = None
    #: id of the goal it serves
    goal: str = ""
    #: how many minutes it is expected to take, None without an estimate
    minutes: int | None = None
    #: the day by which it is due
    due: date | None = None
    #: who does it, by id
    owner: str = ""

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "key", "text")
        for box in ("important", "urgent"):
            if getattr(self, box) is not None:
                forms.flags(self, box)
        forms.optional_lines(self, "goal", "owner")
        forms.optional_counts(self, "minutes")
        forms.optional_days(self, "due")

    @property
    def priority(self) -> Priority | None:
        """Its class; None until both questions are answered."""
        if self.important is None or self.urgent is None:
            return None
        return priority(important=self.important, urgent=self.urgent)


_NO_DEADLINE: Final = Remark(
    "no_deadline",
    Severity.WATCH,
    Label("任务没有完成期限", "the task has no deadline"),
    Label("定下完成日期", "set a day for it"),
)
_NO_PRIORITY: Final = Remark(
    "no_priority",
    Severity.WATCH,
    Label("任务没有分清轻重缓急", "nobody said how important and how urgent the task is"),
    Label("判断是否重要、是否紧急", "judge both"),
)
_NO_GOAL: Final = Remark(
    "no_goal",
    Severity.WATCH,
    Label("任务不服务于任何目标", "the task serves no goal"),
    Label("对应到目标，或者不做", "link it to a goal, or leave it undone"),
)
_OVER_COMMITTED: Final = Remark(
    "over_committed",
    Severity.WATCH,
    Label("承诺太多：超出 {over} 分钟", "too much was promised, minutes over: {over}"),
    Label("授权、推迟或取消：先D后C", "delegate, put off or drop: first D, then C"),
)
_NO_PREVENTION: Final = Remark(
    "no_prevention",
    Severity.WATCH,
    Label(
        "安排了C类或D类任务，却没有B类任务", "there is work of class C or D, and none of class B"
    ),
    Label("先为重要不紧急的事留出时间", "keep time first for what is important, not urgent"),
)
#: every finding about a list of tasks
TASK_REMARKS: Final = (_NO_DEADLINE, _NO_PRIORITY, _NO_GOAL, _OVER_COMMITTED, _NO_PREVENTION)


def tasks_of(value: Iterable[Task]) -> tuple[Task, ...]:
    """Take a list of tasks, no key twice: the converter of a box `tasks`."""
    tasks = forms.list_of(Task, value, "tasks")
    if len({task.key for task in tasks}) < len(tasks):
        raise InvalidValue("tasks", "bear one key twice", "give each task its own key")
    return tasks


def ranked(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Return tasks in the order in which to do them: A > B > C > D, then by due day, then by key.

    Tasks that nobody judged come last, and within a class those without a deadline.
    """
    return tuple(sorted(tasks_of(tasks), key=_turn))


def _turn(task: Task) -> tuple[int, date, str]:
    rank = -1 if task.priority is None else task.priority.rank
    return -rank, task.due or date.max, task.key


def task_findings(
    subject: str, tasks: Iterable[Task], *, minutes: int | None = None
) -> tuple[Finding, ...]:
    """Return what is doubtful about the tasks of a plan; `minutes` is the time there is for them.

    Findings about one task bear its key, those about the whole list the `subject`.
    """
    there_is = None if minutes is None else forms.count(minutes, "minutes")
    return tuple(_findings(subject, tasks_of(tasks), there_is))


def _findings(subject: str, tasks: tuple[Task, ...], minutes: int | None) -> Iterator[Finding]:
    for task in tasks:
        lacks = {
            _NO_DEADLINE: task.due is None,
            _NO_PRIORITY: task.priority is None,
            _NO_GOAL: not task.goal,
        }
        yield from (remark.about(task.key) for remark, lacking in lacks.items() if lacking)
    planned = sum(task.minutes or 0 for task in tasks)
    if minutes is not None and planned > minutes:
        yield _OVER_COMMITTED.about(subject, over=planned - minutes)
    classes = {task.priority for task in tasks}
    if classes & {Priority.C, Priority.D} and Priority.B not in classes:
        yield _NO_PREVENTION.about(subject)


# --- begin with the end in mind --------------------------------------------------------------


class FiveTest(Term):
    """One of the five questions; yes speaks for doing it."""

    MUST = "must", "是必须要做的吗？", "Must it be done?"
    MATTERS = "matters", "不完成会有后果吗？", "Would it matter if it were left undone?"
    WANTED = "wanted", "是自己想要的吗？", "Is it what you want yourself?"
    ON_GOAL = "on_goal", "和目标直接相关吗？", "Does it bear directly on the goal?"
    PAYS = "pays", "回报及收益高吗？", "Is the return high?"


def _answers(value: Rows[FiveTest, bool]) -> Table[FiveTest, bool]:
    return forms.answers(FiveTest, value, "answers")


@frozen(kw_only=True)
class Purpose:
    """A task put to the five questions."""

    #: key of the task
    task: str
    #: the answers; what nobody has asked is left out
    answers: Table[FiveTest, bool] = field(converter=_answers)

    def __attrs_post_init__(self) -> None:
        forms.lines(self, "task")

    @property
    def failed(self) -> tuple[FiveTest, ...]:
        """The questions answered with no."""
        return tuple(question for question, yes in self.answers.items() if not yes)

    @property
    def missing(self) -> tuple[FiveTest, ...]:
        """The questions that nobody has asked."""
        return tuple(question for question in FiveTest if question not in self.answers)

"""What we do: the seven-step visit, from its plan to its lessons."""

from salesflow.visits.academic import CHECKLIST, AcademicEvent, ChecklistItem, EventKind
from salesflow.visits.aims import Smart, SmartGoal, climb
from salesflow.visits.answers import AnswerLesson
from salesflow.visits.audit import replay
from salesflow.visits.comparison import Comparison, compare
from salesflow.visits.dialogue import *
from salesflow.visits.effect import EFFECTIVE, EffectiveRule, Shortfall
from salesflow.visits.guide import STEPS, Check, StepProfile
from salesflow.visits.habits import Habit, HabitLesson
from salesflow.visits.lessons import Lessons, lessons
from salesflow.visits.outcome import *
from salesflow.visits.plan import CallPlan, Hours, PredictedObjection
from salesflow.visits.process import PROCESS, GeneralStep, ProcessRow, stages_of, steps_of
from salesflow.visits.proofs import evidence_from
from salesflow.visits.retrospective import ProcessReview, ReviewLine
from salesflow.visits.sheet import Proof, Record, Sheet
from salesflow.visits.signals import OverduePromise, SignalLesson
from salesflow.visits.steps import VISIT, Step, VisitStatus, visit_method
from salesflow.visits.trail import VisitAct, VisitEvent
from salesflow.visits.visit import Visit
from salesflow.visits.weakness import StepLesson

__all__ = [
    "CHECKLIST",
    "EFFECTIVE",
    "PROCESS",
    "STEPS",
    "SUMMARY",
    "VISIT",
    "AcademicEvent",
    "AnswerLesson",
    "CallPlan",
    "Check",
    "ChecklistItem",
    "Commitment",
    "CommitmentState",
    "Comparison",
    "EffectiveRule",
    "EventKind",
    "Feedback",
    "GeneralStep",
    "Habit",
    "HabitLesson",
    "Hours",
    "Lessons",
    "MarketSignal",
    "Need",
    "NeedDimension",
    "Objection",
    "ObjectionOutcome",
    "OverduePromise",
    "Party",
    "Polarity",
    "PredictedObjection",
    "ProcessReview",
    "ProcessRow",
    "Proof",
    "Question",
    "QuestionForm",
    "Record",
    "ReviewLine",
    "Sheet",
    "Shortfall",
    "SignalLesson",
    "Smart",
    "SmartGoal",
    "Spin",
    "SpinCoverage",
    "Step",
    "StepLesson",
    "StepProfile",
    "Summary",
    "SummaryBox",
    "Trend",
    "Visit",
    "VisitAct",
    "VisitEvent",
    "VisitStatus",
    "climb",
    "compare",
    "effectiveness",
    "evidence_from",
    "lessons",
    "replay",
    "spin_coverage",
    "stages_of",
    "steps_of",
    "visit_method",
]

"""What we plan: quotas and goals, the cycle of calls, the roadmap, and what comes first."""

from salesflow.planning.agenda import AGENDA_REMARKS, NO_AGENDA, Agenda, SixQuestion
from salesflow.planning.attainment import *
from salesflow.planning.balance import *
from salesflow.planning.callees import SEGMENT_ORDER, Callee
from salesflow.planning.calls import *
from salesflow.planning.capacity import DETAILING, PROJECTS, Capacity
from salesflow.planning.cycle_goals import *
from salesflow.planning.day_plan import *
from salesflow.planning.goalbook import *
from salesflow.planning.goals import *
from salesflow.planning.links import *
from salesflow.planning.metric import Metric
from salesflow.planning.month_plan import *
from salesflow.planning.owners import *
from salesflow.planning.phases import *
from salesflow.planning.priority import *
from salesflow.planning.profiles import DEVICE_PROJECT, PHARMA_DETAILING, PlanProfile
from salesflow.planning.quota import *
from salesflow.planning.readings import *
from salesflow.planning.rhythm import Per
from salesflow.planning.road_check import *
from salesflow.planning.roadmap import *
from salesflow.planning.sales_plan import *
from salesflow.planning.schedule import *
from salesflow.planning.seasons import *
from salesflow.planning.shares import *
from salesflow.planning.standards import Standard, StandardKind, Unit, Verdict, or_not_applicable
from salesflow.planning.timelog import *
from salesflow.planning.week_plan import *

__all__ = [
    "AGENDA_REMARKS",
    "DAY_REMARKS",
    "DETAILING",
    "DEVIATIONS",
    "DEVICE_PROJECT",
    "ENOUGH_YEARS",
    "GOALS",
    "GOAL_REMARKS",
    "HIGH_SCORES",
    "MATRIX",
    "MONTH_REMARKS",
    "MOST_GOALS",
    "NOMINAL_DAYS",
    "NO_AGENDA",
    "PHARMA_DETAILING",
    "PROJECTS",
    "ROADMAP",
    "ROADMAP_REMARKS",
    "SALES_PLAN_REMARKS",
    "SCHEDULE_REMARKS",
    "SEASON_REMARKS",
    "SEGMENT_ORDER",
    "STAGES_REACHED",
    "TASK_REMARKS",
    "TIME_REMARKS",
    "WEEK_REMARKS",
    "Agenda",
    "AllocationFactor",
    "Attainment",
    "Call",
    "CallSchedule",
    "Callee",
    "Capacity",
    "Cut",
    "CycleGoal",
    "CycleStanding",
    "DayPlan",
    "DayVisit",
    "Deviation",
    "FactorWeights",
    "FiveTest",
    "GapPlan",
    "Goal",
    "GoalBook",
    "GoalKind",
    "GoalMeasure",
    "GoalStage",
    "GoalStanding",
    "Hold",
    "Horizon",
    "Leeway",
    "Metric",
    "MonthPlan",
    "Obstacle",
    "OwnerKind",
    "Per",
    "Phase",
    "PlanProfile",
    "Priority",
    "ProductForecast",
    "Purpose",
    "Quota",
    "QuotaOwner",
    "Reading",
    "Roadmap",
    "RoadmapCheck",
    "RoadmapRow",
    "SalesPlan",
    "Scores",
    "SeasonShare",
    "Seasons",
    "SixQuestion",
    "StageCheck",
    "Standard",
    "StandardKind",
    "Stretch",
    "Task",
    "TimeEntry",
    "TimeLog",
    "TimeStep",
    "TimeWaster",
    "Unit",
    "Unplaced",
    "Verdict",
    "WeekPlan",
    "attainment",
    "call_capacity",
    "call_plan",
    "call_plans",
    "check_phase",
    "cycle_standing",
    "leeway",
    "measured",
    "or_not_applicable",
    "priority",
    "ranked",
    "reach",
    "reached",
    "reached_of",
    "rebalance",
    "seasons",
    "task_findings",
    "utilisation",
]

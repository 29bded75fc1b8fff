"""How properly: compliance, business notices, logs, and the four principles."""

from salesflow.conduct.actions import Action, Paper, Scope
from salesflow.conduct.adherence import *
from salesflow.conduct.admission import *
from salesflow.conduct.blockers import *
from salesflow.conduct.compliance import *
from salesflow.conduct.cover import *
from salesflow.conduct.deadlines import *
from salesflow.conduct.departments import *
from salesflow.conduct.foresight import *
from salesflow.conduct.issues import *
from salesflow.conduct.limits import *
from salesflow.conduct.log_checks import *
from salesflow.conduct.logs import DAILY_LIST, DAILY_SUMMARY, DailyLog, LogEntry, Problem
from salesflow.conduct.notice_trail import NOTICE, NoticeEvent, NoticeState
from salesflow.conduct.notices import *
from salesflow.conduct.policy import COMPLIANCE, Policy
from salesflow.conduct.practice import *
from salesflow.conduct.principles import *
from salesflow.conduct.rulings import Judgement, Ruling
from salesflow.conduct.separation import *
from salesflow.conduct.spot_check import *
from salesflow.conduct.vouchers import *
from salesflow.conduct.weekly import WEEKLY_REMARKS, WeeklyForm, handed_in, owing
from salesflow.conduct.weekly_analysis import *
from salesflow.conduct.weekly_filling import *
from salesflow.conduct.weekly_row import WEEKLY_COLUMNS, Choice, WeeklyRow

__all__ = [
    "ADMISSION_REMARKS",
    "COMPLIANCE",
    "COMPLIANCE_REMARKS",
    "DAILY_LIST",
    "DAILY_SUMMARY",
    "DEADLINE_REMARKS",
    "FORESEEN",
    "ISSUE_REMARKS",
    "LOG_REMARKS",
    "NOTICE",
    "NOTICE_REMARKS",
    "PRACTICE_REMARKS",
    "PREMORTEM_REMARKS",
    "PRINCIPLES",
    "RECURS_FROM",
    "SEPARATION_REMARKS",
    "VOUCHER_REMARKS",
    "WARNING_DAYS",
    "WEEKLY_COLUMNS",
    "WEEKLY_REMARKS",
    "Action",
    "Admission",
    "Assignment",
    "Choice",
    "DailyLog",
    "Deadline",
    "DepartmentLoad",
    "Difficulty",
    "Execution",
    "HelpItem",
    "HelpKind",
    "HelpRequest",
    "Issue",
    "IssueKind",
    "IssueReview",
    "Judgement",
    "Lateness",
    "Limit",
    "LogCoverage",
    "LogEntry",
    "MissedPlan",
    "Notice",
    "NoticeEvent",
    "NoticeState",
    "Paper",
    "PersonDay",
    "PlanAdherence",
    "Policy",
    "Practice",
    "Precaution",
    "Premortem",
    "Principle",
    "Problem",
    "Punctuality",
    "Rule",
    "RuleSet",
    "RuleSystem",
    "Ruling",
    "Scope",
    "SeenIssue",
    "SpotCheck",
    "Standard",
    "Tool",
    "Voucher",
    "VoucherCheck",
    "WeeklyAnalysis",
    "WeeklyForm",
    "WeeklyRow",
    "Window",
    "admitted",
    "check_vouchers",
    "counted",
    "deadlines_of",
    "deals_of",
    "gated",
    "handed_in",
    "help_requests",
    "in_force",
    "issue_review",
    "judge",
    "judge_all",
    "log_coverage",
    "log_findings",
    "near_date",
    "owing",
    "plan_adherence",
    "premortem",
    "say_do_show",
    "separation",
    "spot_check",
    "upcoming",
    "weekly_analysis",
    "weekly_form",
    "workload",
]

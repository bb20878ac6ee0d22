"""What looks wrong in a project's report: every check, the gravest first. Pure.

Nothing is refused by a check: it tells the manager and the controller what to look at. Deviations without a comment
are also refused where the report is saved; here they are found in what came by other doors.
"""

from __future__ import annotations

from tracker.followup.checks_facts import PeriodRules, ReportFacts
from tracker.followup.checks_money import money_findings
from tracker.followup.checks_status import not_reported, status_findings
from tracker.followup.checks_units import unit_slips
from tracker.followup.checks_words import Finding


def look(facts: ReportFacts, rules: PeriodRules) -> tuple[Finding, ...]:
    """Every finding on a project, the gravest first and else in the order of the checks."""
    findings = [
        *not_reported(facts, rules),
        *unit_slips(facts),
        *money_findings(facts, rules),
        *status_findings(facts, rules),
    ]
    return tuple(sorted(findings, key=lambda one: -one.severity.weight))
